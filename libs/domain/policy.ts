import type { PolicyOwner, PolicyValue, PolicyView } from '#libs/contracts/policy';
import { cosmeCountries, cosmeList } from '#libs/reference/countries';
import { enterpriseSizes, smeDefinition } from '#libs/reference/enterprise-sizes';
import {
  agreementRules,
  clusterCriteria,
  documentRules,
  eventRules,
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

/** Widest first: the narrower owner wins. */
export const levels: readonly string[] = ['SCHEME', 'CALL', 'PARTNERSHIP'];
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

/** What a value may be, beside its kind. */
export const boundsOf = (code: string): Pick<Policy, 'reads' | 'needed' | 'choices' | 'least' | 'most'> => bounds.get(code) ?? {};

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

/** Every call of the period has the list, whatever the date; what is done under none has it in its time. */
const countries: readonly Policy[] = [
  { level: 'SCHEME', code: 'COSME', validFrom: cosmeList.validFrom, validTo: cosmeList.validTo },
  ...cosmeList.calls.map((code) => ({ level: 'CALL', code, validFrom: null, validTo: null })),
].map(({ level, code, validFrom, validTo }) => ({
  code: 'COSME_COUNTRIES',
  value: {
    fields: {},
    rows: cosmeCountries.map(({ code: country, name, status, eligible, memberStateUntil = null, policy = null }) => ({
      ...{ country, name, status, eligible, memberStateUntil, policy },
    })),
  },
  unit: 'countries of ISO 3166-1; eligible null: the rule that is named decides',
  origin: cosmeList.source,
  confidence: 'STATED',
  ...{ validFrom, validTo, owner: { level, code }, levels: ['SCHEME', 'CALL'] },
}));

const all = [
  ...[...exchangeRules, ...clusterCriteria, ...partnershipRules, ...agreementRules, ...documentRules, ...eventRules],
  ...[tariff, sizes, ...countries],
];
const asked = new Map(all.flatMap(({ code, levels: own }) => (own ? [[code, own] as const] : [])));

const bounds = new Map(all.map((each) => [each.code, each]));

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

/** What is or was in force, and of what the product brings that which is not known yet. */
export function withBundled(enacted: readonly PolicyVersion[]): Policies {
  const ids = new Set(enacted.map(({ id }) => id));
  return policiesOf([...enacted, ...bundledPolicies.filter(({ id }) => !ids.has(id))]);
}

/** The version by which a decision is made; null: none is in force, and nothing is asked. */
export const policyFor = (
  code: string,
  { at, policies = bundled }: Pick<Context, 'at' | 'policies'>,
  owners: readonly string[] = [],
): PolicyVersion | null => policies.inForce(code, at.slice(0, 10), owners) ?? null;

/** What a verdict says of the version it stands on, so that the same can be judged again. */
export const explained = (policy: Pick<PolicyVersion, 'code' | 'id' | 'no' | 'owner'> | null) =>
  policy ? { policy: policy.code, policyVersion: { id: policy.id, no: policy.no }, owner: policy.owner } : { policy: null };
