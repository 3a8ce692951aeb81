import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Actor, system } from '#libs/contracts/actor';
import type { Outcome } from '#libs/contracts/message';
import type { PartnershipFile } from '#libs/contracts/partnership-file';
import type { Decision, Send } from '#libs/domain/decision';
import { sourceId } from '#libs/domain/ids';
import { planImport } from '#libs/domain/import-plan';
import { checkPartnershipFile, readPartnershipFile } from '#libs/domain/partnership-file';
import { failedRules, Refusal } from '#libs/domain/verdict';
import { type Import, MOST_UNDER_WAY, noteImportStep, portionsOf, rehearsed, startImport } from './import.js';
import type { Prepared } from './import-rules.js';

const at = '2026-01-01T00:00:00.000Z';
const id = '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f';
const product = system('membership', at);
const admin: Actor = { ...product, kind: 'CLIENT', id: 'admin', roles: [{ role: 'PLATFORM_ADMIN', binding: null }] };
const coordinatorOf = (code: string): Actor => ({
  ...admin,
  roles: [{ role: 'PARTNERSHIP_COORDINATOR', binding: { kind: 'PARTNERSHIP', id: sourceId(code) } }],
});
const context = (by = admin) => ({ id, by, at, message: 'the message that waits' });

const json = JSON.parse(readFileSync(new URL('../../libs/reference/data/partnerships/dia.json', import.meta.url), 'utf8'));
const dia = readPartnershipFile(json).file as PartnershipFile;

function prepared(file: PartnershipFile = dia, slugOwner: string | null = null): Prepared {
  const isSound = checkPartnershipFile(file).errors.length === 0;
  const plan = isSound ? planImport(file, { profile: 'PUBLISHED', existing: { cluster: () => null, slugOwner: () => null } }) : null;
  return { file, faults: [], plan, slugOwner };
}

const start = (from = prepared(), by = admin) => startImport(from)(null, { sha256: '0'.repeat(64) }, context(by));
const outcomeOf = (step: string, fields: Partial<Outcome> = {}): { step: string; outcome: Outcome } => ({
  step,
  outcome: {
    id: step,
    status: 'DONE',
    aggregate: '',
    key: '',
    version: 1,
    changed: true,
    view: null,
    verdicts: [],
    refusal: null,
    ...fields,
  },
});
const left = (step: string) => outcomeOf(step, { version: 3, changed: false });
const note = (running: Import, answer: ReturnType<typeof outcomeOf>) => noteImportStep(running, answer, context(product));
const steps = (sends: Send[] | undefined) => (sends ?? []).map(({ step }) => step);

/** Answers every step as soon as it is sent, until nothing is under way. */
function carriedOut(
  from: Decision<Import>,
  answer: (step: string) => ReturnType<typeof outcomeOf>,
  see: (now: Decision<Import>) => void = () => undefined,
): Decision<Import> {
  let now = from;
  for (let open = steps(from.sends); open.length > 0; ) {
    const [step, ...rest] = open;
    const state = now.next;
    now = note(state, answer(step as string));
    see(now);
    open = [...rest, ...steps(now.sends)];
  }
  return now;
}

describe('An import', () => {
  it('records the partnership first and alone', () => {
    const { next, sends, answer } = start();
    expect(sends?.map(({ command, key }) => [command.type, key])).toEqual([['partnership.record.v1', sourceId('DIA')]]);
    expect(answer).toBe('LATER');
    expect(next).toMatchObject({ state: 'RUNNING', items: { length: 21 }, waiting: [{ many: 20 }] });
  });

  it('records all else once the partnership stands', () => {
    const { next, sends } = note(start().next, outcomeOf('0'));
    const types = (sends ?? []).map(({ command }) => command.type);
    expect([...new Set(types)]).toEqual(['cluster.record.v1', 'membership.record.v1', 'event.record.v1']);
    expect(types).toHaveLength(20);
    expect(next.waiting).toEqual([]);
  });

  it('has only so many records under way, however they answer, and comes to its end', () => {
    const first = start().next;
    const many = Array.from({ length: 400 }, (_, place) => ({
      ...(first.items.at(-1) as Import['items'][number]),
      id: sourceId(`${place}`),
    }));
    const items = [...first.items.slice(0, 1), ...many];
    const waiting = portionsOf(many.map((_, place) => ({ step: String(place + 1), data: {} })));
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (choices) => {
        let now: Decision<Import> = note({ ...first, items, waiting }, outcomeOf('0'));
        const open = steps(now.sends) as string[];
        const sent = new Set(open);
        let most = open.length;
        while (open.length > 0) {
          const [step] = open.splice(choices.next().value % open.length, 1);
          now = note(now.next, outcomeOf(step as string));
          for (const further of steps(now.sends) as string[]) {
            expect(sent.has(further)).toBe(false);
            sent.add(further);
            open.push(further);
          }
          most = Math.max(most, open.length);
        }
        expect(most).toBeLessThanOrEqual(MOST_UNDER_WAY);
        expect(sent.size).toBe(401);
        expect(now.next).toMatchObject({ state: 'DONE', waiting: [], counts: { created: 401 } });
      }),
      { numRuns: 5 },
    );
  });

  it('tells what became of its records in groups, each of which shows nothing before', () => {
    const many = { ...dia, plannedEvents: Array.from({ length: 390 }, (_, no) => ({ ...dia.plannedEvents![0]!, no: no + 1 })) };
    let told = 0;
    let before = start(prepared(many)).next;
    carriedOut(
      start(prepared(many)),
      (step) => outcomeOf(step),
      (now) => {
        const { noted: _, ...shown } = now.next;
        const { noted: __, ...shownBefore } = before;
        if (now.quiet) expect(shown).toEqual(shownBefore);
        else told += 1;
        before = now.next;
      },
    );
    expect(told).toBeLessThan(before.items.length / 20);
    expect(before.counts.created).toBe(before.items.length);
  });

  it('completes the partnership when something was new, then answers', () => {
    const told: string[] = [];
    const some = carriedOut(start(), (step) => {
      told.push(step);
      return step === '7' ? outcomeOf(step) : left(step);
    });
    expect(told.at(-1)).toBe('complete');
    expect(some.next).toMatchObject({ state: 'DONE', endedAt: at, counts: { created: 1, left: 20 } });
    expect(some.settles).toEqual([{ message: 'the message that waits', refusal: null }]);
  });

  it('names the version that the partnership has when it has been told', () => {
    const version = (fate: Partial<Outcome>) =>
      carriedOut(start(), (step) => outcomeOf(step, step === 'complete' ? { version: 7, ...fate } : {})).next.items[0]?.version;
    expect(version({})).toBe(7);
    expect(version({ status: 'FAILED' })).toBe(1);
  });

  it('that brings nothing new tells nobody', () => {
    const told: string[] = [];
    const end = carriedOut(start(), (step) => {
      told.push(step);
      return left(step);
    });
    expect(told).not.toContain('complete');
    expect(end.next).toMatchObject({ state: 'DONE', counts: { created: 0, changed: 0, left: 21, refused: 0 } });
  });

  it('comes to the same end in whatever order its steps answer, and however often', () => {
    const before = note(start().next, outcomeOf('0')).next;
    const places = Array.from({ length: 20 }, (_, place) => String(place + 1));
    const answers = fc.shuffledSubarray([...places, ...places], { minLength: 40, maxLength: 40 });
    const fates = fc.array(fc.constantFrom({}, { changed: false }, { version: 4 }, { status: 'REFUSED' as const }), {
      minLength: 21,
      maxLength: 21,
    });
    fc.assert(
      fc.property(answers, fates, (order, fate) => {
        const inTurn = places.reduce((now, step) => note(now, outcomeOf(step, fate[Number(step)])).next, before);
        const shuffled = order.reduce((now, step) => note(now, outcomeOf(step, fate[Number(step)])).next, before);
        expect(shuffled).toEqual(inTurn);
      }),
    );
  });

  it('completes the partnership once, though the last step answers twice', () => {
    const answered = Array.from({ length: 20 }, (_, place) => String(place));
    const before = answered.reduce((now, step) => note(now, outcomeOf(step)).next, start().next);
    const last = note(before, outcomeOf('20'));
    expect(steps(last.sends)).toEqual(['complete']);
    expect(note(last.next, outcomeOf('20'))).toMatchObject({ next: last.next, facts: [] });
    expect(steps(note(last.next, outcomeOf('20')).sends)).toEqual([]);
  });

  it('names the rows that were refused, with the reason', () => {
    const refusal = { ...Refusal.because('X', 'The name is taken.').toJSON() } as unknown as Outcome['refusal'];
    const end = carriedOut(start(), (step) => (step === '2' ? outcomeOf(step, { status: 'REFUSED', refusal }) : left(step)));
    expect(end.next.items[2]).toMatchObject({ outcome: 'REFUSED', reason: 'The name is taken.', version: null });
    expect(end.next.counts.refused).toBe(1);
  });
});

describe('An import whose partnership is refused', () => {
  const refusal = { ...Refusal.because('PARTNERSHIP.SLUG.UNIQUE', 'Taken.').toJSON() } as unknown as Outcome['refusal'];
  const ended = note(start().next, outcomeOf('0', { status: 'REFUSED', refusal }));

  it('records nothing else and answers with that refusal', () => {
    expect(ended.next).toMatchObject({ state: 'REFUSED', endedAt: at, waiting: [] });
    expect(ended.sends).toBeUndefined();
    expect(ended.settles).toEqual([{ message: 'the message that waits', refusal }]);
  });

  it('stays refused, whatever is heard of it afterwards', () => {
    expect(note(ended.next, outcomeOf('0')).next).toBe(ended.next);
  });
});

describe('A dry run', () => {
  const { next } = start();
  const planned: Outcome = { ...outcomeOf('').outcome, view: { ...next, id, version: 1 } };
  const told = (answer: (place: number) => Partial<Outcome>) =>
    rehearsed(
      planned,
      next.items.map((_, place) => outcomeOf(String(place), answer(place)).outcome),
      at,
    );

  it('tells created from changed by the version that is there', () => {
    const view = { state: 'DONE', dryRun: true, endedAt: at, counts: { created: 11, changed: 10, left: 0, refused: 0 } };
    expect(told((place) => ({ version: place % 2 }))).toMatchObject({ status: 'DONE', changed: true, view });
  });

  it('names the rows that would be refused, and says when nothing would change', () => {
    const refusal = { ...Refusal.because('X', 'The name is taken.').toJSON() } as unknown as Outcome['refusal'];
    const outcome = told((place) => (place === 2 ? { status: 'REFUSED', refusal } : { changed: false, version: 3 }));
    expect(outcome).toMatchObject({ changed: false, view: { counts: { left: 20, refused: 1 } } });
    expect((outcome.view as Import).items[2]).toMatchObject({ outcome: 'REFUSED', reason: 'The name is taken.' });
  });

  it('is refused when the partnership would be', () => {
    const refusal = { ...Refusal.because('PARTNERSHIP.SLUG.UNIQUE', 'Taken.').toJSON() } as unknown as Outcome['refusal'];
    const outcome = rehearsed(planned, [outcomeOf('0', { status: 'REFUSED', refusal }).outcome], at);
    expect(outcome).toMatchObject({ status: 'REFUSED', changed: false, view: null, refusal });
  });
});

describe('Whether an import may begin', () => {
  it('is for the platform and the coordinator of this very partnership', () => {
    expect(failedRules(() => start(prepared(), coordinatorOf('DIA')))).toEqual([]);
    expect(failedRules(() => start(prepared(), coordinatorOf('PIMAP')))).toEqual(['IMPORT.START.ACTOR']);
    expect(failedRules(() => start(prepared(), { ...admin, roles: [] }))).toEqual(['IMPORT.START.ACTOR']);
    expect(failedRules(() => start(prepared(), { ...admin, roles: [{ role: 'PARTNERSHIP_COORDINATOR', binding: null }] }))).toEqual([
      'IMPORT.START.ACTOR',
    ]);
  });

  it('needs a file that can be read', () => {
    const nothing: Prepared = { file: null, faults: [{ pointer: '', message: 'The file is not there.' }], plan: null, slugOwner: null };
    expect(failedRules(() => start(nothing))).toEqual(['IMPORT.START.FILE']);
  });

  it('needs an address that is free or its own', () => {
    expect(failedRules(() => start(prepared(dia, sourceId('DIA'))))).toEqual([]);
    expect(failedRules(() => start(prepared(dia, sourceId('OTHER'))))).toEqual(['PARTNERSHIP.SLUG.UNIQUE']);
  });

  it('tells every fault of the file and its place at once', () => {
    const [first, second, ...others] = dia.plannedEvents ?? [];
    const events = [
      { ...first, type: 'GARDEN_PARTY' },
      { ...second, estimatedDate: '2018-13' },
      ...others,
    ] as PartnershipFile['plannedEvents'];
    const broken = prepared({ ...dia, plannedEvents: events });
    expect(failedRules(() => start(broken, coordinatorOf('PIMAP')))).toEqual([
      'IMPORT.START.ACTOR',
      'PARTNERSHIP_FILE.CODES',
      'PARTNERSHIP_FILE.DATES',
    ]);
    const refusal = refusalOf(() => start(broken));
    expect(refusal.errors.map(({ pointer }) => pointer)).toEqual(['/plannedEvents/0/type', '/plannedEvents/1/estimatedDate']);
  });

  it('needs records that can be told', () => {
    const remarks = Array.from({ length: 60 }, () => ({ kind: 'NOTE', about: null, text: { en: 'x'.repeat(10_000) }, source: null }));
    expect(failedRules(() => start(prepared({ ...dia, remarks })))).toEqual(['IMPORT.START.SIZE']);
  });

  it('is told what is worth a look, without being refused for it', () => {
    const totals = { ...dia.computedTotals, members: 1007 } as PartnershipFile['computedTotals'];
    expect(start(prepared({ ...dia, computedTotals: totals })).next.findings).toMatchObject([{ pointer: '/computedTotals/members' }]);
  });

  it('hears of its steps from the product itself only', () => {
    expect(failedRules(() => noteImportStep(start().next, outcomeOf('0'), context(admin)))).toEqual(['IMPORT.NOTE_STEP.ACTOR']);
  });
});

function refusalOf(decide: () => unknown): Refusal {
  try {
    decide();
  } catch (error) {
    if (error instanceof Refusal) return error;
  }
  throw new Error('It was not refused.');
}
