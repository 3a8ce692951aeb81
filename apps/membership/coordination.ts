import type { z } from 'zod';
import {
  type ConsentInMembership,
  CoordinationHandedOver,
  CoordinationTakenOver,
  type HandOverCoordination,
  MembershipConsented,
  NoteHandOver,
  PromiseCoordination,
  SettleCoordination,
} from '#libs/contracts/membership';
import type { Outcome, StepDone } from '#libs/contracts/message';
import { PassCoordination } from '#libs/contracts/partnership';
import { type Context, type Decision, type Send, unchanged } from '#libs/domain/decision';
import { machine } from '#libs/domain/machine';
import { bothSides, sideOf } from '#libs/domain/membership-sides';
import { rolesTowards } from '#libs/domain/standing';
import { failed, judge, notApplicable, passed, rule } from '#libs/domain/verdict';
import type { Membership } from './membership.js';
import { beganBy, dayOf } from './membership-periods.js';

const SOURCE = { source: 'state-machines.json#MEMBERSHIP' };
const table = machine('MEMBERSHIP');
const COMMAND = 'hand-over-coordination';

/** What a hand-over is judged by beside the membership it begins with. */
export interface Handing {
  /** The cluster that coordinates the partnership; null: none does yet. */
  coordinator: string | null;
  successor: { id: string; membership: Membership } | null;
}

type HandOver = z.output<typeof HandOverCoordination.data>;
type Consent = z.output<typeof ConsentInMembership.data>;

interface Asked extends Handing {
  id: string;
  before: Membership;
  said: HandOver;
  on: string;
  today: string;
  roles: readonly string[];
}

const isPartner = ({ kind, state }: Membership) => kind === 'CLUSTER_IN_PARTNERSHIP' && state === 'ACTIVE';

const held = rule(
  'MEMBERSHIP.COORDINATION.HELD',
  ({ before, coordinator, roles }: Asked) => {
    if (coordinator !== null)
      return coordinator === before.cluster
        ? passed('It coordinates the partnership.', { coordinator })
        : failed('Another partner coordinates the partnership.', { coordinator });
    return roles.includes('PLATFORM_ADMIN') ? passed('The platform names the first coordinator.') : failed('Nobody coordinates yet.');
  },
  { kind: 'WRONG_STATE', ...SOURCE },
);

const another = rule(
  'MEMBERSHIP.COORDINATION.SUCCESSOR',
  ({ id, before, coordinator, successor }: Asked) => {
    const inputs = { to: successor?.id ?? null, state: successor?.membership.state ?? null };
    if (!successor || !isPartner(successor.membership) || successor.membership.partnership !== before.partnership)
      return failed('It is no active partner of the same partnership.', inputs, '/to');
    if (coordinator === null)
      return successor.id === id ? passed('It is the first.', inputs) : failed('The first is named at its own membership.', inputs, '/to');
    return successor.id === id ? failed('It coordinates already.', inputs, '/to') : passed('It is another active partner.', inputs);
  },
  SOURCE,
);

const agreed = rule(
  'MEMBERSHIP.COORDINATION.AGREED',
  ({ coordinator, successor }: Asked) => {
    if (coordinator === null) return notApplicable('The platform names the first.');
    const word = successor?.membership.agreed?.find(({ to, with: other }) => to === COMMAND && other === coordinator);
    return word ? passed('The partner that takes over has agreed.', { at: word.at }) : failed('It has not agreed.', {}, '/to');
  },
  SOURCE,
);

const fittingDay = rule('MEMBERSHIP.COORDINATION.DAY', ({ on, today, before, successor }: Asked) => {
  const inputs = { on, today };
  if (on > today) return failed(`${on} lies in the future.`, inputs, '/on');
  const both = [before, ...(successor ? [successor.membership] : [])].every(({ periods }) => beganBy(periods, on));
  return both ? passed('Both are partners on that day.', inputs) : failed(`They were not both partners on ${on}.`, inputs, '/on');
});

const idle = rule(
  'MEMBERSHIP.COORDINATION.UNDER_WAY',
  ({ before, successor }: Asked) =>
    before.handingOver || successor?.membership.takingOver ? 'It is being handed over at this moment.' : true,
  { kind: 'WRONG_STATE' },
);

/** Asked of the one that has it: the successor promises to stay, then the partnership decides. Who asked is answered when all is done. */
export const handOverCoordination =
  (known: Handing) =>
  (membership: Membership | null, said: HandOver, { id, by, at, message }: Context): Decision<Membership> => {
    const before = membership as Membership;
    const roles = rolesTowards(by, bothSides(before));
    const on = said.on ?? dayOf(at);
    const asked: Asked = { ...known, id, before, said, on, today: dayOf(at), roles };
    const verdicts = judge(
      [...table.allows('handOverCoordination', { roles }, before.state), held, another, agreed, fittingDay, idle],
      asked,
    );
    const handingOver = { to: said.to, cluster: known.successor!.membership.cluster, on, asked: message };
    const next = { ...before, handingOver };
    const first = said.to === id ? pass(next) : promise(next, id);
    return { next, facts: [], verdicts, sends: [first], answer: 'LATER' };
  };

interface HandingOver {
  to: string;
  cluster: string;
  on: string;
  asked: string;
}

const under = (membership: Membership) => membership.handingOver as HandingOver;

const promise = (before: Membership, id: string): Send => {
  const { to, asked } = under(before);
  return {
    command: PromiseCoordination,
    key: to,
    data: { from: id, coordinator: before.cluster },
    step: `promise:${asked}`,
    answer: NoteHandOver,
  };
};
const pass = (before: Membership): Send => {
  const { cluster, on, asked } = under(before);
  const from = cluster === before.cluster ? null : before.cluster;
  return {
    command: PassCoordination,
    key: before.partnership!,
    data: { from, to: cluster, on },
    step: `pass:${asked}`,
    answer: NoteHandOver,
  };
};
const settle = (before: Membership, id: string, taken: boolean): Send => {
  const { to, asked } = under(before);
  return { command: SettleCoordination, key: to, data: { from: id, taken }, step: `settle:${asked}`, answer: NoteHandOver };
};

const byItself = rule(
  'MEMBERSHIP.COORDINATION.PRODUCT',
  ({ by }: Context) => by.kind === 'SYSTEM' || 'The steps of a hand-over are those of the product.',
  { kind: 'NOT_YOURS' },
);

const staysPartner = (before: Membership) => rule('MEMBERSHIP.COORDINATION.SUCCESSOR', () => isPartner(before) || `It is ${before.state}.`);

/** From now on it stays until it hears what was decided. */
export function promiseCoordination(membership: Membership | null, { from }: { from: string }, context: Context): Decision<Membership> {
  const before = membership as Membership;
  const verdicts = judge([byItself, staysPartner(before)], context);
  return { next: { ...before, takingOver: from }, facts: [], verdicts };
}

export function settleCoordination(
  membership: Membership | null,
  { from, taken }: z.output<typeof SettleCoordination.data>,
  context: Context,
): Decision<Membership> {
  const verdicts = judge([byItself], context);
  const before = membership as Membership;
  if (before.takingOver !== from) return unchanged(before, verdicts);
  if (!taken) return { next: { ...before, takingOver: null }, facts: [], verdicts };
  const next: Membership = { ...before, takingOver: null, role: 'COORDINATOR', agreed: [] };
  return { next, facts: [CoordinationTakenOver.of({ ...next, id: context.id })], verdicts };
}

/** What became of a step: the next is asked for, or who waits is answered. */
export function noteHandOver(membership: Membership | null, { step, outcome }: StepDone, context: Context): Decision<Membership> {
  judge([byItself], context);
  const before = membership as Membership;
  const [what, asked] = step.split(':');
  if (!before.handingOver || before.handingOver.asked !== asked) return unchanged(before);
  const done = outcome.status === 'DONE';
  const over = { ...before, handingOver: null };
  const refused = { settles: [{ message: asked, refusal: refusalOf(outcome) }] };
  if (what === 'promise')
    return done ? { ...unchanged(before), sends: [pass(before)] } : { next: over, facts: [], verdicts: [], ...refused };
  if (what === 'settle') return handedOver(over, asked, context.id);
  if (done)
    return before.handingOver.to === context.id
      ? appointed(over, asked, context.id)
      : { ...unchanged(before), sends: [settle(before, context.id, true)] };
  const sends = before.handingOver.to === context.id ? [] : [settle(before, context.id, false)];
  return { next: over, facts: [], verdicts: [], sends, ...refused };
}

function handedOver(over: Membership, asked: string, id: string): Decision<Membership> {
  const next: Membership = { ...over, role: 'PARTNER' };
  return { next, facts: [CoordinationHandedOver.of({ ...next, id })], verdicts: [], settles: [{ message: asked, refusal: null }] };
}

function appointed(over: Membership, asked: string, id: string): Decision<Membership> {
  const next: Membership = { ...over, role: 'COORDINATOR' };
  return { next, facts: [CoordinationTakenOver.of({ ...next, id })], verdicts: [], settles: [{ message: asked, refusal: null }] };
}

const refusalOf = ({ refusal }: Outcome): NonNullable<Outcome['refusal']> =>
  refusal ?? {
    kind: 'WRONG_STATE',
    code: 'MEMBERSHIP.COORDINATION.HELD',
    message: 'It could not be handed over.',
    verdicts: [],
    errors: [],
  };

interface Agreeing {
  before: Membership;
  coordinator: string | null;
  version: number;
  said: Consent;
  roles: readonly string[];
}

const itsOwn = rule(
  'MEMBERSHIP.CONSENT.ACTOR',
  ({ roles }: Agreeing) =>
    roles.some((role) => role === 'CLUSTER_MANAGER' || role === 'PLATFORM_ADMIN')
      ? passed('It is yours to agree.', { roles })
      : failed('A cluster agrees for itself.', { roles }),
  { kind: 'NOT_YOURS' },
);

const mayTakeOver = rule(
  'MEMBERSHIP.CONSENT.STATE',
  ({ before, coordinator }: Agreeing) => {
    const inputs = { state: before.state, kind: before.kind, coordinator };
    if (!isPartner(before)) return failed('Only an active partner can take over.', inputs);
    if (coordinator === null) return failed('Nobody coordinates yet: there is nothing to hand over.', inputs);
    return coordinator === before.cluster ? failed('It coordinates already.', inputs) : passed('It can take over.', inputs);
  },
  { kind: 'WRONG_STATE' },
);

const asRead = rule(
  'MEMBERSHIP.CONSENT.VERSION',
  ({ version, said }: Agreeing) =>
    said.version === undefined || said.version === version
      ? passed('It is as it was read.', { version })
      : failed(`It is of version ${version} by now.`, { version }, '/version'),
  { kind: 'WRONG_STATE' },
);

/** Once per coordinator: it is void when another has taken over meanwhile. */
export const consentInMembership =
  (known: { coordinator: string | null; version: number }) =>
  (membership: Membership | null, said: Consent, { id, by, at }: Context): Decision<Membership> => {
    const before = membership as Membership;
    const roles = rolesTowards(by, sideOf(before, 'JOINING'));
    const verdicts = judge([itsOwn, mayTakeOver, asRead], { before, ...known, said, roles });
    const stands = (before.agreed ?? []).filter((each) => each.to === said.to && each.with === known.coordinator);
    if (stands.length > 0) return unchanged(before, verdicts);
    const next: Membership = { ...before, agreed: [{ to: said.to, with: known.coordinator!, at }] };
    return { next, facts: [MembershipConsented.of({ ...next, id })], verdicts };
  };
