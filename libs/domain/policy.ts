import type { PolicyOwner, PolicyValue, PolicyView } from '#libs/contracts/policy';
import { enterpriseSizes, smeDefinition } from '#libs/reference/enterprise-sizes';
import {
  agreementRules,
  clusterCriteria,
  documentRules,
  exchangeRules,
  lumpSumTable,
  type Policy,
  partnershipRules,
} from '#libs/reference/policies';
import type { Context } from './decision.js';
import { sourceId } from './ids.js';

/** One version of a rule, as decisions read it. */
export type PolicyVersion = Pick<
  PolicyView,
  'id' | 'code' | 'owner' | 'no' | 'value' | 'unit' | 'validFrom' | 'validTo' | 'source' | 'confidence' | 'state'
>;

/** What is in force, for decisions: they get it as an argument, and stay pure. */
export interface Policies {
  /** The version that holds on a day for these calls and partnerships (their codes); the narrower owner wins, then the later beginning. */
  inForce(code: string, on: string, owners?: readonly string[]): PolicyVersion | undefined;
}

/** Widest first. */
const levels = ['SCHEME', 'CALL', 'PARTNERSHIP'];
const from = ({ validFrom }: { readonly validFrom: string | null }) => validFrom ?? '';

/** A later version of the same owner ends the one before it, from the day it begins. */
export function policiesOf(versions: readonly PolicyVersion[]): Policies {
  const byCode = Map.groupBy(
    versions.filter(({ state }) => state !== 'DRAFT'),
    ({ code }) => code,
  );
  return {
    inForce: (code, on, owners = []) =>
      (byCode.get(code) ?? [])
        .filter(({ owner }) => owner.level === 'SCHEME' || owners.includes(owner.code))
        .filter((each) => from(each) <= on && on <= (each.validTo ?? on))
        .toSorted((a, b) => levels.indexOf(b.owner.level) - levels.indexOf(a.owner.level) || (from(a) < from(b) ? 1 : -1))
        .at(0),
  };
}

export const policyKey = (code: string, owner: PolicyOwner, validFrom: string | null): string =>
  `policy:${owner.level}:${owner.code}:${code}:${validFrom ?? ''}`;

/** Whose versions a decision asks for; nobody excuses itself from what a programme demands of all. */
export const levelsOf = (code: string): readonly string[] => asked.get(code) ?? levels;

/** As the product brings it. */
export type BundledPolicy = PolicyVersion & { note: string | null; no: number };

const sizes: Policy = {
  code: 'SME_DEFINITION',
  value: {
    fields: { currency: smeDefinition.currency, consecutiveYears: smeDefinition.consecutiveYears, ...smeDefinition.shares },
    rows: enterpriseSizes.map(({ code, isSme, headcountBelow, turnoverUpTo, balanceSheetUpTo }) => ({
      ...{ code, isSme, headcountBelow, turnoverUpTo, balanceSheetUpTo },
    })),
  },
  unit: 'classes of enterprises, money in cents',
  origin: smeDefinition.source,
  confidence: 'STATED',
  validFrom: null,
  validTo: null,
  owner: { level: 'SCHEME', code: 'EU' },
  levels: ['SCHEME'],
};

const tariff: Policy = {
  code: lumpSumTable.code,
  value: { fields: { currency: lumpSumTable.currency }, rows: lumpSumTable.items.map((row) => ({ ...row })) },
  unit: lumpSumTable.unit,
  origin: lumpSumTable.source,
  // The words behind the code say why it is one: they are the note.
  confidence: lumpSumTable.confidence.split(':', 1)[0]!,
  note: lumpSumTable.confidence.slice(lumpSumTable.confidence.indexOf(':') + 1).trim(),
  validFrom: lumpSumTable.validFrom,
  validTo: lumpSumTable.validTo,
  owner: lumpSumTable.owner,
};

const all = [...exchangeRules, ...clusterCriteria, ...partnershipRules, ...agreementRules, ...documentRules, tariff, sizes];
const asked = new Map(all.flatMap(({ code, levels: own }) => (own ? [[code, own] as const] : [])));

const lineOf = ({ code, owner }: Policy) => `${owner.level}:${owner.code}:${code}`;

/** The first versions of the rules that the product brings; each is known by its rule, owner and first day. */
export const bundledPolicies: readonly BundledPolicy[] = [...Map.groupBy(all, lineOf).values()].flatMap((line) =>
  line.toSorted((a, b) => (from(a) < from(b) ? -1 : 1)).map((item, place) => versionOf(item, place + 1)),
);

function versionOf({ code, value, unit, origin, confidence, note, validFrom, validTo, owner }: Policy, no: number): BundledPolicy {
  return {
    id: sourceId(policyKey(code, owner as PolicyOwner, validFrom)),
    ...{ code, no, unit, validFrom, validTo, source: origin, note: note ?? null, state: 'IN_FORCE' },
    owner: owner as PolicyOwner,
    value: value as PolicyValue,
    confidence: confidence as PolicyVersion['confidence'],
  };
}

/** What the product brings, for whoever has no copy yet. */
export const bundled: Policies = policiesOf(bundledPolicies);

/** The version by which a decision is made; null: none is in force, and nothing is asked. */
export const policyFor = (
  code: string,
  { at, policies = bundled }: Pick<Context, 'at' | 'policies'>,
  owners: readonly string[] = [],
): PolicyVersion | null => policies.inForce(code, at.slice(0, 10), owners) ?? null;

/** What a verdict says of the version it stands on, so that the same can be judged again. */
export const explained = (policy: Pick<PolicyVersion, 'code' | 'id' | 'no' | 'owner'> | null) =>
  policy ? { policy: policy.code, policyVersion: { id: policy.id, no: policy.no }, owner: policy.owner } : { policy: null };
