import { describe, expect, it } from '@jest/globals';
import type { PolicyOwner } from '#libs/contracts/policy';
import { sourceId } from '#libs/domain/ids';
import { aPolicy, policiesWith } from '#libs/testing/policies';
import { blankVersion } from './document.js';
import { blank, type Partnership } from './partnership.js';
import type { Policy } from './policy.js';
import { comparison, type Decided } from './policy-comparison.js';

const at = '2026-06-15T10:00:00.000Z';
const CALL = 'COS-CLUSINT-2016-03-01';
async function* each<T>(...all: T[]): AsyncGenerator<T> {
  yield* all;
}
const strategy = (code: string, markets: number) => ({
  ...{ id: sourceId(`${code}:strategy`), name: `Strategy of ${code}`, owners: [code, CALL] },
  version: {
    ...{ ...blankVersion, no: 1, authors: [], state: 'APPROVED' },
    parts: { priorityMarkets: ['US', 'CA', 'CN', 'JP', 'KR'].slice(0, markets).map((country) => ({ country, text: null })) },
  },
});
const begun = (code: string, countries: string[]) => ({
  ...{ id: sourceId(code), name: code, owners: [code, CALL] },
  before: { ...blank, code, call: CALL, programme: 'ESCP-4I', state: 'PREPARATION' } as unknown as Partnership,
  partners: countries.map((country) => ({ cluster: sourceId(`${code}:${country}`), country })),
});
const decided: Decided = {
  clusters: () => each(),
  organisations: () => each(),
  documents: () => each(strategy('DIA', 4), strategy('PIMAP', 5)),
  partnerships: () => each(begun('DIA', ['SE', 'ES', 'FR', 'IT']), begun('PIMAP', ['FR', 'DE', 'PT'])),
};
const compared = async (code: string, value: number, owner: PolicyOwner, ...inForce: ReturnType<typeof aPolicy>[]) => {
  const draft = { ...aPolicy(code, value, owner), state: 'DRAFT', no: null } as unknown as Policy & { id: string };
  const { decisions, judged } = await comparison(draft, policiesWith(...inForce), decided, at);
  return { decisions, judged: judged.map(({ resource, name, before, after }) => [resource, name, before, after]) };
};
const scheme: PolicyOwner = { level: 'SCHEME', code: 'ESCP' };

describe('A comparison', () => {
  it('tells whose strategy has more markets than would be allowed, of the partnership that would set it', async () => {
    const ofDia: PolicyOwner = { level: 'PARTNERSHIP', code: 'DIA' };
    const [four, promised] = [aPolicy('MAX_PRIORITY_MARKETS', 4, ofDia), [['documents', 'Strategy of DIA', 'APPROVED', 'REFUSED']]];
    expect(await compared('MAX_PRIORITY_MARKETS', 3, ofDia, four)).toEqual({ decisions: 1, judged: promised });
    expect(await compared('MAX_PRIORITY_MARKETS', 6, ofDia, four)).toEqual({ decisions: 1, judged: [] });
  });

  it('leaves to a narrower owner what it says otherwise', async () => {
    const four = aPolicy('MAX_PRIORITY_MARKETS', 4, { level: 'PARTNERSHIP', code: 'DIA' });
    expect(await compared('MAX_PRIORITY_MARKETS', 3, scheme, four)).toEqual({
      decisions: 2,
      judged: [['documents', 'Strategy of PIMAP', 'APPROVED', 'REFUSED']],
    });
  });

  it('tells which partnerships would not have begun, of a call or of all', async () => {
    const refused = ['partnerships', 'PIMAP', 'BEGINS', 'REFUSED'];
    expect(await compared('PARTNERSHIP_MIN_PARTNERS', 4, scheme)).toEqual({ decisions: 2, judged: [refused] });
    expect(await compared('PARTNERSHIP_MIN_COUNTRIES', 4, { level: 'CALL', code: CALL })).toEqual({ decisions: 2, judged: [refused] });
    expect(await compared('PARTNERSHIP_MIN_PARTNERS', 4, { level: 'CALL', code: 'COS-NEW' })).toEqual({ decisions: 0, judged: [] });
  });
});
