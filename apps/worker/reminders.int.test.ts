import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Queue } from 'bullmq';
import { system } from '#libs/contracts/actor';
import type { FactRecord } from '#libs/contracts/message';
import { NoteReminderSent, PlanReminder } from '#libs/contracts/reminder';
import { edtfDate } from '#libs/domain/edtf-date';
import { newId } from '#libs/domain/ids';
import { prefixOf } from '#libs/jobs/jobs';
import { stateOf } from '#libs/messaging/topics';
import { reminderRules } from '#libs/reference/reminder-rules';
import { eventually } from '#libs/testing/eventually';
import { TestHouse } from '#libs/testing/house';
import { wipeRedis } from '#libs/testing/redis';
import type { Reminder } from './reminder.js';
import { type Event, planFor, reminderId } from './reminder-plan.js';
import { WorkerModule } from './worker.module.js';

const folder = mkdtempSync(join(tmpdir(), 'clock-'));
const TEST_CLOCK = join(folder, 'clock.json');
const LONG = 60_000;

describe('Reminders of planned events', () => {
  let house: TestHouse;
  let queue: Queue;

  const worker = () => house.services.get('worker')!;

  /** Moves the one clock, and resolves when the worker reads it so. */
  async function itIs(at: string) {
    writeFileSync(TEST_CLOCK, JSON.stringify({ offsetMs: Date.parse(at) - Date.now() }));
    await eventually(() => expect(Math.abs(worker().runtime.clock.now().getTime() - Date.parse(at))).toBeLessThan(5000));
  }

  async function restart() {
    await worker().stop();
    await house.start('worker', WorkerModule);
  }

  const anEvent = (edtf: string, more: Partial<Event> = {}): Event => ({
    id: newId(),
    version: 1,
    partnerships: [newId()],
    title: { en: 'Study visit' },
    when: edtfDate(edtf),
    zone: null,
    state: 'PLANNED',
    ...more,
  });

  /** As the events service publishes it. */
  async function published(event: Event): Promise<Event> {
    const value = JSON.stringify({ aggregate: 'event', id: event.id, version: event.version, view: event });
    await house.kafka.send(stateOf('events'), [{ key: event.id, value, headers: { aggregate: 'event' } }]);
    return event;
  }

  const changed = (event: Event, more: Partial<Event>) => published({ ...event, version: event.version + 1, ...more });

  const keyOf = (event: Event) => reminderId(event.id, 'EVENT_AHEAD');

  async function reminder(event: Event): Promise<Reminder | null> {
    const found = await house.collection('worker', 'reminders').findOne({ _id: keyOf(event) as never });
    return (found?.state as Reminder | undefined) ?? null;
  }

  const becomes = (event: Event, expected: Partial<Reminder>, within?: number) =>
    eventually(async () => expect(await reminder(event)).toMatchObject(expected), within);

  /** By id: the relay may publish one fact twice, and whoever reads drops the second. */
  function told(event: Event): FactRecord[] {
    const facts = house.facts.filter(({ type, subject }) => type === 'reminder.due.v1' && subject === `/v1/reminders/${keyOf(event)}`);
    return [...new Map(facts.map((fact) => [fact.id, fact])).values()];
  }

  const toldOnce = (event: Event) => eventually(() => expect(told(event)).toHaveLength(1));

  const wiped = () => wipeRedis(house.env.REDIS_URL!, queue.opts.prefix!);

  beforeAll(async () => {
    writeFileSync(TEST_CLOCK, JSON.stringify({ offsetMs: 0 }));
    house = await TestHouse.open({ worker: WorkerModule });
    house.env.TEST_CLOCK = TEST_CLOCK;
    const { hostname: host, port } = new URL(house.env.REDIS_URL!);
    const prefix = prefixOf(house.env.TOPIC_PREFIX!, house.env.MONGO_PREFIX!);
    queue = new Queue('reminders', { connection: { host, port: Number(port) }, prefix });
    await restart();
  }, LONG);

  afterAll(async () => {
    await queue?.close();
    await house?.close();
    rmSync(folder, { recursive: true });
  }, LONG);

  it('are planned when an event is recorded, and told once when they are due', async () => {
    await itIs('2018-06-01T00:00:00Z');
    const event = await published(anEvent('2018-09'));
    await becomes(event, { state: 'PLANNED', dueAt: '2018-08-18T08:00:00.000Z', cycle: 1 });
    expect(told(event)).toEqual([]);
    await itIs('2018-08-18T08:00:01Z');
    await becomes(event, { state: 'SENT' });
    await toldOnce(event);
    expect(told(event)[0]!.data).toMatchObject({
      subject: `/v1/events/${event.id}`,
      title: { en: 'Study visit' },
      state: 'SENT',
      cycle: 1,
    });
  });

  it('move with their event, and stay silent on the old date', async () => {
    await itIs('2018-06-01T00:00:00Z');
    const [steady, movable] = [await published(anEvent('2018-09')), await published(anEvent('2018-09'))];
    await becomes(movable, { state: 'PLANNED', cycle: 1 });
    const moved = await changed(movable, { when: edtfDate('2018-10-15'), zone: 'Europe/Madrid', state: 'SCHEDULED' });
    await becomes(moved, { state: 'PLANNED', cycle: 2, dueAt: '2018-10-01T06:00:00.000Z' });
    await itIs('2018-08-18T08:00:01Z');
    await toldOnce(steady);
    expect(await reminder(moved)).toMatchObject({ state: 'PLANNED', cycle: 2 });
    await itIs('2018-10-01T06:00:01Z');
    await toldOnce(moved);
    expect(told(moved)[0]!.data).toMatchObject({ when: { edtf: '2018-10-15' }, cycle: 2 });
  });

  it('are dropped with an event that is cancelled, erased or over already', async () => {
    await itIs('2018-06-01T00:00:00Z');
    const over = await published(anEvent('2018-04'));
    const [cancelled, erased] = [await published(anEvent('2018-09')), await published(anEvent('2018-09'))];
    await becomes(over, { state: 'DROPPED', reason: 'EVENT_PAST' });
    await becomes(erased, { state: 'PLANNED' });
    await changed(cancelled, { state: 'CANCELLED' });
    await house.kafka.send(stateOf('events'), [{ key: erased.id, value: null, headers: { aggregate: 'event' } }]);
    await becomes(cancelled, { state: 'DROPPED', reason: 'EVENT_CANCELLED' });
    await becomes(erased, { state: 'DROPPED', reason: 'EVENT_GONE', title: null });
  });

  it('hear the same twice and do it once', async () => {
    await itIs('2018-06-01T00:00:00Z');
    const event = await published(anEvent('2018-09'));
    await becomes(event, { state: 'PLANNED' });
    await published(event);
    const key = keyOf(event);
    const data = planFor(reminderRules[0]!, event);
    const [id, again] = [newId(), newId()];
    for (const one of [id, id, again])
      expect(await house.ask(PlanReminder, { key, data, id: one })).toMatchObject({ version: 1, changed: false });
    await itIs('2018-08-18T08:00:01Z');
    await toldOnce(event);
    expect(await house.ask(NoteReminderSent, { key, data: { cycle: 1 }, by: system('worker', '2018-08-18T08:00:02Z') })).toMatchObject({
      version: 2,
      changed: false,
    });
    expect(told(event)).toHaveLength(1);
  });

  it(
    'are told once each when Redis is wiped between the ring and the job',
    async () => {
      await itIs('2018-06-01T00:00:00Z');
      const events = await Promise.all(Array.from({ length: 40 }, () => published(anEvent('2018-09'))));
      for (const event of events) await becomes(event, { state: 'PLANNED' });
      await queue.pause();
      await itIs('2018-08-18T08:00:01Z');
      await eventually(async () => expect(await queue.getJobCountByTypes('waiting', 'prioritized', 'active', 'delayed')).toBe(40));
      await wiped();
      await itIs('2018-08-18T08:00:30Z');
      for (const event of events) await becomes(event, { state: 'SENT' }, 20_000);
      for (const event of events) await toldOnce(event);
    },
    LONG,
  );

  it(
    'that became due while the worker was away are told when it is back',
    async () => {
      await itIs('2018-06-01T00:00:00Z');
      const [event, late] = [await published(anEvent('2018-09')), await published(anEvent('2018-07'))];
      await becomes(event, { state: 'PLANNED' });
      await becomes(late, { state: 'PLANNED' });
      writeFileSync(TEST_CLOCK, JSON.stringify({ offsetMs: Date.parse('2018-08-20T00:00:00Z') - Date.now() }));
      await restart();
      await becomes(event, { state: 'SENT' });
      await toldOnce(event);
      await becomes(late, { state: 'DROPPED', reason: 'EVENT_PAST' });
      expect(told(late)).toEqual([]);
    },
    LONG,
  );
});
