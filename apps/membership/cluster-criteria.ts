import type { ClusterPatch } from '#libs/contracts/cluster';
import { canonicalJson } from '#libs/domain/canonical';
import type { Context } from '#libs/domain/decision';
import { bundled, explained, type Policies, policyFor } from '#libs/domain/policy';
import type { Reviewing } from '#libs/domain/profile-moves';
import { type Finding, failed, notApplicable, passed, type Rule, rule } from '#libs/domain/verdict';
import type { Cluster } from './cluster.js';

const source = 'cluster-criteria.json';

/** The codes that a cluster may say; where no list is in force any more, the one the product brings is still read. */
function listIn(code: string, context: Pick<Context, 'at' | 'policies'>): readonly string[] {
  const { value } = policyFor(code, context) ?? policyFor(code, { at: context.at, policies: bundled }) ?? {};
  return Array.isArray(value) ? value : [];
}

interface Said {
  patch: ClusterPatch;
  roles: readonly string[];
  at: string;
  policies?: Policies;
  before?: Pick<Cluster, 'waiver'>;
}

/** Codes are those of the policy in force, each with its place. */
export const knownCriteria = rule(
  'CLUSTER.CRITERIA.KNOWN',
  ({ patch: { memberTypes, waiver, regionClass }, at, policies }: Said) => {
    const said = [
      ...(memberTypes ?? []).map((code, i) => ({ code, pointer: `/memberTypes/${i}`, list: 'CLUSTER_MEMBER_TYPES' })),
      ...(waiver ? [{ code: waiver.kind, pointer: '/waiver/kind', list: 'CLUSTER_WAIVERS' }] : []),
      ...(regionClass ? [{ code: regionClass, pointer: '/regionClass', list: 'REGION_DEVELOPMENT_CLASSES' }] : []),
    ];
    if (said.length === 0) return notApplicable('No member types, waiver or class of region are stated.');
    const unknown = said
      .filter(({ code, list }) => !listIn(list, { at, ...(policies && { policies }) }).includes(code))
      .map(({ code, pointer, list }) => ({ pointer, message: `${code} is not one of ${list}.` }));
    return unknown.length === 0 ? passed('The codes are known.') : failed('A code is not known.', {}, unknown);
  },
  { source },
);

/** Whoever asks to be validated does not excuse itself. */
export const ownWaiver = rule(
  'CLUSTER.WAIVER.ACTOR',
  ({ patch: { waiver }, roles, before }: Said) => {
    const same = canonicalJson(waiver ?? null) === canonicalJson(before?.waiver ?? null);
    if (waiver === undefined || same) return notApplicable('The waiver stays.');
    return roles.includes('PLATFORM_ADMIN')
      ? passed('Waivers are yours to record.', { roles })
      : failed('A waiver is recorded by the platform.', { roles }, '/waiver');
  },
  { kind: 'NOT_YOURS' },
);

/** A cluster as it is looked at, and when. */
interface Validating {
  before: Cluster;
  context: Pick<Context, 'at' | 'policies'>;
}

/** One criterion: its policy, and what the cluster says to it. A recorded waiver takes its place. */
const criterion = (code: string, policyCode: string, judged: (cluster: Cluster, value: unknown) => Finding): Rule<[Validating]> =>
  rule(
    code,
    ({ before, context }: Validating) => {
      const policy = policyFor(policyCode, context);
      if (policy === null || policy.value === null) return notApplicable('No rule asks for it.', explained(policy));
      const { value, unit, source: origin, confidence } = policy;
      const found = judged(before, value);
      const inputs = { ...found.inputs, ...explained(policy), asked: value, unit, origin, confidence };
      if (found.outcome === 'FAILED' && before.waiver) return notApplicable(`Waived: ${before.waiver.kind}. ${found.message}`, inputs);
      return { ...found, inputs };
    },
    { source },
  );

const atLeast = (what: string, value: number | null, least: unknown, at: string): Finding => {
  const inputs = { value };
  if (value === null) return failed(`${what}: not declared, ${least} asked for.`, inputs, at);
  return value >= Number(least)
    ? passed(`${what}: ${value}, ${least} asked for.`, inputs)
    : failed(`${what}: ${value}, ${least} asked for.`, inputs, at);
};

/** "Up to 20" says nothing of how many there are at least. */
const declared = ({ totals: { members } }: Cluster) => (members === null || members.qualifier === 'UP_TO' ? null : members.value);

/** By what a cluster organisation is one: all that are not met are told at once. */
export const validationCriteria: Rule<[Validating]>[] = [
  criterion('CLUSTER.VALIDATE.FTE', 'CLUSTER_MIN_FTE', ({ fte }, least) => atLeast('Full-time equivalents', fte ?? null, least, '/fte')),
  criterion('CLUSTER.VALIDATE.WEBSITE', 'CLUSTER_WEBSITE_LANGUAGE', ({ website, websiteLanguages }, language) => {
    const inputs = { website, websiteLanguages: websiteLanguages ?? null };
    if (!website) return failed('It has no website.', inputs, '/website');
    const isRead = (websiteLanguages ?? []).some((tag) => tag.split('-')[0] === language);
    return isRead
      ? passed(`Its website can be read in ${language}.`, inputs)
      : failed(`Its website is not said to be in ${language}.`, inputs, '/websiteLanguages');
  }),
  criterion('CLUSTER.VALIDATE.MEMBERS', 'CLUSTER_MIN_MEMBERS', (cluster, least) =>
    atLeast('Members', declared(cluster), least, '/totals/members'),
  ),
  criterion('CLUSTER.VALIDATE.MEMBER_TYPES', 'CLUSTER_MIN_MEMBER_TYPES', ({ memberTypes }, least) =>
    atLeast('Member types', memberTypes ? new Set(memberTypes).size : null, least, '/memberTypes'),
  ),
];

/** What of the inputs the cluster declares itself. */
const DECLARED = ['value', 'website', 'websiteLanguages'];

/**
 * The same before its profile goes public, on what was written. Who is validated was found to meet them: what it does not declare
 * is not asked for again, what it declares is.
 */
export const publicationCriteria: Rule<[Reviewing<Cluster>]>[] = validationCriteria.map((each) => ({
  ...each,
  evaluate: ({ written, context }: Reviewing<Cluster>) => {
    const found = each.evaluate({ before: written, context });
    const isDeclared = DECLARED.every((name) => found.inputs[name] !== null);
    if (found.outcome !== 'FAILED' || isDeclared || written.state !== 'VALIDATED') return found;
    return notApplicable(`Not declared; the cluster is validated. ${found.message}`, found.inputs);
  },
}));
