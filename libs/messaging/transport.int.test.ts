import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type FactRecord, sequenceOf } from '#libs/contracts/message';
import { newId } from '#libs/domain/ids';
import { by } from '#libs/testing/actors';
import * as counters from '#libs/testing/counters';
import { Add, Added, OpenCounter, Pour, Poured } from '#libs/testing/counters';
import { eventually } from '#libs/testing/eventually';
import { Ground } from '#libs/testing/ground';
import { Member, OpenPark } from '#libs/testing/members';
import { Bus, StillPending } from './bus.js';
import { commandsOf, eventsOf, REPLIES } from './topics.js';

const PATIENCE_MS = 30_000;
const who = by('PLATFORM_ADMIN');

let ground: Ground;
let bus: Bus;
let members: Member[] = [];

beforeAll(async () => {
  ground = await Ground.open();
  bus = new Bus(await ground.kafka(), ground.signer, 'first');
  await bus.listen();
});
afterEach(async () => {
  await Promise.all(members.map((member) => member.leave()));
  members = [];
});
afterAll(async () => {
  await bus?.stop();
  await ground?.close();
});

/** A process that takes every command of counters. */
async function member(commits = true): Promise<Member> {
  const made = await Member.on(ground, undefined, commits);
  made
    .handles(OpenCounter, counters.open as never)
    .handles(Add, counters.add as never)
    .handles(Pour, counters.pour as never)
    .handles(Poured, counters.poured as never);
  members.push(made);
  return made.join();
}

const add = (key: string, step: number, id = newId(), asked = bus) => asked.ask(Add, { id, key, by: who, data: { by: step } }, PATIENCE_MS);
const stepsOf = async (store: counters.CounterStore, key: string) => (await store.get(key))?.state.steps;
const range = (from: number, end: number) => Array.from({ length: end - from }, (_, place) => from + place);

describe('The members of a command group', () => {
  it('that join and leave under load lose no command, double none, and keep the order of each key', async () => {
    const keys = range(0, 24).map(() => newId());
    const asked: Promise<{ status: string }>[] = [];
    const begin = 100;
    let step = begin;
    /** Goes on sending until it is seen that it may stop. */
    const load = async (enough: () => boolean) => {
      for (const least = step + 10; step < least || !enough(); ) {
        step += 1;
        const round = keys.map((key) => add(key, step));
        asked.push(...round);
        await Promise.all(round);
      }
    };
    const first = await member();
    await load(() => true);
    const joining = member();
    let second: Member | null = null;
    void joining.then((joined) => {
      second = joined;
    });
    await load(() => (second?.handed.length ?? 0) > 0);
    // Both are at work, each with a partition of its own; now the first goes.
    let gone = false;
    const leaving = first.leave().then(() => {
      gone = true;
    });
    await load(() => gone);
    await leaving;
    const handedToFirst = first.handed.length;
    await load(() => true);
    expect(first.handed).toHaveLength(handedToFirst);
    const outcomes = await Promise.all(asked);
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['DONE']));
    const { store } = await joining;
    for (const key of keys) expect(await stepsOf(store, key)).toEqual(range(begin + 1, step + 1));
  });

  it('find what one has done and not committed, and do not do it again', async () => {
    const keys = range(0, 8).map(() => newId());
    const dying = await member(false);
    const ids = keys.map(() => newId());
    const first = await Promise.all(keys.map((key, place) => add(key, place + 1, ids[place])));
    await dying.leave();
    const heir = await member();
    await eventually(() => expect(heir.handed).toEqual(expect.arrayContaining(ids)), PATIENCE_MS);
    // Who asks again under the same id is told what became of it then.
    const again = await Promise.all(keys.map((key, place) => add(key, place + 1, ids[place])));
    expect(again.map(({ status, version }) => ({ status, version }))).toEqual(first.map(({ status, version }) => ({ status, version })));
    for (const [place, key] of keys.entries()) expect(await stepsOf(heir.store, key)).toEqual([place + 1]);
  });
});

describe('A command that cannot be carried out', () => {
  it('for a bug is answered as failed and shelved, and its key and its partition go on', async () => {
    const { shelf, store } = await member();
    const [poisoned, other] = [newId(), newId()];
    const outcomes = await Promise.all([add(poisoned, 1), add(poisoned, 13), add(other, 2), add(poisoned, 3)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['DONE', 'FAILED', 'DONE', 'DONE']);
    expect(shelf.kept.map(({ message, reason }) => [message.key, reason])).toEqual([[poisoned, 'Error: thirteen']]);
    expect([await stepsOf(store, poisoned), await stepsOf(store, other)]).toEqual([[1, 3], [2]]);
    await expect(shelf.tryOut(shelf.kept[0]!.message)).rejects.toThrow('thirteen');
  });

  it('as nobody signed it, or as nobody knows it, is shelved with the reason', async () => {
    const { shelf } = await member();
    const key = newId();
    const kafka = await ground.kafka();
    const header = (type: string) => ({ id: newId(), type, by: 'nobody' });
    await kafka.send(commandsOf('exchanges'), [
      { key, value: '{"by":1}', headers: header(Add.type) },
      { key, value: '{}', headers: header('counter.vanish.v1') },
      { key, value: null, headers: {} },
    ]);
    expect((await add(key, 5)).status).toBe('DONE');
    expect(shelf.kept.map(({ message, reason }) => [message.key, reason])).toEqual([
      [key, 'the actor is not signed by the gateway'],
      [key, 'Error: exchanges knows no command counter.vanish.v1'],
      [key, 'Error: exchanges knows no command undefined'],
    ]);
  });

  it('is not shelved when it was a dry run', async () => {
    const { shelf, store } = await member();
    const key = newId();
    const dry = (step: number) => bus.ask(Add, { key, by: who, data: { by: step }, dryRun: true }, PATIENCE_MS);
    expect([(await dry(13)).status, (await dry(4)).status]).toEqual(['FAILED', 'DONE']);
    expect(shelf.kept).toEqual([]);
    expect(await stepsOf(store, key)).toBeUndefined();
  });
});

describe('Facts', () => {
  const factsOf = (key: string, count: number) =>
    range(1, count + 1).map((version) => {
      const id = `${key}:${version}`;
      const fact: FactRecord = {
        ...{ specversion: '1.0', id, type: Added.type, source: '/exchanges', subject: `/v1/counters/${key}` },
        ...{
          time: '2026-03-01T09:00:00Z',
          sequence: sequenceOf(version, 0),
          datacontenttype: 'application/json',
          data: { count: version },
        },
      };
      return { key, value: JSON.stringify(fact), headers: { ce_type: Added.type, ce_id: id } };
    });

  it('are heard in order per key; a key that fails is parked with what follows, others go on, and the next member too', async () => {
    const park = new OpenPark();
    const [poisoned, sound] = [newId(), newId()];
    const heard: string[] = [];
    let broken = true;
    const hear = async ({ id }: FactRecord) => {
      if (broken && id === `${poisoned}:2`) throw new Error('It cannot be heard.');
      heard.push(id);
    };
    const listener = async () => {
      const made = (await Member.on(ground, park)).hears(Added, hear);
      members.push(made);
      return made.join();
    };
    const heardOf = (key: string) => heard.filter((id) => id.startsWith(key));
    const parked = () => park.kept.map(({ group, message }) => [group, message.headers.ce_id]);
    const kafka = await ground.kafka();
    const first = await listener();
    await kafka.send(eventsOf('exchanges'), [...factsOf(poisoned, 3), ...factsOf(sound, 3)]);
    // Before the tries of the poisoned one are over.
    await eventually(() => expect(heardOf(sound)).toEqual(range(1, 4).map((no) => `${sound}:${no}`)));
    expect(parked()).toEqual([]);
    const waiting = [2, 3].map((no) => ['exchanges.facts', `${poisoned}:${no}`]);
    await eventually(() => expect(parked()).toEqual(waiting), PATIENCE_MS);
    await first.leave();
    await listener();
    await kafka.send(eventsOf('exchanges'), [...factsOf(poisoned, 4).slice(3), ...factsOf(sound, 4).slice(3)]);
    await eventually(() => expect(heardOf(sound)).toContain(`${sound}:4`), PATIENCE_MS);
    await eventually(() => expect(parked()).toEqual([...waiting, ['exchanges.facts', `${poisoned}:4`]]), PATIENCE_MS);
    // Committed: nothing of it came a second time.
    expect(heardOf(sound)).toEqual(range(1, 5).map((no) => `${sound}:${no}`));
    expect(heardOf(poisoned)).toEqual([`${poisoned}:1`]);
    broken = false;
    for (const { message } of park.kept) await park.again(message);
    expect(heardOf(poisoned)).toEqual(range(1, 5).map((no) => `${poisoned}:${no}`));
  });
});

describe('Who asks', () => {
  it('is told once its patience is over that it is pending, and finds the answer that came later', async () => {
    const id = newId();
    await expect(bus.ask(Add, { id, key: newId(), by: who, data: { by: 1 } }, 200)).rejects.toThrow(StillPending);
    await member();
    await eventually(() => expect(bus.takeLate(id)).toMatchObject({ id, status: 'DONE', version: 1 }), PATIENCE_MS);
    expect(bus.takeLate(id)).toBeNull();
  });

  it('hears its own answers alone, also after something that is no answer', async () => {
    await member();
    const other = new Bus(await ground.kafka(), ground.signer, 'other');
    await other.listen();
    try {
      const [mine, theirs] = [newId(), newId()];
      const noAnswer = ['{ this is no JSON', '{"id":1}', null].map((value) => ({ key: mine, value, headers: { instance: 'first' } }));
      await (await ground.kafka()).send(REPLIES, noAnswer);
      const outcomes = await Promise.all([add(newId(), 1, mine), add(newId(), 2, theirs, other)]);
      expect(outcomes.map(({ id, status }) => [id, status])).toEqual([
        [mine, 'DONE'],
        [theirs, 'DONE'],
      ]);
      expect([bus.takeLate(theirs), other.takeLate(mine)]).toEqual([null, null]);
    } finally {
      await other.stop();
    }
  });

  it('is answered by a process over two aggregates when its step is done, whichever members take them', async () => {
    await Promise.all([member(), member()]);
    const pours = range(1, 9).map((amount) => ({ amount, from: newId(), into: newId() }));
    for (const { from } of pours) await bus.ask(OpenCounter, { key: from, by: who, data: {} }, PATIENCE_MS);
    const outcomes = await Promise.all(
      pours.map(({ amount, from, into }) => bus.ask(Pour, { key: from, by: who, data: { into, by: amount } }, PATIENCE_MS)),
    );
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['DONE']));
    const { store } = members[0]!;
    for (const { amount, from, into } of pours)
      expect([await stepsOf(store, from), await stepsOf(store, into)]).toEqual([[-amount], [amount]]);
  });
});
