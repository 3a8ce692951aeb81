import { describe, expect, it } from '@jest/globals';
import { unchanged } from '#libs/domain/decision';
import type { Message } from '#libs/messaging/handle';
import * as counters from '#libs/testing/counters';
import { Add, type Counter, counterContract, OpenCounter, Rename, Ring } from '#libs/testing/counters';
import { decided, decides, NOW, opened, status, stored, to, viewOf } from '#libs/testing/work';
import { type Decide, Work } from './decide.js';
import { fresh, type Stored } from './document.js';

describe('Commands decided together', () => {
  it('each have their own version, view and verdicts', () => {
    const { answers } = decided(fresh('c'), [
      to(OpenCounter, {}),
      to(Add, { by: 2 }),
      to(Add, { by: 0 }),
      to(Add, { by: -1 }),
      to(Add, { by: 3 }),
    ]);
    expect(answers).toMatchObject([
      { status: 'DONE', version: 1, changed: true, view: { version: 1, count: 0 } },
      { status: 'DONE', version: 2, changed: true, view: { version: 2, count: 2 } },
      { status: 'DONE', version: 2, changed: false, view: { version: 2, count: 2 } },
      { status: 'REFUSED', version: 2, changed: false, view: null, verdicts: [{ rule: 'COUNTER.ADD.FORWARD', outcome: 'FAILED' }] },
      { status: 'DONE', version: 3, changed: true, view: { version: 3, count: 5 } },
    ]);
  });

  it('tell a fact for each version, in order of sequence, and the last state once', () => {
    const { work } = decided(fresh('c'), [to(OpenCounter, {}), to(Add, { by: 2 }), to(Add, { by: 3 })]);
    const facts = work.entries.flatMap((entry) => (entry.kind === 'fact' ? [entry.fact.sequence] : []));
    expect(facts).toEqual(['0000000001.000', '0000000002.000', '0000000003.000']);
    expect(work.entries.filter(({ kind }) => kind === 'state')).toHaveLength(1);
    expect(work.entries.map(({ seq }) => seq)).toEqual(work.entries.map((_, place) => place));
  });

  it('leave one that meets a bug behind, with nothing of it but that it failed', () => {
    const { doc, answers, failures } = decided(fresh('c'), [to(OpenCounter, {}), to(Add, { by: 13 }), to(Add, { by: 1 })]);
    expect(failures.map(({ error }) => error.message)).toEqual(['thirteen']);
    expect(answers).toMatchObject([{ version: 1 }, { version: 2, view: { count: 1 } }]);
    expect(doc.state?.steps).toEqual([1]);
  });

  it('take back all of one that meets its bug half-way', () => {
    const half: Decide<Counter, never> = (counter) => ({
      ...unchanged({ ...counter!, count: 77 }),
      sends: [{ command: Add, key: 'd', data: { by: 1 }, step: 's' }],
      due: { at: 'never', command: Ring },
    });
    const doc = opened();
    const { work, failures } = decided(doc, [to(Add, { by: 1 })], { decide: { [Add.type]: half } });
    expect(failures.map(({ error }) => error.message)).toEqual(['never is no instant']);
    expect(doc).toMatchObject({ version: 1, state: { count: 0 }, dueAt: null });
    expect(work.entries).toEqual([]);
  });

  it('that are quiet keep their state, at the same version, and tell nobody', () => {
    const quiet: Decide<Counter, never> = (counter) => ({ ...unchanged({ ...counter!, steps: [...counter!.steps, 7] }), quiet: true });
    const { work, doc, answers } = decided(opened(), [to(Add, { by: 1 })], { decide: { [Add.type]: quiet } });
    expect(doc).toMatchObject({ version: 1, state: { steps: [7] } });
    expect(answers).toMatchObject([{ status: 'DONE', version: 1, changed: false, view: { version: 1, count: 0 } }]);
    expect(work).toMatchObject({ dirty: true, entries: [] });
  });

  it('that are quiet and tell something are a bug', () => {
    const loud: Decide<Counter, never> = (counter) => ({ ...counters.add(counter, { by: 1 }, {} as never), quiet: true });
    const { doc, failures } = decided(opened(), [to(Add, { by: 1 })], { decide: { [Add.type]: loud } });
    expect(failures).toHaveLength(1);
    expect(doc).toMatchObject({ version: 1, state: { count: 0 } });
  });

  it('that change nothing write nothing', () => {
    const { work } = decided(opened(), [to(Add, { by: 0 })]);
    expect(work.entries).toEqual([]);
    expect(work.dirty).toBe(false);
  });

  it('that change nothing are remembered when their client may ask again, or something else is written', () => {
    const { work } = decided(opened(), [to(Add, { by: 0 }, { keyed: true })]);
    expect(work.dirty).toBe(true);
    const { doc } = decided(opened(), [to(Add, { by: 0 }), to(Add, { by: 1 })]);
    expect(doc.recent.slice(-2)).toMatchObject([{ changed: false }, { changed: true }]);
  });
});

describe('A command that comes again', () => {
  it.each([
    ['was done', { by: 2 }, 'DONE'],
    ['was refused', { by: -2 }, 'REFUSED'],
  ])('and %s is answered as before, and not decided', (_, data, expected) => {
    const once = to(Add, data);
    const doc = stored(decided(opened(), [once]));
    const before = structuredClone(doc);
    const { answerOf, work } = decided(doc, [once]);
    expect(status(answerOf(once))).toBe(expected);
    expect(work.dirty).toBe(false);
    expect(doc).toEqual(before);
  });

  it('is known by its id, at whatever place it lies', () => {
    const once = to(Add, { by: 2 });
    const doc = stored(decided(opened(), [once]));
    const { answers } = decided(doc, [to(Add, { by: 2 }, { id: once.id }), to(Add, { by: 0 })]);
    expect(answers).toMatchObject([
      { version: 2, changed: true },
      { version: 2, changed: false, view: { count: 2 } },
    ]);
  });

  it('is known a day later by what was handed over', () => {
    const once = to(Add, { by: 2 }, { keyed: true });
    const [recent] = stored(decided(opened(), [once])).recent.slice(-1);
    const { answers, doc } = decided(opened(), [to(Add, { by: 2 }, { id: once.id })], { handled: new Map([[once.id, recent!]]) });
    expect(answers).toMatchObject([{ status: 'DONE', version: 2 }]);
    expect(doc.version).toBe(1);
  });

  it('when it is not remembered is told by its place: it changed nothing then, and changes nothing now', () => {
    const old = to(Add, { by: 2 });
    const doc = stored(decided(opened(), [old, to(Add, { by: 3 })]));
    doc.recent = [];
    const { answers, work } = decided(doc, [old]);
    expect(answers).toMatchObject([{ status: 'DONE', changed: false, view: { count: 5 } }]);
    expect(work.dirty).toBe(false);
    expect(doc.state?.count).toBe(5);
  });

  it('fails again when it had failed, but is decided when it is sent anew', () => {
    const bug = to(Add, { by: 13 });
    const doc = stored(decided(opened(), [bug, to(Add, { by: 1 })]));
    const mended = { ...decides, [Add.type]: ((c) => counters.add(c, { by: 1 } as never, {} as never)) as Decide<Counter, never> };
    expect(decided(doc, [bug], { decide: mended }).failures.map(({ error }) => error.message)).toEqual(['thirteen']);
    const { answers } = decided(doc, [to(Add, { by: 13 }, { id: bug.id })], { decide: mended });
    expect(answers).toMatchObject([{ status: 'DONE', version: 3 }]);
  });
});

describe('A command is refused', () => {
  const refusals: [string, Message, Stored<Counter>, object][] = [
    ['when there is no such aggregate', to(Rename, { name: 'two' }), fresh('c'), { kind: 'ABSENT', code: 'RESOURCE.ABSENT' }],
    ['when what it would create is there', to(OpenCounter, {}), opened(), { kind: 'WRONG_STATE', code: 'RESOURCE.THERE' }],
    ['when another version was read', to(Add, { by: 1 }, { expected: 4 }), opened(), { kind: 'OUTDATED', code: 'RESOURCE.OUTDATED' }],
  ];
  it.each(refusals)('%s', (_, one, doc, refusal) => {
    const { answerOf } = decided(doc, [one]);
    expect(answerOf(one)).toMatchObject({ status: 'REFUSED', version: doc.version, refusal });
  });

  it('by what the database said, unless it is known as decided', () => {
    const refusal = counters.Bug as never;
    const once = to(Add, { by: 1 });
    const doc = stored(decided(opened(), [once]));
    const work = new Work<Counter>(counterContract, doc, 'exchanges', () => NOW, viewOf, new Map());
    work.take({ message: once, decide: decides[Add.type]!, resolve: () => undefined, reject: () => undefined }, refusal);
    expect(work.answers).toMatchObject([{ handled: { status: 'DONE', version: 2 } }]);
  });

  it('and an aggregate that was never admitted remembers it', () => {
    const one = to(Rename, { name: 'two' });
    const doc = stored(decided(fresh('c'), [one]));
    expect(doc).toMatchObject({ state: null, version: 0, recent: [{ id: one.id }] });
    const { answers } = decided(doc, [one, to(OpenCounter, {})]);
    expect(answers).toMatchObject([
      { status: 'REFUSED', refusal: { kind: 'ABSENT' } },
      { status: 'DONE', version: 1, changed: true },
    ]);
  });

  it('but not with the version that was read', () => {
    const { answers } = decided(opened(), [to(Add, { by: 1 }, { expected: 1 })]);
    expect(answers).toMatchObject([{ status: 'DONE', version: 2 }]);
  });
});

describe('A dry run', () => {
  it.each([
    ['shows what would be', { by: 5 }, { status: 'DONE', version: 1, changed: true, view: { version: 2, count: 5 } }],
    ['shows that nothing would change', { by: 0 }, { status: 'DONE', version: 1, changed: false, view: { version: 1 } }],
    ['is refused as the command would be', { by: -1 }, { status: 'REFUSED', refusal: { errors: [{ pointer: '/by' }] } }],
  ])('%s, and leaves no trace', (_, data, expected) => {
    const doc = opened();
    const before = structuredClone(doc);
    const { answers, work } = decided(doc, [to(Add, data, { dryRun: true })]);
    expect(answers).toMatchObject([expected]);
    expect(doc).toMatchObject(before);
    expect(work).toMatchObject({ dirty: false, entries: [] });
  });

  it('that meets a bug leaves no trace either', () => {
    const doc = opened();
    const before = structuredClone(doc);
    const { failures, work } = decided(doc, [to(Add, { by: 13 }, { dryRun: true })]);
    expect(failures).toHaveLength(1);
    expect(work.dirty).toBe(false);
    expect(doc).toMatchObject(before);
  });

  it('that is delivered again after later commands is answered again', () => {
    const dry = to(Add, { by: 5 }, { dryRun: true });
    const doc = stored(decided(opened(), [dry, to(Add, { by: 1 })]));
    expect(decided(doc, [dry]).answers).toMatchObject([{ status: 'DONE', view: { count: 6 } }]);
  });
});
