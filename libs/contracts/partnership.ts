import { z } from 'zod';
import { ImportCounts } from './import.js';
import { aggregate } from './message.js';
import {
  AddedValue,
  Description,
  ExpectedResult,
  ExternalPartner,
  FileMou,
  FilePolicy,
  FileRemark,
  Funding,
  Intermediary,
  Network,
  Objective,
  OperationalManager,
  OtherActivity,
  Pillar,
  PreviousInitiative,
  StrategyTest,
} from './partnership-file.js';
import { Channel, Classifications, Ecosystem } from './profile.js';
import {
  Code,
  Country,
  Day,
  EdtfDate,
  EdtfText,
  ExternalId,
  Id,
  Instant,
  Quantity,
  Removal,
  Slug,
  Text,
  UpdatedAt,
  Version,
} from './values.js';

const list = <T extends z.ZodType>(item: T) => z.array(item).max(5000).nullable();
const words = (max = 2000) => z.string().max(max).nullable();

const StatedPair = z.object({ declared: Quantity.nullable(), target: Quantity.nullable() });
export const PartnershipFigures = z
  .object({
    partners: StatedPair,
    members: StatedPair,
    smes: StatedPair,
    largeCompanies: StatedPair,
    startUps: StatedPair,
    others: StatedPair,
  })
  .meta({
    id: 'PartnershipFigures',
    description: 'As stated; what is computed from the composition, and the difference, are joined when it is read.',
  });
export type PartnershipFigures = z.infer<typeof PartnershipFigures>;

export const KpiTarget = z
  .object({ ...Quantity.shape, name: Code, kpi: Code.nullable().describe('reference: kpi-definitions'), origin: Code.nullable() })
  .meta({ id: 'KpiTarget' });
export type KpiTarget = z.infer<typeof KpiTarget>;

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

const identity = {
  code: z.string().min(1).max(60),
  slug: Slug,
  acronym: z.string().min(1).max(300),
  name: z.string().min(1).max(300),
  programme: Code.describe('reference: partnership-programmes'),
};

/** Every section a source may state; missing = left as it is, null = blank in the source. */
const sections = {
  longName: words(300),
  call: Code.nullable(),
  strand: Code.nullable(),
  statusLabel: words().describe('as printed'),
  previousInitiatives: list(PreviousInitiative),
  durationMonths: z.int().min(1).max(600).nullable(),
  countries: list(Country),
  targetCountries: list(Country),
  targetCountriesInText: list(Country),
  coordinator: z.object({ cluster: Id, name: z.string().max(300) }).nullable(),
  operationalManager: OperationalManager.nullable(),
  pillars: list(Pillar),
  aims: list(Text),
  description: Description.nullable(),
  objectives: list(Objective),
  addedValue: list(AddedValue),
  benefits: list(Text),
  targets: list(KpiTarget),
  partnersPerSector: list(z.object({ code: Code, partners: z.number() })).describe(
    'how many partners the source counts per sectoral industry',
  ),
  otherActivities: list(OtherActivity),
  strategyTest: StrategyTest.nullable(),
  expectedResults: list(ExpectedResult),
  networks: list(Network),
  intermediaries: list(Intermediary),
  policyReferences: list(z.string().max(2000)),
  externalPartners: list(ExternalPartner),
  channels: list(Channel),
  funding: Funding.nullable(),
  policies: list(FilePolicy),
  mous: list(FileMou),
  ecosystems: list(Ecosystem),
  remarks: list(FileRemark).describe('internal: read by coordinator and platform only'),
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
    classifications: z.object({ ...Classifications.shape, tags: z.array(z.string().max(100)) }),
    figures: PartnershipFigures,
    provenance: Provenance.nullable(),
    coordinators: z
      .array(z.object({ cluster: Id, from: Day.nullable(), to: Day.nullable() }))
      .optional()
      .describe('who coordinated from which day to before which, one after the other; null: not known, or still'),
    completeness: z
      .object({ percent: z.int().min(0).max(100), missing: z.array(z.string()).describe('profile fields that are blank') })
      .describe('how much of the profile is filled in'),
    externalIds: z.array(ExternalId),
    sourceKey: z.string().nullable(),
    lastImport: z.object({ import: Id, at: Instant }).nullable(),
  })
  .meta({ id: 'Partnership' });
export type PartnershipView = z.infer<typeof PartnershipView>;

/** What everybody may learn: no remarks, no contact of a person. */
export const PublicPartnership = PartnershipView.omit({ version: true, updatedAt: true, remarks: true, operationalManager: true });

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

/** What those who run a partnership may say of it themselves; a missing field stays, null makes it blank (RFC 7396). */
const own = {
  acronym: identity.acronym.regex(/\S/, 'not blank').describe('its slug follows from it; the one before still leads to it'),
  name: identity.name.regex(/\S/, 'not blank'),
  longName: sections.longName,
  start: EdtfText.nullable().describe('EDTF level 0–1'),
  durationMonths: sections.durationMonths,
  countries: sections.countries,
  targetCountries: sections.targetCountries,
  aims: sections.aims,
  benefits: sections.benefits,
  policyReferences: sections.policyReferences,
  classifications: z.strictObject({ ...Classifications.shape, tags: z.array(z.string().max(100)).max(500) }).partial(),
  externalIds: z.array(ExternalId).max(20).describe('what it is called elsewhere; replaces the list'),
};

export const PartnershipPatch = z
  .strictObject(own)
  .partial()
  .meta({ id: 'PartnershipPatch', example: { durationMonths: 30, externalIds: [{ system: 'ECCP', id: '12345' }] } });
export type PartnershipPatch = z.infer<typeof PartnershipPatch>;

/** A partnership as it begins. */
export const PartnershipDraft = PartnershipPatch.required({ acronym: true, name: true })
  .extend({ programme: identity.programme })
  .meta({ id: 'PartnershipDraft', example: { acronym: 'NORDRAIL', name: 'Railways of the North', programme: 'ESCP-4X' } });
export type PartnershipDraft = z.infer<typeof PartnershipDraft>;

/** The same by an outside id: what a new one needs may be left out of one that is there. */
export const PartnershipPut = PartnershipPatch.extend({ programme: identity.programme.optional() }).meta({
  id: 'PartnershipPut',
  example: { acronym: 'NORDRAIL', name: 'Railways of the North', programme: 'ESCP-4X' },
});
export type PartnershipPut = z.infer<typeof PartnershipPut>;

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

Partnership.refuses([RegisterPartnership, PutPartnership, ChangePartnership], {
  'PARTNERSHIP.SLUG.UNIQUE': ['RULE', 'Another partnership has the address.'],
  'PARTNERSHIP.START.READABLE': ['RULE', 'The start is not EDTF of level 0 or 1.'],
  'PARTNERSHIP.COUNTRIES.KNOWN': ['RULE', 'A country is not one of ISO 3166-1.'],
  'PARTNERSHIP.CLASSIFICATIONS.KNOWN': ['RULE', 'A classification is not in its vocabulary.'],
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
  'PARTNERSHIP.CHANGE.PROFILE': ['WRONG_STATE', 'A profile in public or under review is not changed, but for outside ids.'],
});

Partnership.refuses([PutPartnership], {
  'PARTNERSHIP.PUT.COMPLETE': ['RULE', 'A new partnership needs acronym, name and programme; one that is there stays in its programme.'],
});

Partnership.refuses([CompleteImport], {
  'PARTNERSHIP.COMPLETE_IMPORT.ACTOR': ['NOT_YOURS', 'An import completes itself.'],
});
