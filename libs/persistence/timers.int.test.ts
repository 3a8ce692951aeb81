import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { decode } from '#libs/messaging/envelope';
import type { Incoming, Kafka } from '#libs/messaging/kafka';
import * as counters from '#libs/testing/counters';
import { CounterStore, OpenCounter, Remind, Ring } from '#libs/testing/counters';
import { eventually } from '#libs/testing/eventually';
import { Ground } from '#libs/testing/ground';
import { message } from '#libs/testing/messages';
import type { Stored } from './document.js';

const START = Date.parse('2026-03-01T09:00:00.000Z');
const HOUR = 3_600_000;

let ground: Ground;
let store: CounterStore;
let commands: Incoming[];
let kafka: Kafka;
let now = START;

const clock = { now: () => new Date(now), iso: () => new Date(now).toISOString() };

beforeAll(async () => {
  ground = await Ground.open();
  commands = await ground.tape('exchanges.commands');
  const house = await ground.house({ clock });
  ({ kafka } = house);
  store = new CounterStore(house);
  await house.open();
});

afterAll(() => ground.close());

async function due(inMs: number): Promise<string> {
  const id = newId();
  await store.change(message(OpenCounter, id, {}), counters.open);
  await store.change(message(Remind, id, { at: new Date(now + inMs).toISOString() }), counters.remind);
  return id;
}

const MARK = 'mark';
const sent = (id: string) => commands.filter(({ key, headers }) => key === id && headers.type !== MARK);
const stored = async (id: string) => (await store.stored(id)) as unknown as Stored<counters.Counter>;
/** A sweep, and what stands on the topic behind it: what it has sent for the key has come before. */
async function swept(id: string): Promise<void> {
  await store.sweep();
  const marks = () => commands.filter(({ key, headers }) => key === id && headers.type === MARK).length;
  const before = marks();
  await kafka.send('exchanges.commands', [{ key: id, value: null, headers: { type: MARK } }]);
  await eventually(() => expect(marks()).toBe(before + 1));
}

/** As the consumer hands it over. */
function taken(record: Incoming) {
  const place = { offset: 1_000_000 + record.offset, partition: record.partition };
  return { ...message(Ring, record.key, {}), ...decode(record, Ring, ground.signer), ...place } as ReturnType<typeof message<typeof Ring>>;
}

describe('What becomes due', () => {
  it('is sent by the service to itself when its time has come, and not before', async () => {
    const id = await due(HOUR);
    await swept(id);
    expect(sent(id)).toEqual([]);
    now += HOUR;
    const [record] = await eventually(() => {
      expect(sent(id)).toHaveLength(1);
      return sent(id);
    });
    expect(decode(record!, Ring, ground.signer)).toMatchObject({
      by: { kind: 'SYSTEM', id: 'exchanges' },
      type: Ring.type,
      due: new Date(START + HOUR).toISOString(),
      data: {},
    });
  });

  it('is sent once while its command is on its way, not with every sweep', async () => {
    const id = await due(0);
    await eventually(() => expect(sent(id)).toHaveLength(1));
    await swept(id);
    expect(sent(id)).toHaveLength(1);
  });

  it('is taken once, though two processes have sent it', async () => {
    const id = await due(0);
    const second = new CounterStore(await ground.house({ clock }));
    await second.sweep();
    await eventually(() => expect(sent(id)).toHaveLength(2));
    const [mine, theirs] = sent(id);
    expect(mine!.headers.id).toBe(theirs!.headers.id);
    for (const record of sent(id)) await store.change(taken(record), counters.ring);
    expect(await stored(id)).toMatchObject({ version: 2, dueAt: null, state: { steps: [1] } });
  });

  it('and was set anew meanwhile is sent anew, and what was sent for the old time is not taken', async () => {
    const id = await due(0);
    await eventually(() => expect(sent(id)).toHaveLength(1));
    now += 1000;
    await store.change(message(Remind, id, { at: clock.iso() }), counters.remind);
    await eventually(() => expect(sent(id)).toHaveLength(2));
    const [old, anew] = sent(id);
    expect(await store.change(taken(old!), counters.ring)).toBeNull();
    expect(await store.change(taken(anew!), counters.ring)).toMatchObject({ status: 'DONE', version: 2 });
  });

  it('does not wait behind two hundred whose commands have failed', async () => {
    const stuck = await Promise.all(Array.from({ length: 210 }, () => due(-HOUR)));
    await eventually(() => {
      for (const id of stuck) expect(sent(id)).toHaveLength(1);
    });
    const id = await due(0);
    await eventually(() => expect(sent(id)).toHaveLength(1));
  });
});
