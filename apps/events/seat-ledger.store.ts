import { Injectable } from '@nestjs/common';
import type { RegistrationView } from '#libs/contracts/registration';
import { SeatLedger as Contract } from '#libs/contracts/seat-ledger';
import type { Stamp } from '#libs/contracts/values';
import type { KeptRecord } from '#libs/domain/decision';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import { Together } from '#libs/service/together';
import type { Attendance } from './event-moves.js';
import { OPEN } from './seat-ledger.js';
import { type LedgerState, registrations, shownLedger } from './seat-records.js';
import { ledgerIn } from './seat-text.js';

/** The seats of each event under its id, and the registrations that follow from them. */
@Injectable()
export class SeatLedgerStore extends Store<LedgerState> {
  private readonly found = new Together(async (ids) => present((await this.records?.load(ids)) ?? new Map()));

  constructor(house: House) {
    super(house, Contract.contract, {
      keeps: registrations,
    });
  }

  /** Whose registration it is, and who stands in it; null: there is none. */
  async registration(id: string): Promise<Pick<RegistrationView, 'organisation' | 'persons'> | null> {
    const known = this.records?.cached(id) ?? (await this.found.get(id));
    return (known?.view as RegistrationView | undefined) ?? null;
  }

  /** Registrations that hold something of a person beside its id, or a seat of its own, by event. */
  async holding(person: string, account: string | null, event?: string): Promise<Map<string, string[]>> {
    const held = [
      { 'state.answers': { $ne: null } },
      { 'state.reason': { $ne: null } },
      { 'state.persons': { $size: 1 }, 'state.state': { $in: [...OPEN] } },
      ...(account === null ? [] : [{ 'state.accounts': account }]),
    ];
    const found = (await this.records?.where({ 'state.persons': person, $or: held, ...(event && { 'state.event': event }) })) ?? [];
    const byEvent = Map.groupBy(found, ({ view }) => String(view.event));
    return new Map([...byEvent].map(([id, all]) => [id, all.map((each) => each.id)]));
  }

  /** Of how many persons with a seat it is said whether they were there. */
  async attendance(event: string): Promise<Attendance> {
    const found = await this.get(event);
    const seats = found ? [...ledgerIn(found.state).seats.values()] : [];
    const of = (which: string) => seats.reduce((sum, { state, persons }) => sum + (state === which ? persons.length : 0), 0);
    return { attended: of('ATTENDED'), noShows: of('NO_SHOW'), unmarked: of('APPROVED') };
  }

  override view(state: LedgerState, stamp: Stamp): unknown {
    return shownLedger(state, stamp);
  }
}

const present = (found: ReadonlyMap<string, KeptRecord | null>) =>
  new Map([...found].flatMap(([id, record]) => (record ? [[id, record] as const] : [])));
