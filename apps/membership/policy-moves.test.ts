import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Actor, system } from '#libs/contracts/actor';
import type { PolicyDraft } from '#libs/contracts/policy';
import type { Context } from '#libs/domain/decision';
import { sourceId } from '#libs/domain/ids';
import { bundledPolicies, policiesOf } from '#libs/domain/policy';
import { failedRules } from '#libs/domain/verdict';
import type { Policy } from './policy.js';
import { beginPolicy, changePolicy, draftPolicy, enactPolicy, supersedePolicy, type Version } from './policy-moves.js';

const at = '2026-06-15T10:00:00.000Z';
const dia = sourceId('DIA');
const as = (role: string, partnership?: string): Context => {
  const binding = partnership ? { kind: 'PARTNERSHIP' as const, id: partnership } : null;
  const by: Actor = { kind: 'CLIENT', id: 'c', roles: [{ role, binding }], scopes: [], at };
  return { id: sourceId('draft'), at, message: 'm', by };
};
const platform = as('PLATFORM_ADMIN');
const product: Context = { ...platform, by: system('membership', at) };

const said: PolicyDraft = {
  ...{ code: 'CLUSTER_MIN_MEMBERS', level: 'SCHEME', owner: 'ECCP', value: 20 },
  ...{ validFrom: '2026-01-01', source: 'ECCP', confidence: 'STATED' },
};
const ofDia: PolicyDraft = { ...said, code: 'MAX_PRIORITY_MARKETS', level: 'PARTNERSHIP', owner: undefined, partnership: dia };
const drafted = (draft: Partial<PolicyDraft> = {}, context = platform): Policy =>
  draftPolicy(null)(null, { ...said, ...draft }, context).next;
const first: Version = { id: sourceId('first'), no: 1, state: 'IN_FORCE', validFrom: null, validTo: null };

describe('Drafting a version of a rule', () => {
  it('begins as a draft of nobody but who writes it', () => {
    const { next, facts } = draftPolicy(null)(null, said, platform);
    expect(next).toMatchObject({ state: 'DRAFT', no: null, owner: { level: 'SCHEME', code: 'ECCP' }, partnership: null });
    expect(facts[0]?.data).not.toHaveProperty('value');
  });

  it.each<[string, Partial<PolicyDraft>, string]>([
    ['a rule nobody reads', { code: 'MIN_HAPPINESS' }, 'POLICY.CODE.KNOWN'],
    ['a text for a number', { value: 'twenty' }, 'POLICY.VALUE.SHAPE'],
    ['a table for a number', { value: { fields: {}, rows: [{ country: 'FI' }] } }, 'POLICY.VALUE.SHAPE'],
    ['no value for what an event needs', { code: 'EVENT_SEATS_HOLD_MINUTES', value: null }, 'POLICY.VALUE.SHAPE'],
    ['a value beyond what may be', { code: 'EVENT_SEATS_HOLD_MINUTES', value: 0 }, 'POLICY.VALUE.SHAPE'],
    ['a word the rule does not know', { code: 'EVENT_MEETINGS_REQUESTS', value: 'MAYBE' }, 'POLICY.VALUE.SHAPE'],
    ['a text for a limit there is none of', { code: 'EVENT_MEETINGS_PER_PERSON', value: 'many' }, 'POLICY.VALUE.SHAPE'],
    ['an end before its beginning', { validTo: '2025-12-31' }, 'POLICY.PERIOD.ORDER'],
    ['no owner', { owner: undefined }, 'POLICY.OWNER.NAMED'],
    ['a partnership beside a scheme', { partnership: dia }, 'POLICY.OWNER.NAMED'],
  ])('is refused with %s', (_, draft, code) => {
    expect(failedRules(() => drafted(draft))).toEqual([code]);
  });

  it('of what a programme asks is no partnership’s', () => {
    const own = { ...ofDia, code: 'PARTNERSHIP_MIN_PARTNERS', value: 1 };
    expect(failedRules(() => draftPolicy('DIA')(null, own, platform))).toEqual(['POLICY.OWNER.ASKED']);
    expect(drafted({ ...own, level: 'CALL', owner: 'COS-NEW', partnership: undefined }).value).toBe(1);
  });

  it('takes a limit away, and takes a tariff with the columns it has', () => {
    expect(drafted({ value: null }).value).toBeNull();
    const { value } = bundledPolicies.find(({ code }) => code === 'LUMP_SUM_TABLE')!;
    expect(failedRules(() => drafted({ code: 'LUMP_SUM_TABLE', value }))).toEqual([]);
  });

  it('is the platform’s, and of a partnership its coordinator’s', () => {
    expect(failedRules(() => drafted({}, as('PARTNERSHIP_COORDINATOR', dia)))).toEqual(['POLICY.DRAFT.ACTOR']);
    const draft = (context: Context) => () => draftPolicy('DIA')(null, ofDia, context);
    expect(draft(as('PARTNERSHIP_COORDINATOR', dia))().next.owner).toEqual({ level: 'PARTNERSHIP', code: 'DIA' });
    expect(failedRules(draft(as('PARTNERSHIP_COORDINATOR', sourceId('PIMAP'))))).toEqual(['POLICY.DRAFT.ACTOR']);
    expect(failedRules(draft(as('CLUSTER_MANAGER')))).toEqual(['POLICY.DRAFT.ACTOR']);
  });
});

describe('A version in force', () => {
  it('is never edited', () => {
    const { next } = enactPolicy([])(drafted(), {}, platform);
    expect(failedRules(() => changePolicy(next, { value: 30 }, platform))).toEqual(['POLICY.CHANGE.STATE']);
    expect(changePolicy(drafted(), { value: 30 }, platform).next.value).toBe(30);
  });

  it('needs its first day, source and confidence', () => {
    const bare = drafted({ validFrom: null, source: null, confidence: null });
    expect(failedRules(() => enactPolicy([])(bare, {}, platform))).toEqual(['POLICY.ENACT.COMPLETE']);
  });

  it('gets the next number, and ends what held until then', () => {
    const { next, sends, due } = enactPolicy([first])(drafted(), {}, platform);
    expect(next).toMatchObject({ state: 'IN_FORCE', no: 2, line: 'SCHEME:ECCP:CLUSTER_MIN_MEMBERS#2', enactedAt: at });
    expect(sends).toMatchObject([{ key: first.id, data: { on: '2026-01-01' } }]);
    expect(due).toBeNull();
  });

  it('that begins later leaves what holds until its day has come', () => {
    const { next, sends, due } = enactPolicy([first])(drafted({ validFrom: '2026-07-01', validTo: '2026-12-31' }), {}, platform);
    expect(sends).toEqual([]);
    expect(due).toMatchObject({ at: '2026-07-01T00:00:00.000Z', command: { type: 'policy.begin.v1' } });
    const begun = beginPolicy([first])(next, {}, { ...product, at: '2026-07-01T00:00:01.000Z' });
    expect(begun.sends).toMatchObject([{ key: first.id, data: { on: '2026-07-01' } }]);
    expect(begun.due).toMatchObject({ at: '2027-01-01T00:00:00.000Z', command: { type: 'policy.supersede.v1' } });
  });

  it.each<[string, Version]>([
    ['ends on its first day', { ...first, validTo: '2026-01-01' }],
    ['begins on the same day', { ...first, validFrom: '2026-01-01' }],
    ['begins while it would hold', { ...first, validFrom: '2026-03-01' }],
  ])('does not meet one that %s', (_, other) => {
    expect(failedRules(() => enactPolicy([other])(drafted(), {}, platform))).toEqual(['POLICY.ENACT.OVERLAP']);
  });

  it('ends on a day that has come, the day before being its last', () => {
    const { next } = enactPolicy([])(drafted(), {}, platform);
    expect(supersedePolicy(next, {}, platform).next).toMatchObject({ state: 'SUPERSEDED', validTo: '2026-06-14' });
    expect(failedRules(() => supersedePolicy(next, { on: '2026-06-16' }, platform))).toEqual(['POLICY.SUPERSEDE.DAY']);
    expect(failedRules(() => supersedePolicy(next, { on: '2026-01-01' }, platform))).toEqual(['POLICY.SUPERSEDE.DAY']);
    expect(failedRules(() => supersedePolicy(next, {}, as('CLUSTER_MANAGER')))).toEqual(['POLICY.SUPERSEDE.ACTOR']);
  });

  it('never holds on the same day as another of its rule and owner, in whatever order they come', () => {
    const day = fc
      .integer({ min: 0, max: 400 })
      .map((days) => new Date(Date.UTC(2025, 6, 1) + days * 86_400_000).toISOString().slice(0, 10));
    const drafts = fc.array(fc.tuple(day, fc.option(day)), { maxLength: 8 });
    fc.assert(
      fc.property(drafts, (periods) => {
        const line: (Policy & { id: string })[] = [];
        periods.forEach(([validFrom, validTo], index) => {
          const id = sourceId(`v${index}`);
          const context = { ...platform, id };
          if (failedRules(() => drafted({ validFrom, validTo })).length > 0) return;
          const enact = () => enactPolicy(line)(drafted({ validFrom, validTo }), {}, context);
          if (failedRules(enact).length > 0) return;
          const { next, sends = [], due } = enact();
          // Days pass: what begins later has begun.
          const began = due?.command.type === 'policy.begin.v1' ? beginPolicy(line)(next, {}, product).sends : [];
          for (const { key, data } of [...sends, ...(began ?? [])]) {
            const place = line.findIndex((each) => each.id === key);
            const later = { ...product, at: '2027-12-31T00:00:00.000Z' };
            line[place] = { ...supersedePolicy(line[place]!, data as { on?: string }, later).next, id: key };
          }
          line.push({ ...next, id });
        });
        const holds = (policy: Policy, on: string) => (policy.validFrom ?? '') <= on && on <= (policy.validTo ?? '9999');
        for (let days = 0; days < 420; days += 1) {
          const on = new Date(Date.UTC(2025, 6, 1) + days * 86_400_000).toISOString().slice(0, 10);
          const holding = line.filter((each) => holds(each, on));
          expect(holding.length).toBeLessThanOrEqual(1);
          expect(policiesOf(line).inForce('CLUSTER_MIN_MEMBERS', on)?.id).toBe(holding[0]?.id);
        }
        expect(new Set(line.map((each) => each.line)).size).toBe(line.length);
      }),
      { numRuns: 60 },
    );
  });
});

describe('What is in force', () => {
  it('is what the product brings, until something else is', () => {
    const policies = policiesOf(bundledPolicies);
    expect(policies.inForce('CLUSTER_MIN_MEMBERS', '2026-01-01')).toMatchObject({ value: 15, no: 1 });
    expect(new Set(bundledPolicies.map(({ id }) => id)).size).toBe(bundledPolicies.length);
  });

  it('is the narrower owner’s, whenever that began', () => {
    const version = bundledPolicies.find(({ code }) => code === 'CLUSTER_MIN_MEMBERS')!;
    const narrower = { ...version, id: dia, value: 5, owner: { level: 'PARTNERSHIP' as const, code: 'DIA' } };
    const policies = policiesOf([narrower, version, { ...narrower, state: 'DRAFT', value: 1 }]);
    expect(policies.inForce('CLUSTER_MIN_MEMBERS', '2026-01-01')?.value).toBe(15);
    expect(policies.inForce('CLUSTER_MIN_MEMBERS', '2026-01-01', ['DIA'])?.value).toBe(5);
  });
});
