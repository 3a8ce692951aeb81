import { PLACES, type PolicyComparison, type PolicyJudged } from '#libs/contracts/policy';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { levels, type Policies, type PolicyVersion } from '#libs/domain/policy';
import { sizeClass, sizeDefinition } from '#libs/domain/size-class';
import { evaluate, failed, judge, passed, rule } from '#libs/domain/verdict';
import type { Cluster } from './cluster.js';
import { validationCriteria } from './cluster-criteria.js';
import type { Version } from './document.js';
import { marketsFound } from './document-rules.js';
import type { Narrower } from './narrower.js';
import type { Organisation } from './organisation.js';
import type { Partnership } from './partnership.js';
import { enoughCountries, enoughPartners, type Partner } from './partnership-phases.js';
import type { Policy } from './policy.js';
import { rolesOf } from './policy-rules.js';

const authors = rule(
  'POLICY.COMPARE.ACTOR',
  ({ before, by }: { before: Policy } & Pick<Context, 'by'>) => {
    const roles = rolesOf(before, by);
    return roles.some((role) => ['PLATFORM_ADMIN', 'PARTNERSHIP_COORDINATOR'].includes(role))
      ? passed('The comparison is yours to see.', { roles })
      : failed('A draft is compared by those who may put it in force.', { roles });
  },
  { kind: 'NOT_YOURS' },
);

export function mayCompare(policy: Policy | null, _: object, { by }: Context): Decision<Policy> {
  const before = policy as Policy;
  return unchanged(before, judge([authors], { before, by }));
}

/** Those on whom the rules of this service were decided. */
export interface Decided {
  clusters(): AsyncIterable<Cluster & { id: string }>;
  organisations(): AsyncIterable<Organisation & { id: string }>;
  /** Of partnerships, with a version that was approved. */
  documents(): AsyncIterable<DecidedDocument>;
  /** That have begun, with the clusters that belong to them now. */
  partnerships(): AsyncIterable<DecidedPartnership>;
}

interface Owned {
  id: string;
  name: string;
  /** Codes of those who may say otherwise than the scheme for it. */
  owners: Narrower;
}
export type DecidedDocument = Owned & { version: Version };
export type DecidedPartnership = Owned & { before: Partnership; partners: readonly Partner[] };

/** What a rule comes to for one of them, in a word and a sentence. */
interface Came {
  result: string;
  why: string;
}

interface Judging {
  resource: string;
  all(decided: Decided): AsyncIterable<{ id: string; name: string; owners?: Narrower }>;
  judge(one: never, policies: Policies, context: Context): Came;
}

/** Every criterion together: a waiver may take the place of some. */
const ofClusters: Judging = {
  resource: 'clusters',
  all: (decided) => decided.clusters(),
  judge: (before: Cluster, policies, context) => {
    const verdicts = evaluate(validationCriteria, { before, data: {}, context: { ...context, policies }, targets: [] });
    const not = verdicts.filter(({ outcome }) => outcome === 'FAILED');
    return {
      result: not.length === 0 ? 'VALIDATED' : 'REFUSED',
      why: not.map(({ message }) => message).join(' ') || 'Every criterion is met.',
    };
  },
};

const ofOrganisations: Judging = {
  resource: 'organisations',
  all: (decided) => decided.organisations(),
  judge: ({ size }: Organisation, policies, { at }) => {
    const { value, isSme, verdict } = sizeClass(size, sizeDefinition(at.slice(0, 10), policies));
    return { result: value ?? (isSme === null ? 'UNDECIDED' : isSme ? 'SME' : 'NO_SME'), why: verdict.message };
  },
};

const ofDocuments: Judging = {
  resource: 'documents',
  all: (decided) => decided.documents(),
  judge: ({ version, owners }: DecidedDocument, policies, context) => {
    const { outcome, message } = marketsFound(version, owners, { ...context, policies });
    return { result: outcome === 'FAILED' ? 'REFUSED' : 'APPROVED', why: message };
  },
};

/** By how many clusters of how many countries they may begin. */
const ofPartnerships: Judging = {
  resource: 'partnerships',
  all: (decided) => decided.partnerships(),
  judge: ({ before, partners }: DecidedPartnership, policies, context) => {
    const rules = [enoughPartners(partners), enoughCountries(partners)];
    const not = evaluate(rules, { before, data: {}, context: { ...context, policies }, targets: [] }).filter(
      ({ outcome }) => outcome === 'FAILED',
    );
    return { result: not.length === 0 ? 'BEGINS' : 'REFUSED', why: not.map(({ message }) => message).join(' ') || 'There are enough.' };
  },
};

/** Who was judged by a rule, by its code; by all others nobody has been yet. */
const judgedBy: Readonly<Record<string, Judging>> = {
  CLUSTER_MIN_FTE: ofClusters,
  CLUSTER_MIN_MEMBERS: ofClusters,
  CLUSTER_MIN_MEMBER_TYPES: ofClusters,
  CLUSTER_WEBSITE_LANGUAGE: ofClusters,
  SME_DEFINITION: ofOrganisations,
  MAX_PRIORITY_MARKETS: ofDocuments,
  PARTNERSHIP_MIN_PARTNERS: ofPartnerships,
  PARTNERSHIP_MIN_COUNTRIES: ofPartnerships,
};

/** Past decisions, judged anew by what is in force and by what would be; only those are told that come out otherwise. */
export async function comparison(
  policy: Policy & { id: string },
  policies: Policies,
  decided: Decided,
  at: string,
): Promise<PolicyComparison> {
  const { id, code, owner, value } = policy;
  const day = at.slice(0, 10);
  const now = policies.inForce(code, day, [owner.code]);
  const judging = judgedBy[code];
  const told: PolicyJudged[] = [];
  let decisions = 0;
  let otherwise = 0;
  const context = { id, at, by: { kind: 'SYSTEM', id: 'comparison', roles: [], scopes: [], at }, message: id } as Context;
  for await (const one of judging?.all(decided) ?? []) {
    if (owner.level !== 'SCHEME' && !one.owners?.includes(owner.code)) continue;
    const [before, after] = [policies, instead(policies, policy)].map((each) => judging!.judge(one as never, each, context)) as [
      Came,
      Came,
    ];
    decisions += 1;
    if (before.result === after.result) continue;
    otherwise += 1;
    if (told.length < PLACES)
      told.push({ resource: judging!.resource, id: one.id, name: one.name, before: before.result, after: after.result, why: after.why });
  }
  const inForce = now ? { id: now.id, no: now.no, value: now.value } : null;
  return { policy: id, code, inForce, value, decisions, otherwise, judged: told };
}

/** What would be in force with this version instead of the one that is; what a narrower owner says goes on. */
const instead = (policies: Policies, version: PolicyVersion): Policies => ({
  inForce: (code, on, owners = []) => {
    const now = policies.inForce(code, on, owners);
    const concerns = code === version.code && (version.owner.level === 'SCHEME' || owners.includes(version.owner.code));
    const isNarrower = now !== undefined && levels.indexOf(now.owner.level) > levels.indexOf(version.owner.level);
    return concerns && !isNarrower ? version : now;
  },
});
