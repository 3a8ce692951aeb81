import type { ImportCounts } from '#libs/contracts/import';
import {
  CompletePartnership,
  PartnershipFollowedCluster,
  PartnershipImported,
  type PartnershipRecord,
  PartnershipRecorded,
  type PartnershipView,
  RecordPartnership,
} from '#libs/contracts/partnership';
import type { PartnershipFigures } from '#libs/contracts/partnership-sections';
import { type PolicyOwner, RecordPolicy } from '#libs/contracts/policy';
import type { Stamp } from '#libs/contracts/values';
import { completenessOf } from '#libs/domain/completeness';
import { type Context, type Decision, type Due, type Send, unchanged } from '#libs/domain/decision';
import { inWork, isReviewed } from '#libs/domain/drafts';
import { edtfDate, endAfter } from '#libs/domain/edtf-date';
import { sourceId } from '#libs/domain/ids';
import { policyKey } from '#libs/domain/policy';
import { record, type Sourced, stated } from '#libs/domain/record';
import { withoutScripts } from '#libs/domain/rich-text';
import { judge, rule } from '#libs/domain/verdict';

/** What is kept; the rest of the view follows from it. `authors`: who has written what is not published yet. */
export type Partnership = Omit<PartnershipView, keyof Stamp | 'end' | 'completeness'> & Sourced & { authors?: string[] };

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
  draft: null,
  profileReason: null,
  basis: null,
  formerDurations: [],
  endedOn: null,
  stateReason: null,
};

/** The slug a partnership had before still leads to it. */
export function recordPartnership(partnership: Partnership | null, stating: PartnershipRecord, context: Context): Decision<Partnership> {
  const said = withoutScripts(RecordPartnership.data, stating);
  const { code, slug, acronym, name, programme, profile, sourceKey } = said;
  const before = partnership ?? { ...blank, code, slug, acronym, name, programme, profile, sourceKey };
  const merge = () => {
    const next = stated<Partnership>(before, {
      ...said,
      start: typeof said.start === 'string' ? edtfDate(said.start) : said.start,
      classifications: stated(before.classifications, said.classifications ?? {}),
      figures: figuresAfter(before.figures, said.figures ?? {}),
      formerSlugs: formerAfter(before, slug),
    });
    // What is no more in public has no draft beside it: it is one itself.
    return isReviewed(next.profile) ? next : stated(next, { ...inWork(next), profile: next.profile });
  };
  const decision = record(partnership, said, context, {
    machine: 'PARTNERSHIP',
    merge,
    tell: (next) => PartnershipRecorded.of(readable(next, context.id)),
  });
  const sends = decision.facts.length === 0 ? {} : { sends: policiesIn(said, context.id) };
  return { ...decision, ...sends, ...timerAfter(partnership, decision.next, context.at) };
}

/** Limits that a partnership sets itself become rules of their own; those of a scheme or call are not for its file to set. */
const policiesIn = ({ code: own, policies }: PartnershipRecord, partnership: string): Send[] =>
  (policies ?? []).flatMap(({ code, value, unit, origin, confidence, validFrom, validTo, owner }) => {
    if (owner.level !== 'PARTNERSHIP') return [];
    const mine: PolicyOwner = { level: 'PARTNERSHIP', code: own };
    const days = { validFrom: validFrom && edtfDate(validFrom).earliest, validTo: validTo && edtfDate(validTo).latest };
    const sourceKey = policyKey(code, mine, days.validFrom);
    const said = { code, owner: mine, partnership, no: 1, value, unit, ...days, source: origin, confidence, note: null, sourceKey };
    return [{ command: RecordPolicy, key: sourceId(sourceKey), data: said, step: `policy-${code}` }];
  });

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

const itself = rule(
  'PARTNERSHIP.FOLLOW_CLUSTER.ACTOR',
  ({ by }: Context) => by.kind === 'SYSTEM' || 'Clusters are followed by the product itself.',
  {
    kind: 'NOT_YOURS',
  },
);

/** A cluster it names has become one with another: it is called by the id of that, in what stands and in what is being written. */
export function followCluster(
  partnership: Partnership | null,
  { from, to }: { from: string; to: string },
  context: Context,
): Decision<Partnership> {
  const verdicts = judge([itself], context);
  const before = partnership as Partnership;
  const called = <T extends { cluster: string }>(each: T): T => (each.cluster === from ? { ...each, cluster: to } : each);
  const follow = <S extends Partial<Pick<Partnership, 'coordinator' | 'ecosystems'>>>(state: S): S => ({
    ...state,
    ...(state.coordinator ? { coordinator: called(state.coordinator) } : {}),
    ...(state.ecosystems ? { ecosystems: state.ecosystems.map(called) } : {}),
  });
  const coordinators = before.coordinators?.map(called);
  const said = { ...follow(before), draft: before.draft && follow(before.draft), ...(coordinators ? { coordinators } : {}) };
  const next = stated<Partnership>(before, said);
  if (next === before) return unchanged(before, verdicts);
  return { next, facts: [PartnershipFollowedCluster.of(readable(next, context.id))], verdicts };
}

const RUNNING = ['PREPARATION', 'IMPLEMENTATION'];

/** Its last day as planned; null when start or duration is blank. */
export const endOf = ({ start, durationMonths }: Partnership) =>
  start && durationMonths ? endAfter(edtfDate(start.edtf), durationMonths) : null;

/** It is completed by itself the day after its end. What was over before anybody asked is recorded so, not completed. */
export function nextOf(partnership: Partnership, at: string): Due | null {
  const end = endOf(partnership);
  if (!end || !RUNNING.includes(partnership.state)) return null;
  const due = new Date(Date.parse(`${end.latest}T00:00:00.000Z`) + 86_400_000).toISOString();
  return due > at ? { at: due, command: CompletePartnership } : null;
}

/** The timer of its end, where a change has moved that. */
export const timerAfter = (before: Partnership | null, next: Partnership, at: string): Pick<Decision<Partnership>, 'due'> =>
  before && before.state === next.state && endOf(before)?.edtf === endOf(next)?.edtf ? {} : { due: nextOf(next, at) };

/** State with what follows from it. */
export function readable(partnership: Partnership, id: string) {
  return {
    ...partnership,
    id,
    draft: partnership.draft && { ...partnership.draft, ...following(inWork(partnership)) },
    ...following(partnership),
  };
}

const following = (partnership: Partnership) => ({
  end: endOf(partnership),
  completeness: completenessOf('PARTNERSHIP', partnership),
});
