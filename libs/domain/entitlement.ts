import type { Period } from '#libs/contracts/membership';
import { type ParticipantType, participantType } from '#libs/reference/participants';
import { asOf } from './as-of.js';
import { eligibility } from './cosme.js';
import { bundled, explained, type Policies, type PolicyVersion } from './policy.js';
import { evaluate, failed, notApplicable, passed, type Rule, rule, type Verdict } from './verdict.js';

/** Rules that it is decided by. */
export const ENTITLEMENT_POLICIES = ['COSME_COUNTRIES', 'UK_ENTITIES_ELIGIBLE', 'SME_CLUSTER_ECCP_PROFILED', 'SME_HOST_EXCEPTION'];

export const PURPOSES = ['visit', 'host'] as const;

/** What the right to visit or host is judged by: everything as it is on the day. */
export interface EntitlementInputs {
  purpose: (typeof PURPOSES)[number];
  /** YYYY-MM-DD */
  on: string;
  /** The call under which it would be done; null: by the rules of the scheme. */
  call: string | null;
  organisation: { type: string; country: string; isSme: boolean | null };
  /** Its memberships in clusters, whatever their state. */
  memberships: readonly { id: string; cluster: string; periods: readonly Period[] }[];
  /** The clusters named there, as they are on the day. */
  clusters: readonly { id: string; state: string; profile: string }[];
  /** The rules in force; what the product brings unless said. */
  policies?: Policies;
}

interface Judged extends EntitlementInputs {
  type: ParticipantType | null;
  /** The clusters it belongs to on that day. */
  belongs: readonly { membership: string; cluster: string; state: string | null; profile: string | null }[];
  /** An SME takes part through a cluster that is profiled. */
  profiled: PolicyVersion | undefined;
}

const isProfiled = ({ state, profile }: Judged['belongs'][number]) => state === 'VALIDATED' && profile === 'PUBLISHED';
const countsAsSme = ({ type }: Judged) => type?.code === 'SME';
const TYPES = 'organisation-types.json';
const RULES = 'exchange-rules.json';

const ofType = rule(
  'ENTITLEMENT.TYPE',
  ({ organisation, type, purpose, on, call }: Judged) => {
    const inputs = { type: organisation.type, evaluatedAs: type?.code ?? null, purpose, call, owner: type?.owner ?? null };
    if (!type) return failed(`${organisation.type} is not a kind of participant.`, inputs);
    const may = purpose === 'visit' ? type.mayVisit : type.mayHost;
    if (may === null) return failed(`${type.name} is not a category of the scheme.`, inputs);
    if (!may) return failed(`${type.name}: may not ${purpose}.`, inputs);
    if (!type.owner) return passed(`${type.name}: may ${purpose}.`, inputs);
    const since = type.validFrom ?? on;
    if (on < since || on > (type.validTo ?? on)) return failed(`${type.name}: may ${purpose} from ${since} on.`, { ...inputs, since });
    return call === type.owner.code
      ? passed(`${type.name}: may ${purpose} under ${call}.`, inputs)
      : failed(`${type.name}: may ${purpose} under ${type.owner.code} alone.`, inputs);
  },
  { source: TYPES },
);

const ofCountry = rule(
  'ENTITLEMENT.COUNTRY',
  ({ organisation: { country }, on, call, policies }: Judged) => {
    const { eligible, reason, ...inputs } = eligibility(country, { on, call, policies });
    return eligible ? passed(reason, { ...inputs, on, call }) : failed(reason, { ...inputs, on, call });
  },
  { source: 'cosme-countries.json' },
);

const ofSize = rule(
  'ENTITLEMENT.SIZE',
  (judged: Judged) => {
    const { isSme } = judged.organisation;
    if (!countsAsSme(judged)) return notApplicable('It does not take part as an SME.');
    if (isSme === null) return notApplicable('Its size is not declared, or what is declared does not decide it.', { isSme });
    return isSme ? passed('It is an SME by size.', { isSme }) : failed('It exceeds the ceilings of an SME.', { isSme });
  },
  { source: 'enterprise-sizes.json' },
);

const ofMembership = rule(
  'ENTITLEMENT.MEMBERSHIP',
  ({ type, belongs, on }: Judged) => {
    if (!type?.clusterMembershipRequired) return notApplicable('It takes part without belonging to a cluster.');
    const inputs = { on, memberships: belongs.map(({ membership }) => membership), clusters: belongs.map(({ cluster }) => cluster) };
    return belongs.length > 0
      ? passed('It belongs to a cluster on that day.', inputs)
      : failed('It belongs to no cluster on that day.', inputs);
  },
  { source: TYPES },
);

const ofCluster = rule(
  'ENTITLEMENT.CLUSTER_PROFILED',
  (judged: Judged) => {
    const { belongs, profiled, on } = judged;
    if (!countsAsSme(judged)) return notApplicable('It does not take part as an SME.');
    if (profiled?.value !== true) return notApplicable(`No rule asks for a profiled cluster on ${on}.`, { on });
    const inputs = { on, clusters: belongs.map(({ cluster, state, profile }) => ({ cluster, state, profile })), ...explained(profiled) };
    return belongs.some(isProfiled)
      ? passed('A cluster it belongs to is validated, and its profile published.', inputs)
      : failed('No cluster it belongs to is validated with a published profile on that day.', inputs);
  },
  { source: RULES },
);

const rules: readonly Rule<[Judged]>[] = [ofType, ofCountry, ofSize, ofMembership, ofCluster];

/** What an SME may ask for that its clusters do not entitle: told, never granted here. */
const asException = rule(
  'ENTITLEMENT.HOST_EXCEPTION',
  ({ purpose, on, exception, open }: { purpose: string; on: string; exception: PolicyVersion | undefined; open: boolean }) => {
    if (purpose !== 'host' || !open) return notApplicable('There is nothing to make an exception from.');
    return exception?.value === true
      ? notApplicable('It may host all the same, once the agency has approved it beforehand.', { on, ...explained(exception) })
      : notApplicable(`No rule allows exceptions on ${on}.`, { on });
  },
  { source: RULES },
);

const CLUSTER_RULES = ['ENTITLEMENT.MEMBERSHIP', 'ENTITLEMENT.CLUSTER_PROFILED'];

export interface Entitlement {
  entitled: boolean;
  /** It may ask the agency for an exception: nothing else stands against hosting. */
  exceptionPossible: boolean;
  verdicts: Verdict[];
}

/** The right of an organisation to visit or to host on a day, rule by rule. */
export function entitlement(inputs: EntitlementInputs): Entitlement {
  const { purpose, on, call, organisation, memberships, clusters } = inputs;
  const owners = call === null ? [] : [call];
  const known = new Map(clusters.map((cluster) => [cluster.id, cluster]));
  const belongs = memberships.flatMap(({ id, cluster, periods }) => {
    if (!asOf({ periods }, { on, asKnownOn: null })) return [];
    const { state = null, profile = null } = known.get(cluster) ?? {};
    return [{ membership: id, cluster, state, profile }];
  });
  const { policies = bundled } = inputs;
  const profiled = policies.inForce('SME_CLUSTER_ECCP_PROFILED', on, owners);
  const exception = policies.inForce('SME_HOST_EXCEPTION', on, owners);
  const judged: Judged = { ...inputs, type: participantType(organisation.type), belongs, profiled };
  const verdicts = evaluate([rules], judged);
  const broken = verdicts.filter(({ outcome }) => outcome === 'FAILED').map((verdict) => verdict.rule);
  const open = countsAsSme(judged) && broken.length > 0 && broken.every((code) => CLUSTER_RULES.includes(code));
  const told = evaluate([asException], { purpose, on, exception, open });
  return {
    entitled: broken.length === 0,
    exceptionPossible: purpose === 'host' && open && exception?.value === true,
    verdicts: [...verdicts, ...told],
  };
}
