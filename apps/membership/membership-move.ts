import type { z } from 'zod';
import {
  type EndMembership,
  MembershipAccepted,
  MembershipDeclined,
  MembershipEnded,
  MembershipInvited,
  type MembershipPair,
  MembershipRequested,
  MembershipResumed,
  MembershipSuspended,
  type Period,
} from '#libs/contracts/membership';
import type { FactContract } from '#libs/contracts/message';
import { eligibility } from '#libs/domain/cosme';
import type { Context, Decision } from '#libs/domain/decision';
import { machine } from '#libs/domain/machine';
import { bothSides, counterpartyIn, sideOf } from '#libs/domain/membership-sides';
import { type Move, type Moving, movedBy } from '#libs/domain/move';
import { rolesTowards } from '#libs/domain/standing';
import { failed, judge, notApplicable, passed, rule } from '#libs/domain/verdict';
import { invited, type Named, withdrawn } from './invited.js';
import type { Membership } from './membership.js';
import { afterAll, dayOf, isOpenState, lastDay, pairOf, withBegun, withClosed } from './membership-periods.js';

const table = machine('MEMBERSHIP');

/** Another membership of the same two. */
export type Other = Pick<Membership, 'state' | 'periods'> & { id: string };

type Dated = { on?: string };
type Beginning = MembershipPair & { email?: string; language?: string };
type Ended = z.output<(typeof EndMembership)['data']>;

const oneKind = rule('MEMBERSHIP.PAIR.SIDES', ({ said: { partnership, organisation } }: Asked) => {
  if (!partnership === !organisation)
    return failed('Name the partnership that the cluster joins, or the organisation that joins the cluster.', {}, '/partnership');
  return passed('It is said who joins what.');
});

interface Asked {
  said: MembershipPair;
  others: readonly Other[];
}

const noneOpen = rule(
  'MEMBERSHIP.PAIR.OPEN',
  ({ others }: Asked) => {
    const open = others.find(({ state }) => isOpenState(state));
    return open
      ? failed(`There is one that is ${open.state}.`, { state: open.state }, '/cluster')
      : passed('No open membership of the two.');
  },
  { source: 'state-machines.json#MEMBERSHIP' },
);

/** A membership begins with the word of one side; `side` is which. */
const beginning =
  (command: 'invite' | 'request', side: 'JOINED' | 'JOINING', fact: FactContract) =>
  (others: readonly Other[], named?: Named) =>
  (_: Membership | null, said: Beginning, context: Context): Decision<Membership> => {
    const { id, by } = context;
    const { cluster, partnership = null, organisation = null, email, language } = said;
    const kind = organisation && !partnership ? 'ORGANISATION_IN_CLUSTER' : 'CLUSTER_IN_PARTNERSHIP';
    const pair = { kind, partnership, cluster, organisation } as const;
    const roles = rolesTowards(by, sideOf(pair, side));
    const verdicts = judge([...table.allows(command, { roles }, null), oneKind, noneOpen], { said, others });
    const next: Membership = {
      ...pair,
      role: kind === 'ORGANISATION_IN_CLUSTER' ? 'MEMBER' : 'PARTNER',
      no: null,
      state: table.targets(command, null)[0]!,
      periods: [],
      reason: null,
      sourceKey: null,
      openPair: pairOf(pair),
    };
    if (!email || !named) return { next, facts: [fact.of({ ...next, id })], verdicts };
    const { invitation, send } = invited(named, { email, language }, context);
    return { next: { ...next, invitation }, facts: [fact.of({ ...next, id })], verdicts, sends: [send] };
  };

/** Asked by what is to be joined. */
export const inviteMembership = beginning('invite', 'JOINED', MembershipInvited);
/** Asked by who wants to join. */
export const requestMembership = beginning('request', 'JOINING', MembershipRequested);

const move = movedBy<Membership>({
  machine: table,
  field: 'state',
  roles: (before, { by }) => {
    const roles = rolesTowards(by, bothSides(before));
    return [...roles, ...counterpartyIn(before.kind, before.state, roles)];
  },
});

const notAhead = rule('MEMBERSHIP.PERIOD.PAST', ({ data: { on }, context: { at } }: Move<Membership, Dated>) => {
  if (on === undefined) return notApplicable('It is so from today.');
  const today = dayOf(at);
  return on <= today ? passed('The day is not ahead.', { on, today }) : failed(`${on} lies in the future.`, { on, today }, '/on');
});

/** Periods are appended, and never overlap: neither within a membership nor among those of the same two. */
const following = (others: readonly Other[] = []) =>
  rule('MEMBERSHIP.PERIOD.ORDER', ({ before, data: { on }, context: { at } }: Move<Membership, Dated>) => {
    const from = on ?? dayOf(at);
    const all = [...before.periods, ...others.flatMap(({ periods }) => periods)];
    const last = lastDay(all);
    return afterAll(all, from)
      ? passed('The day follows on the periods there are.', { from, last })
      : failed(`The periods there are reach to ${last}; this one does not begin before that.`, { from, last }, '/on');
  });

/** What has begun does not end before it began. */
const notBefore = rule('MEMBERSHIP.PERIOD.ORDER', ({ before, data: { on }, context: { at } }: Move<Membership, Dated>) => {
  const open = before.periods.at(-1);
  const to = on ?? dayOf(at);
  if (!open || open.to !== null) {
    const last = lastDay(before.periods);
    return last === null || to >= last
      ? passed('The day is not before the last period.', { to, last })
      : failed(`Its last period reaches to ${last}.`, { to, last }, '/on');
  }
  return open.from === null || to >= open.from
    ? passed('The day is not before its beginning.', { from: open.from, to })
    : failed(`It began on ${open.from}.`, { from: open.from, to }, '/on');
});

/** What has to be known of the cluster and the partnership it joins. */
export interface Joining {
  cluster: { state: string; country: string } | null;
  call: string | null;
  others: readonly Other[];
}

const SOURCE = { source: 'state-machines.json#MEMBERSHIP' };

const validated = ({ cluster }: Joining) =>
  rule(
    'MEMBERSHIP.ACCEPT.VALIDATED',
    ({ before: { kind } }: Move<Membership, Dated>) => {
      if (kind !== 'CLUSTER_IN_PARTNERSHIP') return notApplicable('No partnership is joined.');
      const state = cluster?.state ?? null;
      return state === 'VALIDATED'
        ? passed('The cluster is validated.', { state })
        : failed(`The cluster is ${state ?? 'not there any more'}.`, { state });
    },
    SOURCE,
  );

const fromCosme = ({ cluster, call }: Joining) =>
  rule(
    'MEMBERSHIP.ACCEPT.COSME',
    ({ before: { kind }, data: { on }, context: { at, policies } }: Move<Membership, Dated>) => {
      if (kind !== 'CLUSTER_IN_PARTNERSHIP') return notApplicable('No partnership is joined.');
      if (!cluster) return failed('The cluster is not there any more.');
      const { eligible, reason, ...inputs } = eligibility(cluster.country, { on: on ?? dayOf(at), call, policies });
      return eligible ? passed(reason, { ...inputs, call }) : failed(reason, { ...inputs, call });
    },
    { source: 'cosme-countries.json' },
  );

/** Rights are frozen, and given back, by what somebody belongs to: a side does not free itself. */
const byWhatIsJoined = rule(
  'MEMBERSHIP.SUSPEND.SIDE',
  ({ before, context: { by } }: Move<Membership, object>) => {
    const roles = rolesTowards(by, sideOf(before, 'JOINED'));
    const may = before.kind === 'CLUSTER_IN_PARTNERSHIP' ? 'PARTNERSHIP_COORDINATOR' : 'CLUSTER_MANAGER';
    return roles.some((role) => role === may || role === 'PLATFORM_ADMIN')
      ? passed('It is yours to freeze and to give back.', { roles })
      : failed(`This is for ${may}.`, { roles });
  },
  { kind: 'NOT_YOURS' },
);

const notCoordinating = rule(
  'MEMBERSHIP.COORDINATION.HANDED_OVER',
  ({ before: { role, takingOver } }: Move<Membership, object>) =>
    role === 'COORDINATOR' || takingOver
      ? failed('It coordinates the partnership, or is about to: the coordination is handed over first.', { role })
      : passed('It does not coordinate.', { role }),
  { kind: 'WRONG_STATE', ...SOURCE },
);

const told = (fact: FactContract) => (next: Membership, id: string) => fact.of({ ...next, id });

const begun = ({ before, data: { on }, context: { at } }: Move<Membership, Dated>): { periods: Period[] } => ({
  periods: withBegun(before.periods, on ?? dayOf(at), at),
});
const closed = ({ before, data: { on }, context: { at } }: Move<Membership, Dated>): { periods: Period[] } => ({
  periods: withClosed(before.periods, on ?? dayOf(at), at),
});

/** What accepting needs and does, whoever says so. */
export const accepting = (known: Joining): Moving<Membership, Dated> => ({
  guards: [notAhead, following(known.others), validated(known), fromCosme(known)],
  beside: (moving) => ({ ...begun(moving), invitation: null }),
  more: ({ before }) => ({ sends: withdrawn(before) }),
  tell: told(MembershipAccepted),
});

export const acceptMembership = (known: Joining) => move<Dated>('accept', accepting(known));

export const declining: Moving<Membership, { reason?: string }> = {
  beside: ({ data: { reason } }) => ({ reason: reason ?? null, openPair: null, invitation: null }),
  more: ({ before }) => ({ sends: withdrawn(before) }),
  tell: told(MembershipDeclined),
};

export const declineMembership = move<{ reason?: string }>('decline', declining);

export const suspendMembership = move<Ended>('suspend', {
  guards: [byWhatIsJoined, notCoordinating, notAhead, notBefore],
  beside: (moving) => ({ ...closed(moving), reason: moving.data.reason }),
  tell: told(MembershipSuspended),
});

export const resumeMembership = move<Dated>('resume', {
  guards: [byWhatIsJoined, notAhead, following()],
  beside: (moving) => ({ ...begun(moving), reason: null }),
  tell: told(MembershipResumed),
});

export const endMembership = move<Ended>('end', {
  guards: [notCoordinating, notAhead, notBefore],
  beside: (moving) => ({ ...closed(moving), reason: moving.data.reason, openPair: null }),
  tell: told(MembershipEnded),
});
