import { z } from 'zod';
import { aggregate } from './message.js';
import { Code, Day, Id, Instant, Reason, Ref, UpdatedAt, Version } from './values.js';

/** A stretch of belonging; append-only. Ends are EDTF, null = not known or still open. */
export const Period = z
  .object({
    from: z.string().nullable(),
    to: z.string().nullable().describe('the day it ended on, which is no part of it any more'),
    recordedAt: Instant.nullish().describe('when its beginning became known here; null or missing: with the record'),
    endRecordedAt: Instant.nullish().describe('when its end became known here'),
  })
  .meta({ id: 'Period' });
export type Period = z.infer<typeof Period>;

const fields = {
  kind: z.enum(['CLUSTER_IN_PARTNERSHIP', 'ORGANISATION_IN_CLUSTER']),
  partnership: Id.nullable().describe('set for CLUSTER_IN_PARTNERSHIP'),
  cluster: Id,
  organisation: Id.nullable().describe('set for ORGANISATION_IN_CLUSTER'),
  role: z.enum(['COORDINATOR', 'PARTNER', 'MEMBER']),
  no: z.int().min(1).max(100_000).nullable().describe('place in the composition as printed'),
};

export const MembershipView = z
  .object({
    ...fields,
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    state: Code.describe('state-machines: MEMBERSHIP'),
    periods: z.array(Period).describe('stretches of full rights: suspension ends one, and what is resumed begins another'),
    continuousSince: z
      .string()
      .nullish()
      .describe('EDTF: since when it holds without a gap; null: it does not hold now, or nobody said since when'),
    reason: z.string().nullish().describe('why it was declined, suspended or ended; told to those it concerns'),
    sourceKey: z.string().nullable(),
  })
  .meta({ id: 'Membership' });
export type MembershipView = z.infer<typeof MembershipView>;

export const MembershipRecord = z.object({ ...fields, sourceKey: z.string() });
export type MembershipRecord = z.infer<typeof MembershipRecord>;

export const Membership = aggregate('membership', {
  service: 'membership',
  resource: 'memberships',
  machines: [{ machine: 'MEMBERSHIP', field: 'state' }],
  view: MembershipView,
  fields: ['partnership', 'cluster', 'organisation', 'role', 'state'],
});

/** An import states that this belonging is so; nothing is decided. */
export const RecordMembership = Membership.command('record.v1', MembershipRecord, MembershipView, 'UPSERT');
export const MembershipRecorded = Membership.fact(
  'recorded.v1',
  MembershipView.omit({ version: true, updatedAt: true, continuousSince: true }),
);

/** Version and time are those of the fact itself; reasons are told to those they concern, not to everybody. */
const Told = MembershipView.omit({ version: true, updatedAt: true, reason: true, continuousSince: true });

/** Who is to belong to what: a cluster to a partnership, or an organisation to a cluster. */
const pair = z.object({
  cluster: Ref('clusters').describe('id or slug; it joins the partnership, or the organisation joins it'),
  partnership: Ref('partnerships').optional().describe('id or slug; for a cluster in a partnership'),
  organisation: Ref('organisations').optional().describe('for an organisation in a cluster'),
});
export type MembershipPair = z.infer<typeof pair>;

export const InviteMembership = Membership.command('invite.v1', pair, MembershipView, 'NEW');
export const MembershipInvited = Membership.fact('invited.v1', Told);

export const RequestMembership = Membership.command('request.v1', pair, MembershipView, 'NEW');
export const MembershipRequested = Membership.fact('requested.v1', Told);

const on = (what: string) => Day.optional().describe(`${what}; today unless said, never in the future`);

export const AcceptMembership = Membership.command('accept.v1', z.object({ on: on('its first day') }), MembershipView);
export const MembershipAccepted = Membership.fact('accepted.v1', Told);

export const DeclineMembership = Membership.command('decline.v1', z.object({ reason: Reason.optional() }), MembershipView);
export const MembershipDeclined = Membership.fact('declined.v1', Told);

export const SuspendMembership = Membership.command(
  'suspend.v1',
  z.object({ reason: Reason, on: on('the first day without full rights') }),
  MembershipView,
);
export const MembershipSuspended = Membership.fact('suspended.v1', Told);

export const ResumeMembership = Membership.command('resume.v1', z.object({ on: on('the first day of full rights') }), MembershipView);
export const MembershipResumed = Membership.fact('resumed.v1', Told);

export const EndMembership = Membership.command('end.v1', z.object({ reason: Reason, on: on('the first day without it') }), MembershipView);
export const MembershipEnded = Membership.fact('ended.v1', Told);

/** Its organisation is merged into another record, and called by the id of that. */
export const FollowInMembership = Membership.command('follow-organisation.v1', z.object({ from: Id, to: Id }), MembershipView);
export const MembershipFollowed = Membership.fact('followed-organisation.v1', Told);

Membership.refuses([FollowInMembership], {
  'MEMBERSHIP.FOLLOW_ORGANISATION.ACTOR': ['NOT_YOURS', 'Memberships follow their organisation by the product itself.'],
});

Membership.refuses([InviteMembership, RequestMembership], {
  'MEMBERSHIP.PAIR.SIDES': ['RULE', 'A cluster joins a partnership, or an organisation a cluster: one of the two is named.'],
  'MEMBERSHIP.PAIR.OPEN': ['RULE', 'There is an open membership of the same two.'],
});

Membership.refuses([AcceptMembership], {
  'MEMBERSHIP.ACCEPT.VALIDATED': ['RULE', 'A cluster joins a partnership once it is validated.'],
  'MEMBERSHIP.ACCEPT.COSME': ['RULE', 'A cluster joins a partnership from a COSME country.'],
});

Membership.refuses([AcceptMembership, SuspendMembership, ResumeMembership, EndMembership], {
  'MEMBERSHIP.PERIOD.PAST': ['RULE', 'The day lies in the future.'],
  'MEMBERSHIP.PERIOD.ORDER': ['RULE', 'The day does not follow on the periods there are.'],
});

Membership.refuses([SuspendMembership, ResumeMembership], {
  'MEMBERSHIP.SUSPEND.SIDE': ['NOT_YOURS', 'Rights are frozen and given back by what somebody belongs to.'],
});

Membership.refuses([SuspendMembership, EndMembership], {
  'MEMBERSHIP.COORDINATION.HANDED_OVER': [
    'WRONG_STATE',
    'The membership of the coordinator goes on until the coordination is handed over.',
  ],
});
