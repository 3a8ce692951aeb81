import type { MembershipView, Period } from '#libs/contracts/membership';
import { organisationTypesIn } from '#libs/reference/target-groups';
import { holdsOn } from './as-of.js';
import { failed, notApplicable, passed, rule } from './verdict.js';

/** What an event says of whom it is for. */
export interface ForWhom {
  state: string;
  partnerships: readonly string[];
  targetGroups: readonly string[] | null;
  openToSmes: boolean | null;
  /** Local day it begins on, YYYY-MM-DD; null: not dated. */
  day: string | null;
  deadlineAt: string | null;
  admission: { membersOnly?: boolean | undefined; countries?: readonly string[] | undefined } | null;
}

/** What is known of an organisation that wants to come. */
export interface Applicant {
  type: string;
  country: string;
  /** By its size; null: it is not declared, or does not decide it. */
  isSme: boolean | null;
}

/** A belonging, as far as it decides who may come. */
export type Belonging = Pick<MembershipView, 'id' | 'kind' | 'partnership' | 'cluster' | 'organisation'> & { periods: readonly Period[] };

export interface Applying {
  event: ForWhom;
  /** null: nothing is known of it. */
  organisation: Applicant | null;
  /** Memberships of the organisation, and of clusters in partnerships of the event. */
  memberships: readonly Belonging[];
  /** ISO 8601 UTC. */
  at: string;
}

const MACHINE = 'state-machines.json#REGISTRATION';

const isOpen = rule(
  'REGISTRATION.EVENT.OPEN',
  ({ event: { state } }: Applying) =>
    state === 'REGISTRATION_OPEN'
      ? passed('Registration is open.', { state })
      : failed(`The event is ${state}: registration is not open.`, { state }),
  { kind: 'WRONG_STATE', source: MACHINE },
);

const inTime = rule('REGISTRATION.EVENT.DEADLINE', ({ event: { deadlineAt }, at }: Applying) => {
  if (deadlineAt === null) return notApplicable('There is no deadline.');
  return at < deadlineAt ? passed('The deadline is ahead.', { deadlineAt }) : failed('The deadline is past.', { deadlineAt });
});

const isKnown = rule('REGISTRATION.ELIGIBLE.KNOWN', ({ organisation }: Applying) =>
  organisation ? passed('The organisation is known.') : failed('The organisation is not known.', {}, '/organisation'),
);

const isMeant = rule(
  'REGISTRATION.ELIGIBLE.TARGET_GROUP',
  ({ event: { targetGroups, openToSmes }, organisation }: Applying) => {
    if (!organisation) return notApplicable('The organisation is not known.');
    if (!targetGroups?.length) return notApplicable('The event is for everybody.');
    const { type, isSme } = organisation;
    const inputs = { type, isSme, targetGroups, openToSmes };
    const group = targetGroups.find((code) => organisationTypesIn(code).includes(type));
    if (group) return passed('Its type is in a target group.', { ...inputs, group });
    if (openToSmes && isSme) return passed('It is an SME by its size, and the event is open to SMEs.', inputs);
    return failed('Its type is in no target group of the event, and it is no SME that the event is open to.', inputs, '/organisation');
  },
  { source: MACHINE },
);

type Through = Belonging & { since: string | null };

const then = (memberships: readonly Belonging[], kind: Belonging['kind'], on: string): Through[] =>
  memberships.flatMap((each) => {
    const period = each.kind === kind ? each.periods.find((one) => holdsOn(one, on)) : undefined;
    return period ? [{ ...each, since: period.from }] : [];
  });

const belongs = rule('REGISTRATION.ELIGIBLE.MEMBER', ({ event: { admission, partnerships, day }, memberships, at }: Applying) => {
  if (!admission?.membersOnly) return notApplicable('The event is not for members alone.');
  const on = day ?? at.slice(0, 10);
  const clusters = then(memberships, 'CLUSTER_IN_PARTNERSHIP', on).filter(({ partnership }) => partnerships.includes(partnership ?? ''));
  const own = then(memberships, 'ORGANISATION_IN_CLUSTER', on);
  for (const { id: membership, cluster, since } of own) {
    const through = clusters.find((each) => each.cluster === cluster);
    if (!through) continue;
    const inputs = { on, by: 'MEMBERSHIP', membership, since, cluster, partnership: through.partnership, inPartnership: through.id };
    return passed('It is a member of a cluster of the partnership on the day.', inputs);
  }
  // Of clusters that were never of these partnerships an organiser has nothing to learn.
  const ever = memberships.filter(({ partnership }) => partnerships.includes(partnership ?? '')).map(({ cluster }) => cluster);
  const known = memberships.filter(({ kind, cluster }) => kind === 'ORGANISATION_IN_CLUSTER' && ever.includes(cluster)).map(told);
  const message =
    own.length > 0
      ? 'The clusters it belongs to on that day are in no partnership of the event then.'
      : 'It is on that day no member of a cluster of a partnership of the event.';
  return failed(message, { on, partnerships, memberships: known }, '/organisation');
});

const told = ({ id: membership, cluster, periods }: Belonging) => ({
  membership,
  cluster,
  periods: periods.map(({ from, to }) => ({ from, to })),
});

const fromThere = rule('REGISTRATION.ELIGIBLE.COUNTRY', ({ event: { admission }, organisation }: Applying) => {
  if (!organisation) return notApplicable('The organisation is not known.');
  const { country } = organisation;
  if (!admission?.countries) return notApplicable('The event is for organisations of every country.', { country });
  const inputs = { country, countries: admission.countries };
  return admission.countries.includes(country)
    ? passed('It is registered in a country the event is for.', inputs)
    : failed(`The event is not for organisations registered in ${country}.`, inputs, '/organisation');
});

/** Whether an organisation may come at all: told before it registers, and judged when it does. */
export const eligibilityRules = [isOpen, inTime, isKnown, isMeant, belongs, fromThere];
