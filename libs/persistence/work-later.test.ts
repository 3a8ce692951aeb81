import { describe, expect, it } from '@jest/globals';
import type { Message } from '#libs/messaging/handle';
import * as counters from '#libs/testing/counters';
import { Add, type Counter, Pour, Poured, Remind, Ring } from '#libs/testing/counters';
import { decided, opened, stored, to } from '#libs/testing/work';
import type { Decide } from './decide.js';
import { fresh } from './document.js';

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
