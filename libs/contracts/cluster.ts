import { z } from 'zod';
import { aggregate } from './message.js';
import { Fact, FileEcosystem } from './partnership-file.js';
import { Classifications, Region } from './profile.js';
import { Code, Country, ExternalId, Id, Quantity, Removal, Slug, Text, TextPatch, UpdatedAt, Version } from './values.js';

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

export const ClusterView = z
  .object({
    ...profile,
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
export const ClusterRegistered = Cluster.fact('registered.v1', ClusterView.omit({ version: true, updatedAt: true }));

export const ChangeCluster = Cluster.command('change.v1', ClusterPatch, ClusterView);
export const ClusterChanged = Cluster.fact('changed.v1', ClusterView.omit({ version: true, updatedAt: true }));

/** The record of an outside system: registered when it is not there yet, changed when it is; what is not named stays. */
export const PutCluster = Cluster.command('put.v1', ClusterPatch.extend({ externalId: ExternalId }), ClusterView, 'UPSERT');

/** An import states what a cluster is; nothing is decided. */
export const RecordCluster = Cluster.command('record.v1', ClusterRecord, ClusterView, 'UPSERT');

/** Version and time are those of the fact itself: its `sequence` and `time`. */
export const ClusterRecorded = Cluster.fact('recorded.v1', ClusterView.omit({ version: true, updatedAt: true }));

/** A record made by mistake; what others have seen or hold on to is closed, not removed. */
export const RemoveCluster = Cluster.command('remove.v1', Removal, ClusterView);
export const ClusterRemoved = Cluster.fact('removed.v1', ClusterView.omit({ version: true, updatedAt: true }));

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
