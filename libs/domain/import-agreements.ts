import type { AgreementRecord } from '#libs/contracts/agreement';
import type { PartnershipFile } from '#libs/contracts/partnership-file';
import { findCountry } from '#libs/reference/countries';
import { codeAt } from './file-codes.js';
import { sourceId } from './ids.js';
import type { Item } from './import-plan.js';
import { fold } from './text.js';

/** Memoranda of a file as agreements of the partnership with somebody from outside: known by whom they are made with. */
export function plannedAgreements({ code, mous }: PartnershipFile, partnership: string): Item<AgreementRecord>[] {
  const keys: string[] = [];
  return (mous ?? []).map(({ party, country, status }) => {
    const of = country && (findCountry(country) ?? country);
    const plain = `${code}:mou:${of ?? ''}:${fold(party)}`;
    // Who is named a second time has another agreement.
    const count = keys.filter((key) => key === plain).length;
    keys.push(plain);
    const sourceKey = count === 0 ? plain : `${plain}:${count + 1}`;
    const id = sourceId(sourceKey);
    const parties: AgreementRecord['parties'] = [
      { id: partnership, kind: 'PARTNERSHIP', name: null, country: null },
      { id: outsidePartyId(id, party, of), kind: 'OUTSIDE', name: party, country: of },
    ];
    const state = status ? codeAt('/mous/*/status', status) : 'PROSPECT';
    return { sourceKey, id, data: { partnership, kind: 'MOU', state, parties, sourceKey } };
  });
}

/** A party from outside has no record: within its agreement it is known by name and country. */
export const outsidePartyId = (agreement: string, name: string, country: string | null): string =>
  sourceId(`party:${agreement}:${country}:${fold(name)}`);
