import { z } from 'zod';
import { aggregate, StepDone } from './message.js';
import { PassCoordination } from './partnership.js';
import { Code, Day, Email, Id, Instant, Reason, Ref, UpdatedAt, Version } from './values.js';

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

/** By which mail it may be answered without a token, and how long. */
export const MembershipInvitation = z.object({ mail: Id.or(z.string()), expiresAt: Instant }).meta({ id: 'MembershipInvitation' });
export type MembershipInvitation = z.infer<typeof MembershipInvitation>;

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
    agreed: z
      .array(z.object({ to: z.string(), with: Id, at: Instant }))
      .optional()
      .describe('commands that this side agrees to, with the cluster that would give them'),
    invitation: MembershipInvitation.nullish().describe('the mail with the link that holds now; null: none does'),
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
  MembershipView.omit({ version: true, updatedAt: true, continuousSince: true, agreed: true, invitation: true }),
);

/** Version and time are those of the fact itself; reasons are told to those they concern, not to everybody. */
const Told = MembershipView.omit({
  version: true,
  updatedAt: true,
  reason: true,
  continuousSince: true,
  agreed: true,
  invitation: true,
});

/** Who is to belong to what: a cluster to a partnership, or an organisation to a cluster. */
const pair = z.object({
  cluster: Ref('clusters').describe('id or slug; it joins the partnership, or the organisation joins it'),
  partnership: Ref('partnerships').optional().describe('id or slug; for a cluster in a partnership'),
  organisation: Ref('organisations').optional().describe('for an organisation in a cluster'),
});
export type MembershipPair = z.infer<typeof pair>;

const by = {
  email: Email.describe('who is written to; it goes with the mail and is kept by nobody else'),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
    .max(35)
    .optional()
    .describe('BCP 47, of the mail; English unless said'),
};

export const InviteMembership = Membership.command('invite.v1', pair.extend({ ...by, email: by.email.optional() }), MembershipView, 'NEW');
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

/** The other side of a command that needs its word; it holds as long as the same cluster coordinates. */
export const ConsentInMembership = Membership.command(
  'consent.v1',
  z.strictObject({
    to: z.enum(['hand-over-coordination']).describe('the command that may be given then'),
    version: Version.optional().describe('of the membership as it was read; refused when it has changed since'),
  }),
  MembershipView,
);
export const MembershipConsented = Membership.fact('consented.v1', Told);

/** From the membership of the coordinator; where nobody coordinates yet the platform names the first, whose membership is told to itself. */
export const HandOverCoordination = Membership.command(
  'hand-over-coordination.v1',
  z.object({
    to: Ref('memberships').describe('the membership of the partner that coordinates from then on'),
    on: on('the first day of the new coordinator'),
  }),
  MembershipView,
);
export const CoordinationHandedOver = Membership.fact('coordination-handed-over.v1', Told);
export const CoordinationTakenOver = Membership.fact('coordination-taken-over.v1', Told);

/** The steps of a hand-over: the successor stays until it is decided, the partnership decides, and both are told. */
export const PromiseCoordination = Membership.command('promise-coordination.v1', z.object({ from: Id, coordinator: Id }), MembershipView);
export const SettleCoordination = Membership.command('settle-coordination.v1', z.object({ from: Id, taken: z.boolean() }), MembershipView);
export const NoteHandOver = Membership.command('note-hand-over.v1', StepDone, MembershipView);

Membership.refuses([ConsentInMembership], {
  'MEMBERSHIP.CONSENT.ACTOR': ['NOT_YOURS', 'A cluster agrees for itself.'],
  'MEMBERSHIP.CONSENT.STATE': ['WRONG_STATE', 'An active partner that does not coordinate agrees to take over, from one that does.'],
  'MEMBERSHIP.CONSENT.VERSION': ['WRONG_STATE', 'The membership has changed since that version.'],
});

Membership.refuses([HandOverCoordination], {
  'MEMBERSHIP.COORDINATION.AGREED': ['RULE', 'The partner that is to take over has not agreed.'],
  'MEMBERSHIP.COORDINATION.UNDER_WAY': ['WRONG_STATE', 'It is being handed over at this moment.'],
});

Membership.refuses([HandOverCoordination, PromiseCoordination], {
  'MEMBERSHIP.COORDINATION.SUCCESSOR': ['RULE', 'It goes to another active partner of the same partnership.'],
});

Membership.refuses([HandOverCoordination, PassCoordination], {
  'MEMBERSHIP.COORDINATION.HELD': ['WRONG_STATE', 'The coordination is handed over by the partner that has it.'],
  'MEMBERSHIP.COORDINATION.DAY': ['RULE', 'The day lies in the future, or before both are partners, or before the last hand-over.'],
});

Membership.refuses([PromiseCoordination, SettleCoordination, NoteHandOver, PassCoordination], {
  'MEMBERSHIP.COORDINATION.PRODUCT': ['NOT_YOURS', 'The steps of a hand-over are those of the product itself.'],
});

/** By mail, to whom is invited already: the link before is void then. */
export const SendInvitation = Membership.command('send-invitation.v1', z.strictObject(by), MembershipView);
export const InvitationSent = Membership.fact('invitation-sent.v1', Told);

/** In the place of a token; the gateway has seen the link. */
const byLink = z.object({ link: z.string().describe('id of its mail'), reason: Reason.optional() });
export const AcceptByLink = Membership.command('accept-by-link.v1', byLink, MembershipView);
export const DeclineByLink = Membership.command('decline-by-link.v1', byLink, MembershipView);

Membership.refuses([SendInvitation], {
  'MEMBERSHIP.SEND_INVITATION.STATE': ['WRONG_STATE', 'Only what is invited is written to.'],
  'MEMBERSHIP.SEND_INVITATION.ACTOR': ['NOT_YOURS', 'An invitation is sent by who invites.'],
});

Membership.refuses([AcceptByLink, DeclineByLink], {
  'MEMBERSHIP.LINK.HOLDS': ['WRONG_STATE', 'The link was used, is too old, or another was sent after it.'],
});

/** Its organisation is merged into another record, and called by the id of that. */
export const FollowInMembership = Membership.command('follow-organisation.v1', z.object({ from: Id, to: Id }), MembershipView);
export const MembershipFollowed = Membership.fact('followed-organisation.v1', Told);

/** Its cluster is merged into another record, and called by the id of that. */
export const FollowClusterInMembership = Membership.command('follow-cluster.v1', z.object({ from: Id, to: Id }), MembershipView);
export const MembershipFollowedCluster = Membership.fact('followed-cluster.v1', Told);

Membership.refuses([FollowClusterInMembership], {
  'MEMBERSHIP.FOLLOW_CLUSTER.ACTOR': ['NOT_YOURS', 'Memberships follow their cluster by the product itself.'],
});

Membership.refuses([FollowInMembership], {
  'MEMBERSHIP.FOLLOW_ORGANISATION.ACTOR': ['NOT_YOURS', 'Memberships follow their organisation by the product itself.'],
});

Membership.refuses([InviteMembership, RequestMembership], {
  'MEMBERSHIP.PAIR.SIDES': ['RULE', 'A cluster joins a partnership, or an organisation a cluster: one of the two is named.'],
  'MEMBERSHIP.PAIR.OPEN': ['RULE', 'There is an open membership of the same two.'],
});

Membership.refuses([AcceptMembership, AcceptByLink], {
  'MEMBERSHIP.ACCEPT.VALIDATED': ['RULE', 'A cluster joins a partnership once it is validated.'],
  'MEMBERSHIP.ACCEPT.COSME': ['RULE', 'A cluster joins a partnership from a COSME country.'],
});

Membership.refuses([AcceptMembership, AcceptByLink, SuspendMembership, ResumeMembership, EndMembership], {
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

Membership.refuses([], {
  'ENTITLEMENT.TYPE': ['RULE', 'Organisations of this kind may not do this; told where entitlement is asked for.'],
  'ENTITLEMENT.COUNTRY': ['RULE', 'It is not registered in a COSME country; told where entitlement is asked for.'],
  'ENTITLEMENT.SIZE': ['RULE', 'It is no SME by size; told where entitlement is asked for.'],
  'ENTITLEMENT.MEMBERSHIP': ['RULE', 'It belongs to no cluster on that day; told where entitlement is asked for.'],
  'ENTITLEMENT.CLUSTER_PROFILED': ['RULE', 'No cluster of it is validated and published; told where entitlement is asked for.'],
  'ENTITLEMENT.HOST_EXCEPTION': ['RULE', 'Never refuses: whether the agency may approve an exception.'],
});
