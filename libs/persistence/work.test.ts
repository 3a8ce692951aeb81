import { describe, expect, it } from '@jest/globals';
import type { CommandContract, Outcome } from '#libs/contracts/message';
import type { Stamp } from '#libs/contracts/values';
import { unchanged } from '#libs/domain/decision';
import type { Handled, Message } from '#libs/messaging/handle';
import * as counters from '#libs/testing/counters';
import { Add, type Counter, counterContract, OpenCounter, Pour, Poured, Remind, Rename, Ring } from '#libs/testing/counters';
import { message } from '#libs/testing/messages';
import { type Decide, Work } from './decide.js';
import { fresh, type Recent, type Stored } from './document.js';

const NOW = '2026-03-01T09:00:00.000Z';
const viewOf = (state: Counter, stamp: Stamp) => counterContract.view.parse({ ...state, ...stamp });

const decides: Record<string, Decide<Counter, never>> = {
  [OpenCounter.type]: counters.open,
  [Add.type]: counters.add,
  [Rename.type]: counters.rename,
  [Remind.type]: counters.remind,
  [Ring.type]: counters.ring,
  [Pour.type]: counters.pour,
  [Poured.type]: counters.poured,
};

/** What became of some commands on one aggregate that were decided together. */
function decided(doc: Stored<Counter>, messages: Message[], { handled = new Map<string, Recent>(), decide = decides } = {}) {
  const work = new Work<Counter>(counterContract, doc, 'exchanges', () => NOW, viewOf, handled);
  for (const one of messages) {
    const item = { message: one, decide: decide[one.type]!, resolve: () => undefined, reject: () => undefined };
    work.take(item);
  }
  work.seal();
  const answerOf = (one: Message): Handled | undefined => work.answers.find(({ item }) => item.message === one)?.handled;
  return { work, doc, answerOf, answers: work.answers.map(({ handled: answer }) => answer), failures: work.failures };
}

/** As it lies in the database after the write. */
const stored = ({ doc, work }: ReturnType<typeof decided>): Stored<Counter> =>
  structuredClone({ ...doc, rev: doc.rev + 1, outbox: work.entries });

const to = <C extends CommandContract>(contract: C, data: Parameters<typeof message<C>>[2], fields: Partial<Message<C>> = {}) =>
  message(contract, 'c', data, fields) as Message;

/** Opened long ago. */
const opened = () => ({ ...stored(decided(fresh('c'), [to(OpenCounter, { name: 'one' })])), lastOffset: -1, recent: [], outbox: [] });
const status = (handled: Handled | undefined) => (handled as Outcome | null)?.status;

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

describe('A timer', () => {
  const at = '2026-04-01T08:00:00.000Z';
  const rung = (fields: Partial<Message<typeof Ring>> = {}) => to(Ring, {}, { due: at, replyTo: null, ...fields });
  const set = () => stored(decided(opened(), [to(Remind, { at })]));

  it('stands on its aggregate with its command', () => {
    expect(set()).toMatchObject({ dueAt: new Date(at), dueType: Ring.type, version: 1 });
  });

  it('is taken once, and is over', () => {
    const { doc } = decided(set(), [rung(), rung({ id: 'another sweep' })]);
    expect(doc).toMatchObject({ version: 2, dueAt: null, dueType: null, state: { steps: [1] } });
  });

  it.each([
    ['was moved', { due: '2026-03-30T08:00:00.000Z' }],
    ['stands for another command', { type: 'counter.other.v1' }],
  ])('that %s is not taken', (_, fields) => {
    const doc = set();
    const one = rung(fields);
    const { answerOf, work } = decided(doc, [one], { decide: { [one.type]: counters.ring as Decide<Counter, never> } });
    expect(answerOf(one)).toBeNull();
    expect(work.dirty).toBe(false);
    expect(doc.dueAt).toEqual(new Date(at));
  });

  it('that is refused is over, and does not come again', () => {
    const doc = stored(decided(opened(), [to(Add, { by: 101 }), to(Remind, { at })]));
    const { answers } = decided(doc, [rung()]);
    expect(answers).toMatchObject([{ status: 'REFUSED' }]);
    expect(doc).toMatchObject({ dueAt: null, dueType: null });
  });

  it('that meets a bug stands, so that it is tried again', () => {
    const bug: Decide<Counter, never> = () => {
      throw new counters.Bug('not today');
    };
    const doc = set();
    expect(decided(doc, [rung()], { decide: { [Ring.type]: bug } }).failures).toHaveLength(1);
    expect(doc.dueAt).toEqual(new Date(at));
    expect(decided(doc, [rung()]).answers).toMatchObject([{ status: 'DONE', version: 2 }]);
  });

  it('stays when others commands do not speak of it, and is moved when they do', () => {
    const later = '2026-05-01T08:00:00.000Z';
    const doc = set();
    decided(doc, [to(Add, { by: 1 })]);
    expect(doc.dueAt).toEqual(new Date(at));
    decided(doc, [to(Remind, { at: later })]);
    expect(doc.dueAt).toEqual(new Date(later));
  });
});

describe('An answer that follows later', () => {
  const outcome = { status: 'DONE', aggregate: 'counter', key: 'd', version: 1, changed: true, view: null, verdicts: [], refusal: null };
  const refusal = { kind: 'RULE', code: 'X', message: 'No.', verdicts: [], errors: [] };
  const poured = (pour: Message, fields: object = {}) =>
    to(Poured, { step: pour.id, outcome: { id: 's', ...outcome, ...fields } as never }, { replyTo: null });
  const begun = () => {
    const pour = to(Pour, { into: 'd', by: 4 }, { replyTo: { instance: 'asker' } });
    const result = decided(opened(), [pour]);
    return { pour, result, doc: stored(result) };
  };

  it('is not given, while what it needs is sent', () => {
    const { pour, result } = begun();
    expect(result.answerOf(pour)).toBeNull();
    expect(result.work.entries).toContainEqual(
      expect.objectContaining({
        kind: 'send',
        key: 'd',
        data: { by: 4 },
        replyTo: { service: 'exchanges', type: Poured.type, key: 'c', step: pour.id },
      }),
    );
  });

  it('is given to all who asked when it is settled, with the view of then', () => {
    const { pour, doc } = begun();
    const again = to(Pour, { into: 'd', by: 4 }, { id: pour.id, replyTo: { instance: 'another' } });
    const twice = to(Pour, { into: 'd', by: 4 }, { id: pour.id, replyTo: { instance: 'another' } });
    const { answers } = decided(doc, [again, twice, poured(pour)]);
    expect(answers.slice(0, 2)).toEqual([null, null]);
    const settled = { id: pour.id, status: 'DONE', version: 2, changed: true, view: { count: -4 } };
    expect(answers[2]).toMatchObject({
      settled: [
        { to: { instance: 'asker' }, outcome: settled },
        { to: { instance: 'another' }, outcome: settled },
      ],
    });
  });

  it('is the refusal it is settled with', () => {
    const { pour, doc } = begun();
    const { answers } = decided(doc, [poured(pour, { refusal })]);
    expect(answers).toMatchObject([{ status: 'DONE', settled: [{ outcome: { id: pour.id, status: 'REFUSED', view: null, refusal } }] }]);
  });

  it.each([
    ['done', {}],
    ['refused', { refusal }],
  ])('is given again when what settled it comes again: %s', (_, fields) => {
    const { pour, doc } = begun();
    const settling = poured(pour, fields);
    const first = decided(doc, [settling]);
    const second = decided(stored(first), [settling, pour]);
    expect(second.answers[0]).toEqual(first.answers[0]);
    expect(second.answers[1]).toMatchObject({ id: pour.id, status: 'refusal' in fields ? 'REFUSED' : 'DONE' });
  });

  it('is given once: what is settled is not settled anew', () => {
    const { pour, doc } = begun();
    const { answers } = decided(doc, [poured(pour), poured(pour, { refusal })]);
    expect(answers[1]).not.toHaveProperty('settled');
  });

  it('is remembered as long as it is owed and as long as its settling may come again', () => {
    const { pour, doc } = begun();
    const first = decided(doc, [to(Add, { by: 1 })]);
    first.work.trim(1_000_000);
    expect(first.doc.recent.map(({ id }) => id)).toEqual([pour.id]);
    const settling = poured(pour);
    const second = decided(stored(first), [settling]);
    second.work.trim(settling.offset);
    expect(second.doc.recent.map(({ id }) => id)).toEqual([pour.id, settling.id]);
    second.work.trim(settling.offset + 1);
    expect(second.doc.recent).toEqual([]);
  });
});

describe('The memory of an aggregate', () => {
  const place = (offset: number, keyed = false) => to(Add, { by: 1 }, { offset, keyed });

  it('keeps what the broker may bring again', () => {
    const { work, doc } = decided(fresh('c'), [place(1), place(2), place(3)]);
    work.trim(2);
    expect(doc.recent.map(({ offset }) => offset)).toEqual([2, 3]);
    expect(work.forgotten).toEqual([]);
  });

  it('keeps the last 64 that clients gave a key, and hands the older ones over', () => {
    const many = Array.from({ length: 70 }, (_, offset) => place(offset, true));
    const { work, doc } = decided(fresh('c'), [...many, place(70)]);
    work.trim(71);
    expect(work.forgotten.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(doc.recent).toHaveLength(64);
  });

  it('hands over none that the broker may bring again', () => {
    const many = Array.from({ length: 70 }, (_, offset) => place(offset, true));
    const { work, doc } = decided(fresh('c'), many);
    work.trim(2);
    expect(work.forgotten.map(({ offset }) => offset)).toEqual([0, 1]);
    expect(doc.recent).toHaveLength(68);
  });
});
