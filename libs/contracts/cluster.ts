import { z } from 'zod';
import { Actor } from './actor.js';
import {
  channels,
  fte,
  LegalEntity,
  legalEntity,
  memberTypes,
  profile,
  regionClass,
  services,
  statement,
  Waiver,
  websiteLanguages,
} from './cluster-details.js';
import { aggregate, StepDone } from './message.js';
import { FileEcosystem } from './partnership-file.js';
import { Classifications, Completeness, Region } from './profile.js';
import { DraftOf, draftOf, profileReason, publication } from './publication.js';
import { Code, ExternalId, Id, Quantity, Reason, Ref, Removal, Slug, TextPatch, UpdatedAt, Version } from './values.js';

/** Said since imports began to record clusters: a state from before holds none of it. */
const since = {
  fte: fte.default(null),
  memberTypes: memberTypes.default(null),
  websiteLanguages: websiteLanguages.default(null),
  waiver: Waiver.nullable().default(null).describe('takes the place of the criteria; recorded by the platform'),
  legalEntity: legalEntity.default(null),
  regionClass: regionClass.default(null),
  services: services.default(null).describe('what it offers'),
  businessModel: statement.default(null),
  policyRole: statement.default(null).describe('its role in regional policy'),
  channels: channels.default(null),
  stateReason: z.string().nullable().default(null).describe('why it was suspended or closed; told to those it concerns'),
  formerSlugs: z.array(Slug).default([]).describe('addresses of records that were merged into it; they lead here'),
  formerIds: z.array(Id).default([]).describe('records that were merged into it; their addresses lead here'),
  successor: Id.nullable().default(null).describe('the cluster that goes on for one that is closed'),
};

/** What is reviewed before others see it. */
const content = {
  ...profile,
  fte,
  memberTypes,
  websiteLanguages,
  legalEntity,
  regionClass,
  services,
  businessModel: statement,
  policyRole: statement,
  channels,
};

export const ClusterView = z
  .object({
    ...profile,
    ...since,
    completeness: Completeness,
    draft: draftOf({ ...content, completeness: Completeness }),
    profileReason,
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

/** As it is read: whoever belongs to it reads the draft in its place. */
export const ClusterShown = ClusterView.omit({ draft: true }).extend({ draftOf: DraftOf }).meta({ id: 'ClusterShown' });

/** What everybody may learn of a cluster in public. */
const PublicCluster = ClusterView.omit({ version: true, updatedAt: true, stateReason: true, draft: true, profileReason: true }).meta({
  id: 'PublicCluster',
});

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

/** It is about the cluster itself, which need not be named. */
const EcosystemPatch = FileEcosystem.omit({ no: true, partner: true });

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
  facts: profile.facts.describe('replaces the list'),
  ecosystem: EcosystemPatch.nullable().describe('its industrial surroundings as a whole, section by section'),
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

/** One of two records of the same cluster. */
export const MergingClusters = z.strictObject({ into: Ref('clusters').describe('the record that stays') }).meta({ id: 'MergingClusters' });

/** Given to the record that stays: it takes over what leads to the other, and says of itself what it said. */
export const MergeCluster = Cluster.command('merge.v1', z.object({ from: Id }), ClusterView);
/** Whoever is called so now is called otherwise: the same cluster under the id that stays. */
export const ClusterMerged = Cluster.fact('merged.v1', z.object({ ...PublicCluster.shape, from: Id.describe('leads here from now on') }));

/** The other record goes, if it is still what was looked at. */
export const YieldCluster = Cluster.command(
  'yield.v1',
  z.object({ into: Id, by: Actor, hash: z.string().describe('of its state as it was looked at') }),
  ClusterView,
);
export const ClusterYielded = Cluster.fact('yielded.v1', z.object({ ...PublicCluster.shape, into: Id }));

export const NoteClusterYielded = Cluster.command('note-yielded.v1', StepDone, ClusterView);

Cluster.refuses([MergeCluster], {
  'CLUSTER.MERGE.ACTOR': ['NOT_YOURS', 'Records are merged by who is in charge of both.'],
  'CLUSTER.MERGE.OTHER': ['RULE', 'A record is not merged into itself, nor with one that is not there.'],
  'CLUSTER.MERGE.STATE': ['WRONG_STATE', 'It is being merged with another at this moment.'],
  'CLUSTER.MERGE.CLOSED': ['WRONG_STATE', 'The cluster that should stay is closed.'],
  'CLUSTER.MERGE.COUNTRY': ['RULE', 'The two are of different countries.'],
  'CLUSTER.MERGE.EXTERNAL_IDS': ['RULE', 'Together they would have too many outside ids.'],
});

Cluster.refuses([MergeCluster, YieldCluster], {
  'CLUSTER.MERGE.SAME': ['WRONG_STATE', 'The record that should go has changed meanwhile.'],
});

Cluster.refuses([YieldCluster, NoteClusterYielded], {
  'CLUSTER.MERGE.PRODUCT': ['NOT_YOURS', 'The steps of a merge are those of the product itself.'],
});

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

export const ClusterProfile = publication(Cluster, ClusterView, PublicCluster);

Cluster.refuses([ValidateCluster, ClusterProfile.commands.publish], {
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
  'CLUSTER.REMOVE.STATE': ['WRONG_STATE', 'It was validated or published, or addresses of merged records lead to it.'],
  'CLUSTER.REMOVE.FREE': ['WRONG_STATE', 'Other records name it.'],
});

Cluster.refuses([RegisterCluster, PutCluster], {
  'CLUSTER.REGISTER.ACTOR': ['NOT_YOURS', 'A cluster is registered by the platform.'],
});

Cluster.refuses([RegisterCluster, PutCluster, ChangeCluster, ClusterProfile.commands.publish], {
  'CLUSTER.REGISTER.DISTINCT': ['RULE', 'There is a cluster with this name in this country.'],
});

Cluster.refuses([RegisterCluster, PutCluster, ChangeCluster], {
  'CLUSTER.COUNTRIES.KNOWN': ['RULE', 'The country is not one of ISO 3166-1.'],
  'CLUSTER.CLASSIFICATIONS.KNOWN': ['RULE', 'A classification is not in its vocabulary.'],
  'CLUSTER.CRITERIA.KNOWN': ['RULE', 'A member type, waiver or class of region is not one of cluster-criteria.'],
  'CLUSTER.REGION.KNOWN': ['RULE', 'The region is no NUTS code of the country and version it is said to be of.'],
  'CLUSTER.ECOSYSTEM.KNOWN': ['RULE', 'A section, qualifier or country of the ecosystem is not known.'],
  'CLUSTER.WAIVER.ACTOR': ['NOT_YOURS', 'A waiver is recorded by the platform.'],
  'CLUSTER.EXTERNAL_IDS.DISTINCT': ['RULE', 'An outside id stands twice.'],
  'CLUSTER.EXTERNAL_IDS.UNIQUE': ['RULE', 'Another cluster has one of the outside ids.'],
});

Cluster.refuses([ChangeCluster, PutCluster], {
  'CLUSTER.CHANGE.ACTOR': ['NOT_YOURS', 'A cluster is changed by its manager.'],
  'CLUSTER.CHANGE.STATE': ['WRONG_STATE', 'The cluster is closed.'],
  'CLUSTER.CHANGE.PROFILE': ['WRONG_STATE', 'A profile that is archived or under review is not changed, but for outside ids.'],
});

Cluster.refuses([PutCluster], {
  'CLUSTER.PUT.NAMED': ['RULE', 'The cluster is not there yet, and its name or country is not said.'],
});
