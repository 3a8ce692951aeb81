import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import type { Actor } from '#libs/contracts/actor';
import { type KeptMessageView, keptMessages } from '#libs/contracts/kept-message';
import type { FactRecord } from '#libs/contracts/message';
import { countStores, type StoresCounted } from '#libs/contracts/stores';
import { newId } from '#libs/domain/ids';
import { tallyOf } from '#libs/domain/tally';
import { Handle, type Message, On } from '#libs/messaging/handle';
import { lastVersions } from '#libs/messaging/state-scan';
import { House } from '#libs/persistence/house';
import { Add, Added, add, CounterStore } from '#libs/testing/counters';
import { eventually } from '#libs/testing/eventually';
import { TestHouse } from '#libs/testing/house';

const { Replay, Discard } = keptMessages.exchanges;
const broken = { command: false, fact: new Set<string>() };
const heard: string[] = [];

@Controller()
class Counters {
  constructor(private readonly store: CounterStore) {}

  @Handle(Add)
  async add(message: Message<typeof Add>) {
    if (broken.command) throw new Error('the disk is full');
    return this.store.change(message, add);
  }

  @On(Added)
  async added({ subject, data }: FactRecord<{ count: number }>) {
    const key = subject.split('/').at(-1)!;
    if (broken.fact.has(key)) throw new Error('no such mailbox');
    heard.push(`${key} ${data.count}`);
  }
}

@Module({
  controllers: [Counters],
  providers: [{ provide: CounterStore, useFactory: (house: House) => new CounterStore(house), inject: [House] }],
})
class CountersModule {}

const by = (role: string): Actor => ({
  kind: 'CLIENT',
  id: 'operator',
  roles: [{ role, binding: null }],
  scopes: [],
  at: new Date().toISOString(),
});
const admin = by('PLATFORM_ADMIN');

let house: TestHouse;
beforeAll(async () => {
  house = await TestHouse.open({ exchanges: CountersModule });
});
afterAll(() => house?.close());

type Told = KeptMessageView & { _id: string };
async function kept(key: string, howMany = 1): Promise<Told[]> {
  return eventually(async () => {
    const found = await house.collection('exchanges', 'parked').find({ 'state.key': key }).sort({ 'state.offset': 1 }).toArray();
    expect(found).toHaveLength(howMany);
    return found.map(({ _id, state }) => ({ _id: String(_id), ...state })) as Told[];
  }, 20_000);
}
const raw = (id: string) => house.collection('exchanges', 'kept').countDocuments({ _id: id as never });
const replay = (id: string, more: object = {}) => house.ask(Replay, { key: id, by: admin, data: {}, ...more });
const count = async (key: string) => (await house.collection('exchanges', 'counters').findOne({ _id: key as never }))?.state?.count;

describe('A command that failed as a bug', () => {
  const key = newId();
  let first: Told;

  it('is kept and told of, without what it holds', async () => {
    broken.command = true;
    expect(await house.ask(Add, { key, data: { by: 4 } })).toMatchObject({ status: 'FAILED' });
    [first] = (await kept(key)) as [Told];
    expect(first).toMatchObject({
      kind: 'SHELVED',
      state: 'KEPT',
      service: 'exchanges',
      type: 'counter.add.v1',
      reason: 'Error: the disk is full',
    });
    expect(JSON.stringify(first)).not.toContain('"by":4');
  });

  it('is not kept when it was a dry run', async () => {
    expect(await house.ask(Add, { key, data: { by: 4 }, dryRun: true })).toMatchObject({ status: 'FAILED' });
    expect(await kept(key)).toHaveLength(1);
  });

  it('says in a dry run whether it would fail again, and changes nothing', async () => {
    expect((await replay(first._id, { dryRun: true })).view).toMatchObject({
      result: { status: 'FAILED', message: 'Error: the disk is full' },
    });
    broken.command = false;
    expect((await replay(first._id, { dryRun: true })).view).toMatchObject({ result: { status: 'DONE' } });
    expect(await count(key)).toBeUndefined();
    expect(await kept(key)).toMatchObject([{ state: 'KEPT' }]);
  });

  it('is replayed by the platform administrator alone', async () => {
    const { refusal } = await house.ask(Replay, { key: first._id, by: by('PARTNERSHIP_COORDINATOR'), data: {} });
    expect(refusal).toMatchObject({ kind: 'NOT_YOURS', code: 'KEPT_MESSAGE.REPLAY.ACTOR' });
  });

  it('is kept anew when it fails once more', async () => {
    broken.command = true;
    expect((await replay(first._id)).view).toMatchObject({ state: 'REPLAYED', result: { status: 'FAILED' } });
    broken.command = false;
    const [, second] = await kept(key, 2);
    expect(second).toMatchObject({ state: 'KEPT' });
    expect([await raw(first._id), await raw(second!._id)]).toEqual([0, 1]);
  });

  it('is carried out when it is replayed, once, and is kept no more', async () => {
    const [, second] = await kept(key, 2);
    expect((await replay(second!._id)).view).toMatchObject({ state: 'REPLAYED', result: { status: 'DONE' } });
    expect(await count(key)).toBe(4);
    expect(await raw(second!._id)).toBe(0);
    expect((await replay(second!._id)).refusal).toMatchObject({ kind: 'WRONG_STATE', code: 'KEPT_MESSAGE.REPLAY.STATE' });
    expect(await count(key)).toBe(4);
  });

  it('is given up when it is discarded', async () => {
    broken.command = true;
    const other = newId();
    await house.ask(Add, { key: other, data: { by: 1 } });
    broken.command = false;
    const [told] = await kept(other);
    expect((await house.ask(Discard, { key: told!._id, by: admin, data: { reason: 'asked again since' } })).view).toMatchObject({
      state: 'DISCARDED',
      discardedBecause: 'asked again since',
    });
    await eventually(async () => expect(await raw(told!._id)).toBe(0));
    expect(await count(other)).toBeUndefined();
  });
});

describe('A fact that goes on failing', () => {
  const key = newId();

  it('is parked with what follows of its key, while other keys go on', async () => {
    broken.fact.add(key);
    for (const step of [1, 1, 1]) await house.ask(Add, { key, data: { by: step } });
    const other = newId();
    await house.ask(Add, { key: other, data: { by: 7 } });
    const told = await kept(key, 3);
    expect(told.map(({ kind, state, type }) => [kind, state, type])).toEqual(Array(3).fill(['PARKED', 'KEPT', 'counter.added.v1']));
    expect(heard).toContain(`${other} 7`);
    expect(heard.some((one) => one.startsWith(key))).toBe(false);
  });

  it('stays parked when it fails once more', async () => {
    const [first] = await kept(key, 3);
    expect((await replay(first!._id)).view).toMatchObject({
      state: 'KEPT',
      result: { status: 'FAILED', message: expect.stringContaining('no such mailbox') },
    });
    expect(await raw(first!._id)).toBe(1);
  });

  it('is replayed before what follows of it', async () => {
    const [first, second] = await kept(key, 3);
    const { refusal } = await replay(second!._id);
    expect(refusal).toMatchObject({ code: 'KEPT_MESSAGE.REPLAY.ORDER', message: expect.stringContaining(first!._id) });
    expect((await replay(first!._id, { dryRun: true })).view).toMatchObject({
      result: { status: 'DONE', message: expect.stringMatching(/^3 would/) },
    });
  });

  it('is handled in its order when it is replayed, and so is what comes later', async () => {
    broken.fact.delete(key);
    const [first] = await kept(key, 3);
    expect((await replay(first!._id)).view).toMatchObject({ state: 'REPLAYED', result: { status: 'DONE' } });
    await eventually(async () => expect((await kept(key, 3)).map(({ state }) => state)).toEqual(Array(3).fill('REPLAYED')));
    await house.ask(Add, { key, data: { by: 1 } });
    await eventually(() => expect(heard.filter((one) => one.startsWith(key))).toEqual([1, 2, 3, 4].map((n) => `${key} ${n}`)));
    expect(await kept(key, 3)).toHaveLength(3);
  });
});

describe('A service that is asked to count', () => {
  it('tells the same of its stores as its topic does', async () => {
    await eventually(async () => {
      const { view } = await house.ask(countStores.exchanges, { key: 'exchanges', data: {} });
      const states = await lastVersions(house.kafka, `test.scan.${newId()}`, ['exchanges']);
      for (const { aggregate, unpublished, oldestSeconds, ...tally } of (view as StoresCounted).stores) {
        expect([aggregate, unpublished, oldestSeconds < 1]).toEqual([aggregate, 0, true]);
        expect([aggregate, tally]).toEqual([aggregate, tallyOf(states.get(aggregate) ?? new Map())]);
        expect([aggregate, tally.count > 0]).toEqual([aggregate, true]);
      }
    });
  });
});
