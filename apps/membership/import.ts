import { type ImportCounts, type ImportItem, type ImportView, NoteImportStep } from '#libs/contracts/import';
import type { Outcome, StepDone } from '#libs/contracts/message';
import { CompleteImport } from '#libs/contracts/partnership';
import type { Stamp } from '#libs/contracts/values';
import { type Context, type Decision, type Send, unchanged } from '#libs/domain/decision';
import { portions } from '#libs/domain/portions';
import { examine, judge, Refusal, rule } from '#libs/domain/verdict';
import { type PlannedRecord, recordedBy, type Work } from './import-records.js';
import { fileRules, type Prepared, startRules, workOf } from './import-rules.js';

export interface Import extends Omit<ImportView, keyof Stamp> {
  /** The message that is answered when all is done. */
  asked: string;
  /** Records that are not under way yet. */
  waiting: Portion[];
  /** What became of items and is not told yet: an import of thousands tells it in groups. */
  noted: Noted[];
}

type Noted = Pick<ImportItem, 'outcome' | 'version' | 'reason'> & { place: number };

/** `step` is the place of the item. */
interface Step {
  step: string;
  data: unknown;
}

/** Records that go under way together, as JSON: of an import of thousands they are most of what is stored, and only ever read whole. */
interface Portion {
  many: number;
  steps: string;
}

type Start = { sha256: string };

/** The partnership is recorded first and alone: when it is refused, nothing that belongs to it comes into being. A list of partners has none. */
const FIRST = '0';
const COMPLETE = 'complete';
/** Records under way at a time: an import of thousands leaves room for others, in the database and here. */
export const MOST_UNDER_WAY = 60;
const PORTION = MOST_UNDER_WAY / 2;

export const startImport =
  (prepared: Prepared) =>
  (_none: Import | null, { sha256 }: Start, { by, at, message }: Context): Decision<Import> => {
    const asked = { ...prepared, by };
    const verdicts = judge(startRules, asked);
    const { records, findings, ...of } = workOf(prepared) as Work;
    const steps = records.flatMap(({ data }, place) => (data === null ? [] : [{ step: String(place), data }]));
    const alone = records[0]?.kind === 'partnership' ? 1 : MOST_UNDER_WAY;
    const items = records.map(itemOf);
    const next: Import = {
      state: steps.length === 0 ? 'DONE' : 'RUNNING',
      dryRun: false,
      ...of,
      sha256,
      startedAt: at,
      endedAt: steps.length === 0 ? at : null,
      counts: countsOf(items),
      items,
      findings: [...examine(fileRules, asked).notes, ...findings],
      asked: message,
      waiting: portionsOf(steps.slice(alone)),
      noted: [],
    };
    if (steps.length === 0) return { next, facts: [], verdicts };
    return { next, facts: [], verdicts, sends: sendsOf(next, steps.slice(0, alone)), answer: 'LATER' };
  };

const itemOf = ({ kind, id, sourceKey, data, row, suspects }: PlannedRecord): ImportItem => ({
  ...{ kind, id, sourceKey, version: null, reason: null },
  outcome: data === null ? 'LEFT' : 'PENDING',
  ...(row === undefined ? {} : { row }),
  ...(suspects === undefined ? {} : { suspects }),
});

const onlyByItself = rule('IMPORT.NOTE_STEP.ACTOR', ({ by }: Context) => by.kind === 'SYSTEM' || 'The steps of an import answer to it.', {
  kind: 'NOT_YOURS',
});

/** Steps answer in any order, and some twice; each counts once. */
export function noteImportStep(running: Import | null, { step, outcome }: StepDone, context: Context): Decision<Import> {
  judge([onlyByItself], context);
  const before = running as Import;
  if (before.state !== 'RUNNING') return unchanged(before);
  if (step === COMPLETE) return ended(completed(before, outcome), 'DONE', context.at);
  const place = Number(step);
  if (before.items[place]?.outcome !== 'PENDING' || before.noted.some((one) => one.place === place)) return unchanged(before);
  const noted = { ...before, noted: [...before.noted, { place, ...became(outcome, 1) }] };
  if (isLeading(noted, step) && outcome.status !== 'DONE') return refused(told(noted), outcome, context.at);
  return goOn(noted, context);
}

const isLeading = ({ items }: Import, step: string) => step === FIRST && items[0]?.kind === 'partnership';

/**
 * All else is recorded once the partnership stands, so many at a time, and what became of them is told with the next; who waits for the
 * partnership learns of it when everything is there.
 */
function goOn(noted: Import, { id, at }: Context): Decision<Import> {
  const pending = noted.items.filter(({ outcome }) => outcome === 'PENDING').length - noted.noted.length;
  const underWay = pending - noted.waiting.reduce((sum, { many }) => sum + many, 0);
  const areNext = noted.waiting.length > 0 && underWay <= MOST_UNDER_WAY - PORTION;
  if (pending > 0 && !areNext) return { next: noted, quiet: true, facts: [], verdicts: [] };
  const now = told(noted);
  if (areNext) return further(now, Math.floor((MOST_UNDER_WAY - underWay) / PORTION));
  if (now.counts.created + now.counts.changed === 0) return ended(now, 'DONE', at);
  return { next: now, facts: [], verdicts: [], sends: [completing(now, id)] };
}

function further(now: Import, many: number): Decision<Import> {
  const next = { ...now, waiting: now.waiting.slice(many) };
  const steps = now.waiting.slice(0, many).flatMap((portion) => JSON.parse(portion.steps) as Step[]);
  return { next, facts: [], verdicts: [], sends: sendsOf(now, steps) };
}

export const portionsOf = (steps: readonly Step[]): Portion[] =>
  portions(steps, PORTION).map((portion) => ({ many: portion.length, steps: JSON.stringify(portion) }));

/** The partnership itself has moved on by being told of its import: who waits for it waits for that version. */
function completed(now: Import, { status, version }: Outcome): Import {
  if (status !== 'DONE') return now;
  const items = now.items.map((item) => (item.kind === 'partnership' ? { ...item, version } : item));
  return { ...now, items };
}

function ended(now: Import, state: 'DONE' | 'REFUSED', at: string): Decision<Import> {
  return { next: { ...now, state, endedAt: at, waiting: [] }, facts: [], verdicts: [], settles: [{ message: now.asked, refusal: null }] };
}

function refused(now: Import, { refusal }: Outcome, at: string): Decision<Import> {
  return { ...ended(now, 'REFUSED', at), settles: [{ message: now.asked, refusal: refusal ?? failure() }] };
}

const failure = () =>
  Refusal.because('IMPORT.RECORD.FAILED', 'The partnership could not be recorded; nothing else was.').toJSON() as Outcome['refusal'];

/** With what is noted among its items. */
function told(now: Import): Import {
  const items = [...now.items];
  for (const { place, ...became } of now.noted) items[place] = { ...items[place]!, ...became };
  return { ...now, items, counts: countsOf(items), noted: [] };
}

function countsOf(items: ImportItem[]): ImportCounts {
  const count = (which: ImportItem['outcome']) => items.filter(({ outcome }) => outcome === which).length;
  return { created: count('CREATED'), changed: count('CHANGED'), left: count('LEFT'), refused: count('REFUSED') };
}

/** What an import would come to, by what a dry run of each of its records tells, in their order; refused without the partnership, as the import would be. */
export function rehearsed(planned: Outcome, outcomes: readonly Outcome[], at: string): Outcome {
  const view = planned.view as ImportView;
  const [first] = outcomes;
  if (view.items[0]?.kind === 'partnership' && first?.status !== 'DONE')
    return { ...planned, status: 'REFUSED', changed: false, view: null, refusal: first?.refusal ?? failure() };
  const told = outcomes[Symbol.iterator]();
  // A dry run answers with the version that is there, which is none for what would be created.
  const items = view.items.map((item) => (item.outcome === 'PENDING' ? { ...item, ...became(told.next().value as Outcome, 0) } : item));
  const counts = countsOf(items);
  const report: ImportView = { ...view, state: 'DONE', dryRun: true, endedAt: at, items, counts };
  return { ...planned, changed: counts.created + counts.changed > 0, view: report };
}

/** `created`: the version that tells of a record that it is new. */
function became({ status, changed, version, refusal }: Outcome, created: number): Pick<ImportItem, 'outcome' | 'version' | 'reason'> {
  if (status !== 'DONE') return { outcome: 'REFUSED', version: null, reason: refusal?.message ?? 'It failed and was put aside.' };
  if (!changed) return { outcome: 'LEFT', version, reason: null };
  return { outcome: version === created ? 'CREATED' : 'CHANGED', version, reason: null };
}

const sendsOf = ({ items }: Import, steps: Step[]): Send[] =>
  steps.flatMap(({ step, data }) => {
    const item = items[Number(step)];
    return item ? [{ command: recordedBy[item.kind], key: item.id, data, step, answer: NoteImportStep }] : [];
  });

const completing = ({ partnership, counts }: Import, id: string): Send => ({
  command: CompleteImport,
  key: partnership,
  data: { import: id, counts },
  step: COMPLETE,
  answer: NoteImportStep,
});
