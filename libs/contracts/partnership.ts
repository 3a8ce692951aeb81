import { z } from 'zod';
import { ImportCounts } from './import.js';
import { aggregate } from './message.js';
import { PartnershipDraft, PartnershipPatch, PartnershipPut } from './partnership-patch.js';
import { classified, identity, PartnershipFigures, StatedPair, sections, words } from './partnership-sections.js';
import { Classifications, Completeness } from './profile.js';
import { draftOf, profileReason, publication } from './publication.js';
import { Code, Day, EdtfDate, EdtfText, ExternalId, Id, Instant, Reason, Removal, Slug, UpdatedAt, Version } from './values.js';

/** Where the statements come from; nothing of it is decided by. */
export const Provenance = z
  .object({
    source: words(),
    asOf: words().describe('as printed'),
    asOfEdtf: words(60),
    origin: Code.nullable(),
    conventions: z.record(z.string(), z.string().nullable()).nullable(),
    breadcrumb: z.array(z.string()).nullable(),
    programme: z.object({ name: words(), parentProgramme: words(), funding: words() }).describe('as printed'),
    classificationsFrom: words(),
    origins: z
      .record(z.string(), Code)
      .describe('JSON pointer into the file → origin of what stands there, where it is not the origin of the file'),
    asPrinted: z
      .record(z.string(), z.string())
      .optional()
      .describe('JSON pointer into the file → how it is printed there, where the vocabulary puts it in other words'),
  })
  .meta({ id: 'Provenance' });
export type Provenance = z.infer<typeof Provenance>;

/** What is reviewed before others see it. */
const { remarks: _remarks, operationalManager: _manager, ...reviewed } = sections;
const content = {
  acronym: identity.acronym,
  name: identity.name,
  ...reviewed,
  start: EdtfDate.nullable(),
  end: EdtfDate.nullable(),
  classifications: classified,
  figures: PartnershipFigures,
  completeness: Completeness,
};

export const PartnershipView = z
  .object({
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    ...identity,
    formerSlugs: z.array(Slug),
    state: Code.describe('state-machines: PARTNERSHIP; its phase'),
    profile: Code.describe('state-machines: PROFILE; its publication'),
    ...sections,
    start: EdtfDate.nullable(),
    end: EdtfDate.nullable().describe('start and duration together; null when either is blank'),
    classifications: classified,
    figures: PartnershipFigures,
    provenance: Provenance.nullable(),
    coordinators: z
      .array(z.object({ cluster: Id, from: Day.nullable(), to: Day.nullable() }))
      .optional()
      .describe('who coordinated from which day to before which, one after the other; null: not known, or still'),
    completeness: Completeness,
    draft: draftOf(content),
    profileReason,
    basis: Code.nullable().default(null).describe('on what it is carried out: STRAND_OF_CALL, NEW_GRANT, VOLUNTARY'),
    formerDurations: z
      .array(z.object({ durationMonths: z.int(), until: Instant, reason: Reason }))
      .default([])
      .describe('what it was to last before it was extended, oldest first'),
    endedOn: Day.nullable().default(null).describe('the day it was completed or terminated'),
    stateReason: z.string().nullable().default(null).describe('why it was terminated, or completed early; told to those who run it'),
    externalIds: z.array(ExternalId),
    sourceKey: z.string().nullable(),
    lastImport: z.object({ import: Id, at: Instant }).nullable(),
  })
  .meta({ id: 'Partnership' });
export type PartnershipView = z.infer<typeof PartnershipView>;

/** What everybody may learn: no remarks, no contact of a person. */
export const PublicPartnership = PartnershipView.omit({
  version: true,
  updatedAt: true,
  remarks: true,
  operationalManager: true,
  draft: true,
  profileReason: true,
  stateReason: true,
}).meta({ id: 'PublicPartnership' });

const StatedFigures = z.partialRecord(z.enum(Object.keys(PartnershipFigures.shape) as (keyof PartnershipFigures)[]), StatedPair.partial());

export const PartnershipRecord = z.object({
  ...identity,
  ...z.object(sections).partial().shape,
  state: Code.optional(),
  profile: z.enum(['PUBLISHED', 'DRAFT']),
  start: EdtfText.nullable().optional(),
  classifications: Classifications.partial().optional(),
  figures: StatedFigures.optional(),
  provenance: Provenance.nullable().optional(),
  sourceKey: z.string(),
});
export type PartnershipRecord = z.infer<typeof PartnershipRecord>;

export const Partnership = aggregate('partnership', {
  service: 'membership',
  resource: 'partnerships',
  machines: [
    { machine: 'PARTNERSHIP', field: 'state' },
    { machine: 'PROFILE', field: 'profile', under: 'profile' },
  ],
  view: PartnershipView,
  fields: ['slug', 'code', 'programme', 'state', 'profile', 'targetCountries', 'countries'],
  personal: ['operationalManager.email'],
});

export const RegisterPartnership = Partnership.command('register.v1', PartnershipDraft, PartnershipView, 'NEW');
export const ChangePartnership = Partnership.command('change.v1', PartnershipPatch, PartnershipView);
export const PutPartnership = Partnership.command('put.v1', PartnershipPut.extend({ externalId: ExternalId }), PartnershipView, 'UPSERT');

/** An import states what a partnership is; nothing is decided. */
export const RecordPartnership = Partnership.command('record.v1', PartnershipRecord, PartnershipView, 'UPSERT');
/** All that an import has brought is written, and something of it was new. */
export const CompleteImport = Partnership.command('complete-import.v1', z.object({ import: Id, counts: ImportCounts }), PartnershipView);

/** Version and time are those of the facts themselves: their `sequence` and `time`. */
export const PartnershipRegistered = Partnership.fact('registered.v1', PublicPartnership);
export const PartnershipChanged = Partnership.fact('changed.v1', PublicPartnership);
export const PartnershipRecorded = Partnership.fact('recorded.v1', PublicPartnership);
export const PartnershipImported = Partnership.fact('imported.v1', PublicPartnership.extend({ import: Id, counts: ImportCounts }));

/** A cluster it names is merged into another record, and called by the id of that. */
export const FollowClusterInPartnership = Partnership.command('follow-cluster.v1', z.object({ from: Id, to: Id }), PartnershipView);
export const PartnershipFollowedCluster = Partnership.fact('followed-cluster.v1', PublicPartnership);

Partnership.refuses([FollowClusterInPartnership], {
  'PARTNERSHIP.FOLLOW_CLUSTER.ACTOR': ['NOT_YOURS', 'Partnerships follow their clusters by the product itself.'],
});

const nothing = z.strictObject({});

export const StartPreparation = Partnership.command('start-preparation.v1', nothing, PartnershipView);
export const PreparationStarted = Partnership.fact('preparation-started.v1', PublicPartnership);

export const Basis = z.enum(['STRAND_OF_CALL', 'NEW_GRANT', 'VOLUNTARY']);
export const StartImplementation = Partnership.command(
  'start-implementation.v1',
  z.strictObject({
    basis: Basis.describe('on what it is carried out'),
    call: Code.optional().describe('reference: partnership-programmes; the one it has unless said'),
    strand: Code.optional().describe('of the call; the one it has unless said'),
  }),
  PartnershipView,
);
export const ImplementationStarted = Partnership.fact('implementation-started.v1', PublicPartnership);

/** What hangs on its end moves with it. */
export const ExtendPartnership = Partnership.command(
  'extend.v1',
  z.strictObject({ durationMonths: z.int().min(1).max(600).describe('from its start'), reason: Reason }),
  PartnershipView,
);
export const PartnershipExtended = Partnership.fact('extended.v1', PublicPartnership);

/** By itself when its end has come; its coordinator may declare an earlier day. */
export const CompletePartnership = Partnership.command(
  'complete.v1',
  z.strictObject({ on: Day.optional().describe('declared as its last day; its end unless said'), reason: Reason.optional() }),
  PartnershipView,
);
export const PartnershipCompleted = Partnership.fact('completed.v1', PublicPartnership);

export const SustainPartnership = Partnership.command('sustain.v1', nothing, PartnershipView);
export const PartnershipSustained = Partnership.fact('sustained.v1', PublicPartnership);

export const TerminatePartnership = Partnership.command('terminate.v1', z.strictObject({ reason: Reason }), PartnershipView);
export const PartnershipTerminated = Partnership.fact('terminated.v1', PublicPartnership);

export const ArchivePartnership = Partnership.command('archive.v1', nothing, PartnershipView);
export const PartnershipArchived = Partnership.fact('archived.v1', PublicPartnership);

export const PartnershipProfile = publication(Partnership, PartnershipView, PublicPartnership);

Partnership.refuses([StartPreparation], {
  'PARTNERSHIP.START_PREPARATION.PROGRAMME': ['RULE', 'Its programme has no phase of preparation.'],
  'PARTNERSHIP.START_PREPARATION.PARTNERS': ['RULE', 'Too few clusters belong to it.'],
  'PARTNERSHIP.START_PREPARATION.COUNTRIES': ['RULE', 'Its clusters come from too few COSME countries.'],
  'PARTNERSHIP.START_PREPARATION.DATES': ['RULE', 'Its start or its duration is not set.'],
});

Partnership.refuses([StartImplementation], {
  'PARTNERSHIP.START_IMPLEMENTATION.CALL': ['RULE', 'The call or strand is not one of its programme.'],
  'PARTNERSHIP.START_IMPLEMENTATION.BASIS': ['RULE', 'It is not carried out on the basis that is named.'],
  'PARTNERSHIP.START_IMPLEMENTATION.STRATEGY': ['RULE', 'Its strategy is not approved.'],
  'PARTNERSHIP.START_IMPLEMENTATION.ROADMAP': ['RULE', 'Its roadmap is not approved.'],
});

Partnership.refuses([StartImplementation, SustainPartnership], {
  'PARTNERSHIP.AGREEMENT.IN_FORCE': ['RULE', 'Its partnership agreement is not in force.'],
});

Partnership.refuses([ExtendPartnership], {
  'PARTNERSHIP.EXTEND.LONGER': ['RULE', 'The new duration is not longer than the one it has.'],
});

Partnership.refuses([CompletePartnership], {
  'PARTNERSHIP.COMPLETE.END': ['WRONG_STATE', 'Its end has not come, and none is declared.'],
});

Partnership.refuses([ArchivePartnership], {
  'PARTNERSHIP.ARCHIVE.RETENTION': ['WRONG_STATE', 'Its records are still to be kept at hand.'],
});

/** A draft made by mistake; what others have seen or hold on to is terminated or archived, not removed. */
export const RemovePartnership = Partnership.command('remove.v1', Removal, PartnershipView);
export const PartnershipRemoved = Partnership.fact('removed.v1', PublicPartnership);

/** The coordinator has agreed with its successor: the partnership decides, so that there is one at any time. */
export const PassCoordination = Partnership.command(
  'pass-coordination.v1',
  z.object({ from: Id.nullable().describe('null: nobody coordinates yet'), to: Id, on: Day }),
  PartnershipView,
);
export const CoordinationPassed = Partnership.fact('coordination-passed.v1', PublicPartnership);

Partnership.refuses([RemovePartnership], {
  'PARTNERSHIP.REMOVE.ACTOR': ['NOT_YOURS', 'A partnership is removed by its coordinator or the platform.'],
  'PARTNERSHIP.REMOVE.STATE': ['WRONG_STATE', 'Only a draft that was never published is removed.'],
  'PARTNERSHIP.REMOVE.FREE': ['WRONG_STATE', 'Other records name it.'],
});

Partnership.refuses([RegisterPartnership, PutPartnership, ChangePartnership, PartnershipProfile.commands.publish], {
  'PARTNERSHIP.SLUG.UNIQUE': ['RULE', 'Another partnership has the address.'],
});

Partnership.refuses([RegisterPartnership, PutPartnership, ChangePartnership], {
  'PARTNERSHIP.START.READABLE': ['RULE', 'The start is not EDTF of level 0 or 1.'],
  'PARTNERSHIP.COUNTRIES.KNOWN': ['RULE', 'A country is not one of ISO 3166-1.'],
  'PARTNERSHIP.CLASSIFICATIONS.KNOWN': ['RULE', 'A classification is not in its vocabulary.'],
  'PARTNERSHIP.VALUES.KNOWN': ['RULE', 'A code is not in its vocabulary.'],
  'PARTNERSHIP.CALL.KNOWN': ['RULE', 'The call, or its strand, is not one of the programme.'],
  'PARTNERSHIP.EXTERNAL_IDS.DISTINCT': ['RULE', 'An outside id stands twice.'],
  'PARTNERSHIP.EXTERNAL_IDS.UNIQUE': ['RULE', 'Another partnership has one of the outside ids.'],
});

Partnership.refuses([RegisterPartnership, PutPartnership], {
  'PARTNERSHIP.REGISTER.ACTOR': ['NOT_YOURS', 'A partnership is registered by the platform.'],
  'PARTNERSHIP.PROGRAMME.KNOWN': ['RULE', 'The programme is not one of partnership-programmes.'],
});

Partnership.refuses([ChangePartnership, PutPartnership], {
  'PARTNERSHIP.CHANGE.ACTOR': ['NOT_YOURS', 'A partnership is changed by those who run it.'],
  'PARTNERSHIP.CHANGE.STATE': ['WRONG_STATE', 'The partnership is over.'],
  'PARTNERSHIP.CHANGE.PROFILE': ['WRONG_STATE', 'A profile that is archived or under review is not changed, but for outside ids.'],
});

Partnership.refuses([PutPartnership], {
  'PARTNERSHIP.PUT.COMPLETE': ['RULE', 'A new partnership needs acronym, name and programme; one that is there stays in its programme.'],
});

Partnership.refuses([CompleteImport], {
  'PARTNERSHIP.COMPLETE_IMPORT.ACTOR': ['NOT_YOURS', 'An import completes itself.'],
});
