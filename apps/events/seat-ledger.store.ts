import { Injectable } from '@nestjs/common';
import { Registration, type RegistrationView } from '#libs/contracts/registration';
import { SeatLedger as Contract } from '#libs/contracts/seat-ledger';
import type { Stamp } from '#libs/contracts/values';
import type { KeptRecord } from '#libs/domain/decision';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import { Together } from '#libs/service/together';
import { freeOf, termsOf } from './seat-ledger.js';
import { type KeptLedger, type LyingLedger, ledgerIn } from './seat-text.js';

export type LedgerState = KeptLedger | LyingLedger;

/** The seats of each event under its id, and the registrations that follow from them. */
@Injectable()
export class SeatLedgerStore extends Store<LedgerState> {
  private readonly found = new Together(async (ids) => present((await this.records?.load(ids)) ?? new Map()));

  constructor(house: House) {
    super(house, Contract.contract, {
      keeps: {
        contract: Registration.contract,
        versionOf: (state, id) => (state && ledgerIn(state).seats.get(id)?.version) ?? null,
      },
    });
  }

  /** Whose registration it is, and who stands in it; null: there is none. */
  async registration(id: string): Promise<Pick<RegistrationView, 'organisation' | 'persons'> | null> {
    const known = this.records?.cached(id) ?? (await this.found.get(id));
    return (known?.view as RegistrationView | undefined) ?? null;
  }

  override view(state: LedgerState, stamp: Stamp): unknown {
    const ledger = ledgerIn(state);
    const terms = termsOf(ledger);
    const movements = Object.entries(ledger.movements).map(([movement, sums]) => ({ movement, ...sums }));
    return this.contract.view.parse({ ...stamp, ...terms, free: freeOf(terms), movements });
  }
}

const present = (found: ReadonlyMap<string, KeptRecord | null>) =>
  new Map([...found].flatMap(([id, record]) => (record ? [[id, record] as const] : [])));
