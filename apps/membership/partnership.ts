import type { ImportCounts } from '#libs/contracts/import';
import {
  type PartnershipFigures,
  PartnershipImported,
  type PartnershipRecord,
  PartnershipRecorded,
  type PartnershipView,
} from '#libs/contracts/partnership';
import type { Stamp } from '#libs/contracts/values';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { edtfDate, endAfter } from '#libs/domain/edtf-date';
import { record, type Sourced, stated } from '#libs/domain/record';
import { judge, rule } from '#libs/domain/verdict';

/** What is kept; the rest of the view follows from it. */
export type Partnership = Omit<PartnershipView, keyof Stamp | 'end' | 'completeness'> & Sourced;

type Identity = 'code' | 'slug' | 'acronym' | 'name' | 'programme' | 'profile' | 'sourceKey';

const pair = { declared: null, target: null };
export const blank: Omit<Partnership, Identity> = {
  formerSlugs: [],
  state: 'DRAFT',
  longName: null,
  call: null,
  strand: null,
  statusLabel: null,
  start: null,
  previousInitiatives: null,
  durationMonths: null,
  countries: null,
  targetCountries: null,
  targetCountriesInText: null,
  coordinator: null,
  operationalManager: null,
  pillars: null,
  aims: null,
  description: null,
  objectives: null,
  addedValue: null,
  benefits: null,
  targets: null,
  partnersPerSector: null,
  classifications: { sectoralIndustries: null, technologyFields: null, s3PriorityAreas: null, emergingIndustries: null, tags: [] },
  figures: { partners: pair, members: pair, smes: pair, largeCompanies: pair, startUps: pair, others: pair },
  otherActivities: null,
  strategyTest: null,
  expectedResults: null,
  networks: null,
  intermediaries: null,
  policyReferences: null,
  externalPartners: null,
  channels: null,
  funding: null,
  policies: null,
  mous: null,
  ecosystems: null,
  remarks: null,
  provenance: null,
  externalIds: [],
  lastImport: null,
};

/** The slug a partnership had before still leads to it. */
export function recordPartnership(partnership: Partnership | null, said: PartnershipRecord, context: Context): Decision<Partnership> {
  const { code, slug, acronym, name, programme, profile, sourceKey } = said;
  const before = partnership ?? { ...blank, code, slug, acronym, name, programme, profile, sourceKey };
  const merge = () =>
    stated<Partnership>(before, {
      ...said,
      start: typeof said.start === 'string' ? edtfDate(said.start) : said.start,
      classifications: stated(before.classifications, said.classifications ?? {}),
      figures: figuresAfter(before.figures, said.figures ?? {}),
      formerSlugs: formerAfter(before, slug),
    });
  return record(partnership, said, context, {
    machine: 'PARTNERSHIP',
    merge,
    tell: (next) => PartnershipRecorded.of(readable(next, context.id)),
  });
}

/** The slugs it had before, when this is the one it has now. */
export const formerAfter = ({ slug, formerSlugs }: Partnership, now: string): string[] =>
  slug === now ? formerSlugs : [...new Set([...formerSlugs, slug])].filter((former) => former !== now);

function figuresAfter(before: PartnershipFigures, said: NonNullable<PartnershipRecord['figures']>): PartnershipFigures {
  const figures = Object.entries(before).map(([name, figure]) => [name, stated(figure, said[name as keyof PartnershipFigures] ?? {})]);
  return Object.fromEntries(figures) as PartnershipFigures;
}

const onlyByImport = rule('PARTNERSHIP.COMPLETE_IMPORT.ACTOR', ({ by }: Context) => by.kind === 'SYSTEM' || 'An import completes itself.', {
  kind: 'NOT_YOURS',
});

/** The partnership and what belongs to it stand as the import says; whoever waits for that learns it now. */
export function completeImport(
  partnership: Partnership | null,
  { import: done, counts }: { import: string; counts: ImportCounts },
  context: Context,
): Decision<Partnership> {
  const verdicts = judge([onlyByImport], context);
  const before = partnership as Partnership;
  if (before.lastImport?.import === done) return unchanged(before, verdicts);
  const next = { ...before, lastImport: { import: done, at: context.at } };
  return { next, facts: [PartnershipImported.of({ ...readable(next, context.id), import: done, counts })], verdicts };
}

/** State with what follows from it. */
export function readable(partnership: Partnership, id: string) {
  const { start, durationMonths } = partnership;
  const end = start && durationMonths ? endAfter(edtfDate(start.edtf), durationMonths) : null;
  return { ...partnership, id, end, completeness: completeness(partnership) };
}

/** The fields of a full profile, as the partnership's page shows them. */
const profileFields: readonly [field: string, value: (partnership: Partnership) => unknown][] = [
  ['longName', ({ longName }) => longName],
  ['coordinator', ({ coordinator }) => coordinator],
  ['start', ({ start }) => start],
  ['durationMonths', ({ durationMonths }) => durationMonths],
  ['call', ({ call }) => call],
  ['targetCountries', ({ targetCountries }) => targetCountries],
  ['description', ({ description }) => description],
  ['figures.partners', ({ figures }) => figures.partners.declared],
  ['figures.members', ({ figures }) => figures.members.declared],
  ['figures.smes', ({ figures }) => figures.smes.declared],
  ['classifications.sectoralIndustries', ({ classifications }) => classifications.sectoralIndustries],
  ['classifications.technologyFields', ({ classifications }) => classifications.technologyFields],
  ['classifications.s3PriorityAreas', ({ classifications }) => classifications.s3PriorityAreas],
  ['classifications.emergingIndustries', ({ classifications }) => classifications.emergingIndustries],
  ['channels', ({ channels }) => channels],
  ['funding', ({ funding }) => funding],
];

function completeness(partnership: Partnership): PartnershipView['completeness'] {
  const isBlank = (value: unknown) => value === null || (Array.isArray(value) && value.length === 0);
  const missing = profileFields.filter(([, value]) => isBlank(value(partnership))).map(([field]) => field);
  return { percent: Math.round((100 * (profileFields.length - missing.length)) / profileFields.length), missing };
}
