import { z } from 'zod';
import { Fact } from './file-parts.js';
import { aggregate } from './message.js';
import { FileEcosystem } from './partnership-file.js';
import { Channel, Classifications, Region } from './profile.js';
import { Code, Country, ExternalId, Id, Quantity, Reason, Ref, Removal, Slug, Text, TextPatch, UpdatedAt, Version } from './values.js';

/** What is said about a cluster organisation. */
const profile = {
  name: z.string().min(1).max(300),
  aliases: z
    .array(
      z.object({
        name: z.string().min(1).max(300),
        origin: Code.nullable().describe('seed: printed in the source; external: from elsewhere'),
      }),
    )
    .max(50),
  fullName: z.string().max(300).nullable(),
  country: Country,
  region: Region.nullable(),
  website: z.string().max(2000).nullable(),
  foundedYear: z.int().min(1).max(9999).nullable(),
  totals: z
    .object({ members: Quantity.nullable(), smes: Quantity.nullable() })
    .describe('as the cluster declares them; null is "not declared", never 0'),
  classifications: Classifications,
  facts: z.array(Fact).max(500).nullable(),
  summary: Text.nullable(),
  ecosystem: FileEcosystem.nullable().describe('its industrial surroundings, section by section'),
};

const fte = z.number().min(0).max(100_000).nullable().describe('full-time equivalents for its management');
const memberTypes = z.array(Code).max(20).nullable().describe('reference: cluster-criteria, CLUSTER_MEMBER_TYPES');
const websiteLanguages = z
  .array(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/))
  .max(50)
  .nullable()
  .describe('BCP 47; what its website can be read in');
const regionClass = Code.nullable().describe('reference: cluster-criteria, REGION_DEVELOPMENT_CLASSES');

const Waiver = z
  .strictObject({
    kind: Code.describe('reference: cluster-criteria, CLUSTER_WAIVERS'),
    evidence: z.string().max(2000).nullable().describe('such as the programme that names it'),
  })
  .meta({ id: 'ClusterWaiver' });
const LegalEntity = z
  .strictObject({
    name: z.string().min(1).max(300),
    form: z.string().max(100).nullable().describe('as in its register, such as e.V.'),
    registration: z.string().max(100).nullable().describe('its number there'),
    country: Country,
  })
  .meta({ id: 'LegalEntity' });
const ServiceOffered = z
  .strictObject({
    name: Text,
    freeOfCharge: z.boolean().nullable().describe('null: not said'),
    forWhom: z.string().max(300).nullable(),
  })
  .meta({ id: 'ServiceOffered' });

const services = z.array(ServiceOffered).max(200).nullable();
const channels = z.array(Channel).max(100).nullable();

/** Said since imports began to record clusters: a state from before holds none of it. */
const since = {
  fte: fte.default(null),
  memberTypes: memberTypes.default(null),
  websiteLanguages: websiteLanguages.default(null),
  waiver: Waiver.nullable().default(null).describe('takes the place of the criteria; recorded by the platform'),
  legalEntity: LegalEntity.nullable().default(null),
  regionClass: regionClass.default(null),
  services: services.default(null).describe('what it offers'),
  businessModel: Text.nullable().default(null),
  policyRole: Text.nullable().default(null).describe('its role in regional policy'),
  channels: channels.default(null),
  stateReason: z.string().nullable().default(null).describe('why it was suspended or closed; told to those it concerns'),
  successor: Id.nullable().default(null).describe('the cluster that goes on for one that is closed'),
};

export const ClusterView = z
  .object({
    ...profile,
    ...since,
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    slug: Slug.describe('its address beside the id; given once'),
    state: Code.describe('state-machines: CLUSTER'),
    profile: Code.describe('state-machines: PROFILE'),
    externalIds: z.array(ExternalId),
    sourceKeys: z.array(z.string()).describe('where imports found it, such as DIA:composition:1'),
  })
  .meta({ id: 'Cluster' });
export type ClusterView = z.infer<typeof ClusterView>;

/** What everybody may learn of a cluster in public. */
const PublicCluster = ClusterView.omit({ version: true, updatedAt: true, stateReason: true });

/** A section that is missing is left as it is; null says that the source leaves it blank. */
export const ClusterRecord = z.object({
  ...z.object(profile).partial().required({ name: true, country: true }).shape,
  slug: Slug.describe('for a cluster that is not known yet'),
  profile: z.enum(['PUBLISHED', 'DRAFT']),
  sourceKey: z.string(),
});
export type ClusterRecord = z.infer<typeof ClusterRecord>;

export const Cluster = aggregate('cluster', {
  service: 'membership',
  resource: 'clusters',
  machines: [
    { machine: 'CLUSTER', field: 'state' },
    { machine: 'PROFILE', field: 'profile', under: 'profile' },
  ],
  view: ClusterView,
  fields: ['country', 'region.code', 'state', 'profile'],
});

const Declared = z.strictObject(Quantity.shape);

/** What those who run a cluster may say of it themselves; a missing field stays, null makes it blank (RFC 7396). */
const own = {
  name: profile.name.regex(/\S/, 'not blank'),
  fullName: profile.fullName,
  aliases: z.array(z.strictObject({ name: z.string().min(1).max(300), origin: Code.nullable() })).max(50),
  country: profile.country,
  region: z.strictObject(Region.shape).nullable().describe('as a whole'),
  website: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .nullable(),
  foundedYear: profile.foundedYear,
  totals: z
    .strictObject({ members: Declared.nullable(), smes: Declared.nullable() })
    .partial()
    .describe('as the cluster declares them, each as a whole; null is "not declared", never 0'),
  classifications: z.strictObject(Classifications.shape).partial(),
  summary: TextPatch.nullable(),
  fte,
  memberTypes,
  websiteLanguages,
  waiver: Waiver.nullable().describe('recorded by the platform'),
  legalEntity: LegalEntity.nullable().describe('as a whole'),
  regionClass,
  services: services.describe('replaces the list'),
  businessModel: TextPatch.nullable(),
  policyRole: TextPatch.nullable().describe('its role in regional policy'),
  channels: channels.describe('replaces the list'),
  externalIds: z.array(ExternalId).max(20).describe('what it is called elsewhere; replaces the list'),
};

export const ClusterPatch = z
  .strictObject(own)
  .partial()
  .meta({ id: 'ClusterPatch', example: { website: 'https://cluster.example/', externalIds: [{ system: 'ECCP', id: '12345' }] } });
export type ClusterPatch = z.infer<typeof ClusterPatch>;

/** A cluster organisation as it registers. */
export const ClusterDraft = ClusterPatch.required({ name: true, country: true }).meta({
  id: 'ClusterDraft',
  example: { name: 'Railway Cluster of the North', country: 'SE' },
});
export type ClusterDraft = z.infer<typeof ClusterDraft>;

export const RegisterCluster = Cluster.command('register.v1', ClusterDraft, ClusterView, 'NEW');
export const ClusterRegistered = Cluster.fact('registered.v1', PublicCluster);

export const ChangeCluster = Cluster.command('change.v1', ClusterPatch, ClusterView);
export const ClusterChanged = Cluster.fact('changed.v1', PublicCluster);

/** The record of an outside system: registered when it is not there yet, changed when it is; what is not named stays. */
export const PutCluster = Cluster.command('put.v1', ClusterPatch.extend({ externalId: ExternalId }), ClusterView, 'UPSERT');

/** An import states what a cluster is; nothing is decided. */
export const RecordCluster = Cluster.command('record.v1', ClusterRecord, ClusterView, 'UPSERT');

/** Version and time are those of the fact itself: its `sequence` and `time`. */
export const ClusterRecorded = Cluster.fact('recorded.v1', PublicCluster);

/** A record made by mistake; what others have seen or hold on to is closed, not removed. */
export const RemoveCluster = Cluster.command('remove.v1', Removal, ClusterView);
export const ClusterRemoved = Cluster.fact('removed.v1', PublicCluster);

/** Its profile is that of a cluster: each criterion is met, or a waiver is recorded. */
export const ValidateCluster = Cluster.command('validate.v1', z.strictObject({}), ClusterView);
export const ClusterValidated = Cluster.fact('validated.v1', PublicCluster);

export const SuspendCluster = Cluster.command('suspend.v1', z.strictObject({ reason: Reason }), ClusterView);
export const ClusterSuspended = Cluster.fact('suspended.v1', PublicCluster);

/** The organisation is no more, or is part of another. */
export const CloseCluster = Cluster.command(
  'close.v1',
  z.strictObject({ successor: Ref('clusters').optional().describe('the cluster that goes on for it'), reason: Reason.optional() }),
  ClusterView,
);
export const ClusterClosed = Cluster.fact('closed.v1', PublicCluster);

Cluster.refuses([ValidateCluster], {
  'CLUSTER.VALIDATE.FTE': ['RULE', 'Too little is spent on its management, or it is not said how much.'],
  'CLUSTER.VALIDATE.WEBSITE': ['RULE', 'It has no website in the language that is asked for.'],
  'CLUSTER.VALIDATE.MEMBERS': ['RULE', 'It has too few members, or has not declared them.'],
  'CLUSTER.VALIDATE.MEMBER_TYPES': ['RULE', 'Its members are of too few types.'],
});

Cluster.refuses([CloseCluster], {
  'CLUSTER.CLOSE.SUCCESSOR': ['RULE', 'The successor is the cluster itself, or is closed.'],
});

Cluster.refuses([RemoveCluster], {
  'CLUSTER.REMOVE.ACTOR': ['NOT_YOURS', 'A cluster is removed by the platform.'],
  'CLUSTER.REMOVE.STATE': ['WRONG_STATE', 'Only what was never validated nor published is removed.'],
  'CLUSTER.REMOVE.FREE': ['WRONG_STATE', 'Other records name it.'],
});

Cluster.refuses([RegisterCluster, PutCluster], {
  'CLUSTER.REGISTER.ACTOR': ['NOT_YOURS', 'A cluster is registered by the platform.'],
});

Cluster.refuses([RegisterCluster, PutCluster, ChangeCluster], {
  'CLUSTER.REGISTER.DISTINCT': ['RULE', 'There is a cluster with this name in this country.'],
  'CLUSTER.COUNTRIES.KNOWN': ['RULE', 'The country is not one of ISO 3166-1.'],
  'CLUSTER.CLASSIFICATIONS.KNOWN': ['RULE', 'A classification is not in its vocabulary.'],
  'CLUSTER.CRITERIA.KNOWN': ['RULE', 'A member type, waiver or class of region is not one of cluster-criteria.'],
  'CLUSTER.WAIVER.ACTOR': ['NOT_YOURS', 'A waiver is recorded by the platform.'],
  'CLUSTER.EXTERNAL_IDS.DISTINCT': ['RULE', 'An outside id stands twice.'],
  'CLUSTER.EXTERNAL_IDS.UNIQUE': ['RULE', 'Another cluster has one of the outside ids.'],
});

Cluster.refuses([ChangeCluster, PutCluster], {
  'CLUSTER.CHANGE.ACTOR': ['NOT_YOURS', 'A cluster is changed by its manager.'],
  'CLUSTER.CHANGE.STATE': ['WRONG_STATE', 'The cluster is closed.'],
  'CLUSTER.CHANGE.PROFILE': ['WRONG_STATE', 'A profile in public or under review is not changed, but for outside ids.'],
});

Cluster.refuses([PutCluster], {
  'CLUSTER.PUT.NAMED': ['RULE', 'The cluster is not there yet, and its name or country is not said.'],
});
