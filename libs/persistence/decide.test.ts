import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { system } from '#libs/contracts/actor';
import { aggregate } from '#libs/contracts/message';
import type { Stamp } from '#libs/contracts/values';
import { Refusal } from '#libs/domain/verdict';
import type { Handled, Message } from '#libs/messaging/handle';
import { type Decide, Work } from './decide.js';
import { fresh } from './document.js';

interface Counter {
  count: number;
}
type Add = { by: number };

const View = z.object({ id: z.string(), version: z.number(), count: z.number().max(100) });
const { contract, command, fact } = aggregate('counter', { service: 'membership', resource: 'counters', view: View });
const AddTo = command('add.v1', z.object({ by: z.number() }), View, 'UPSERT');
const Added = fact('added.v1', z.object({ count: z.number() }));

const add: Decide<Counter, Add> = (counter, { by }) => {
  if (by < 0) throw Refusal.because('COUNTER.ADD.POSITIVE', 'Only more.');
  if (by === 0) return { next: counter ?? { count: 0 }, facts: [], verdicts: [] };
  const next = { count: (counter?.count ?? 0) + by };
  return { next, facts: [Added.of(next)], verdicts: [] };
};

let offset = 0;
function message(by: number, fields: Partial<Message> = {}): Message {
  offset += 1;
  const envelope = { id: `m${offset}`, type: AddTo.type, key: 'c', by: system('gateway', ''), data: { by }, expected: null, dryRun: false };
  const way = { within: null, keyed: false, replyTo: { instance: 'g' }, trace: null, due: null, contract: AddTo, offset, partition: 0 };
  return { ...envelope, ...way, arrived: () => undefined, together: Promise.resolve(), ...fields };
}

function work(doc = fresh<Counter>('c')) {
  const views: number[] = [];
  const viewOf = (state: Counter, stamp: Stamp) => {
    views.push(stamp.version);
    return View.parse({ ...state, ...stamp });
  };
  const it = new Work<Counter>(contract, doc, 'membership', () => '2026-01-01T00:00:00.000Z', viewOf, new Map());
  const take = (one: Message): Handled | undefined => {
    const before = it.answers.length;
    it.take({ message: one, decide: add as Decide<Counter, never>, resolve: () => undefined, reject: () => undefined });
    return it.answers[before]?.handled;
  };
  return { it, take, doc, views };
}

describe('Commands of one aggregate that are decided together', () => {
  it('raise the version one by one, each with its own view, and tell the last state once', () => {
    const { it: work1, take } = work();
    expect(take(message(1))).toMatchObject({ version: 1, changed: true, view: { count: 1 } });
    expect(take(message(2))).toMatchObject({ version: 2, changed: true, view: { count: 3 } });
    expect(take(message(0))).toMatchObject({ version: 2, changed: false, view: { count: 3 } });
    work1.seal();
    expect(work1.entries.map(({ kind }) => kind)).toEqual(['fact', 'fact', 'state', 'history']);
    expect(work1.sealedView).toEqual({ id: 'c', version: 2, count: 3 });
  });

  it('look at a state once, however many read it', () => {
    const { it: one, take, views } = work();
    take(message(5));
    take(message(0));
    one.seal();
    expect(views).toEqual([1]);
  });

  it('do not take what a dry run shows for what is', () => {
    const { take, doc } = work();
    take(message(1));
    expect(take(message(5, { dryRun: true }))).toMatchObject({ version: 1, changed: true, view: { count: 6, version: 2 } });
    expect(take(message(2))).toMatchObject({ version: 2, view: { count: 3 } });
    expect(doc.state).toEqual({ count: 3 });
  });

  it('are decided once: the same message again gets the same answer', () => {
    const { take, doc } = work();
    const once = message(1);
    expect(take(once)).toEqual(take(once));
    expect(doc.version).toBe(1);
  });

  it('remember a refusal, so that a redelivery is not admitted', () => {
    const { take, doc } = work();
    const refused = message(-1);
    expect(take(refused)).toMatchObject({ status: 'REFUSED', refusal: { code: 'COUNTER.ADD.POSITIVE' } });
    expect(take({ ...refused, data: { by: 1 } })).toMatchObject({ status: 'REFUSED' });
    expect(doc.version).toBe(0);
  });
});

describe('A command whose state gives no view', () => {
  it('fails alone: nothing of it is kept, and the next one goes on', () => {
    const { it: one, take, doc } = work();
    take(message(1));
    expect(take(message(1_000))).toBeUndefined();
    expect(take(message(2))).toMatchObject({ version: 2, view: { count: 3 } });
    one.seal();
    expect(one.failures.map(({ error }) => error.name)).toEqual(['ZodError']);
    expect(doc.state).toEqual({ count: 3 });
  });

  it('and that nobody waits for spoils what is written with it, so that all of it is decided again one by one', () => {
    const { it: one, take } = work();
    take(message(1, { replyTo: null }));
    take(message(1_000, { replyTo: null }));
    one.seal();
    expect(one).toMatchObject({ spoilt: true, dirty: false, answers: [], entries: [] });
    expect(one.failures).toHaveLength(2);
  });
});
