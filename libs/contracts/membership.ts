import { z } from 'zod';
import { aggregate } from './message.js';
import { Code, Id, UpdatedAt, Version } from './values.js';

/** A stretch of belonging; append-only. Ends are EDTF, null = not known or still open. */
export const Period = z.object({ from: z.string().nullable(), to: z.string().nullable() }).meta({ id: 'Period' });

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
    periods: z.array(Period),
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
export const MembershipRecorded = Membership.fact('recorded.v1', MembershipView.omit({ version: true, updatedAt: true }));
