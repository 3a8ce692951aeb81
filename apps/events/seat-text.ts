import type { Movement, Seat, SeatLedger } from './seat-ledger.js';

const STATES: readonly Seat['state'][] = ['HELD_SEAT', 'SUBMITTED', 'WAITLISTED', 'OFFERED', 'APPROVED', 'ATTENDED', 'NO_SHOW'];

/** As it lies in the database: its entries are one text, since of a busy event they are written with every handful of commands. */
export interface LyingLedger {
  capacity: number;
  nextOrder: number;
  movements: Record<string, Movement>;
  seats: string;
}

const short = (uuid: string) => Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url');

function long(text: string): string {
  const hex = Buffer.from(text, 'base64url').toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

const lines = new WeakMap<Seat, string>();

/** Written once, however often the ledger is. */
function lineOf(seat: Seat): string {
  const known = lines.get(seat);
  if (known) return known;
  const { id, organisation, persons, state, keeps, order, until, version } = seat;
  const fields = [short(id), short(organisation), persons.map(short).join(','), STATES.indexOf(state), keeps ? 1 : 0, order, version];
  const line = [...fields, until === null ? '' : Date.parse(until)].join(' ');
  lines.set(seat, line);
  return line;
}

function seatOf(line: string): Seat {
  const [id = '', organisation = '', persons = '', state = '', keeps, order, version, until = ''] = line.split(' ');
  const seat: Seat = {
    id: long(id),
    organisation: long(organisation),
    persons: persons.split(',').map(long),
    state: STATES[Number(state)] as Seat['state'],
    keeps: keeps === '1',
    order: Number(order),
    version: Number(version),
    until: until === '' ? null : new Date(Number(until)).toISOString(),
  };
  lines.set(seat, line);
  return seat;
}

const readBefore = new WeakMap<LyingLedger, SeatLedger>();

/** A ledger as the state of an aggregate: in memory it is the ledger, and it becomes text when it is written. */
export class KeptLedger {
  constructor(readonly ledger: SeatLedger) {}

  toBSON(): LyingLedger {
    const { capacity, nextOrder, movements, seats } = this.ledger;
    return { capacity, nextOrder, movements, seats: [...seats.values()].map(lineOf).join('\n') };
  }
}

/** The ledger in a state, as this process wrote it or as it was read. */
export function ledgerIn(state: KeptLedger | LyingLedger): SeatLedger {
  if (state instanceof KeptLedger) return state.ledger;
  const known = readBefore.get(state);
  if (known) return known;
  const { seats, ...rest } = state;
  const entries = seats === '' ? [] : seats.split('\n').map(seatOf);
  const ledger = { ...rest, seats: new Map(entries.map((seat) => [seat.id, seat])) };
  readBefore.set(state, ledger);
  return ledger;
}
