import * as contract from '#libs/contracts/registration';
import { SeatLedgerView, SettleSeats } from '#libs/contracts/seat-ledger';
import type { Stamp } from '#libs/contracts/values';
import { type Context, type Decision, type RecordChange, unchanged } from '#libs/domain/decision';
import type { Verdict } from '#libs/domain/verdict';
import { waitsFor } from '#libs/domain/waiting-list';
import type { Keeping } from '#libs/persistence/kept-records';
import type { Setting } from './registration-setting.js';
import { freeOf, noSeats, type Seat, SeatBook, type SeatChange, termsOf } from './seat-ledger.js';
import { KeptLedger, type LyingLedger, ledgerIn } from './seat-text.js';

export type LedgerState = KeptLedger | LyingLedger;

/** Of each entry the ledger says at which version its registration is. */
export const registrations: Keeping<LedgerState> = {
  contract: contract.Registration.contract,
  versionOf: (state, id) => (state && ledgerIn(state).seats.get(id)?.version) ?? null,
};

/** What everybody may know of the seats. */
export function shownLedger(state: LedgerState, stamp: Stamp): SeatLedgerView {
  const ledger = ledgerIn(state);
  const terms = termsOf(ledger);
  const movements = Object.entries(ledger.movements).map(([movement, sums]) => ({ movement, ...sums }));
  return SeatLedgerView.parse({ ...stamp, ...terms, free: freeOf(terms), movements });
}

/** What the command itself says of its registration, beside what follows from the seats. */
export type Own = Partial<Omit<contract.RegistrationView, 'id' | 'version' | 'updatedAt'>>;

/** By what has happened to a seat: the fact about its registration, and the state of one that has left. */
const told: Record<string, { fact: (typeof contract)['Registered']; state?: string }> = {
  HOLD: { fact: contract.SeatsHeld },
  SUBMIT: { fact: contract.Registered },
  ADMIT: { fact: contract.Registered },
  WAIT: { fact: contract.Registered },
  WAITLIST: { fact: contract.RegistrationWaitlisted },
  APPROVE: { fact: contract.RegistrationApproved },
  ADMIT_NEXT: { fact: contract.RegistrationApproved },
  OFFER: { fact: contract.SeatOffered },
  ACCEPT: { fact: contract.OfferAccepted },
  LAPSE: { fact: contract.OfferLapsed },
  TRANSFER: { fact: contract.SeatTransferred },
  ATTENDED: { fact: contract.Attended },
  NO_SHOW: { fact: contract.NotShown },
  TOUCH: { fact: contract.RegistrationForgotten },
  CANCEL: { fact: contract.RegistrationCancelled, state: 'CANCELLED' },
  EXPIRE: { fact: contract.RegistrationCancelled, state: 'CANCELLED' },
  REJECT: { fact: contract.RegistrationRejected, state: 'REJECTED' },
};

export const bookOf = (state: LedgerState | null, { admission }: Setting, at: string) =>
  new SeatBook(state ? ledgerIn(state) : noSeats, admission, at);

/** What became of the seats, with the registrations that follow from it. */
export function carriedOut(
  state: LedgerState | null,
  book: SeatBook,
  { id: event, records }: Context,
  own: Map<string, Own>,
  verdicts: Verdict[],
): Decision<LedgerState> {
  const { ledger, dueAt } = book;
  const due = dueAt === null ? null : { at: dueAt, command: SettleSeats };
  const before = state ? ledgerIn(state) : noSeats;
  if (state && book.changed.length === 0 && ledger.capacity === before.capacity) return { ...unchanged(state, verdicts), due };
  const now = new Map<string, Own>();
  const changes = book.changed.map((change): RecordChange => {
    const stood = now.get(change.id) ?? (change.version > 1 ? (records?.get(change.id)?.view as Own | undefined) : undefined) ?? {};
    const isLast = book.changed.findLast(({ id }) => id === change.id) === change;
    const next = { ...stood, ...(isLast || change.version === 1 ? own.get(change.id) : {}), ...follows(change, event, book) };
    now.set(change.id, next);
    const { fact } = told[change.by]!;
    return {
      id: change.id,
      version: change.version,
      state: next,
      facts: [fact.of({ ...next, id: change.id, seats: next.persons?.length })],
    };
  });
  return { next: new KeptLedger(ledger), facts: [], verdicts, records: changes, due };
}

/** What a registration says that its seat decides. */
function follows({ by, seat, before }: SeatChange, event: string, book: SeatBook): Own {
  const { organisation, persons, order, state } = (seat ?? before) as Seat;
  return {
    event,
    organisation,
    persons: [...persons],
    order,
    state: told[by]?.state ?? state,
    until: seat?.until ?? null,
    ...waits(seat, book),
  };
}

/** Where it stands on the list and why, by the time it was decided; who asks later is told by who waits then. */
function waits(seat: Seat | null, book: SeatBook): Pick<Own, 'position' | 'waitsFor'> {
  const position = seat ? book.positionOf(seat.id) : null;
  return { position, waitsFor: position === null ? null : waitsFor(seat!.persons.length, book.free) };
}
