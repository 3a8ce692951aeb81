import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FactRecord, sequenceOf } from '#libs/contracts/message';
import { newId } from '#libs/domain/ids';
import type { Incoming } from '#libs/messaging/kafka';
import { eventsOf, FEED, serviceTopics, sharedTopics } from '#libs/messaging/topics';
import { factMessage } from '#libs/persistence/relay';
import { createLog } from '#libs/service/log';
import type { Runtime } from '#libs/service/runtime';
import { environment } from '#libs/testing/environment';
import { eventually } from '#libs/testing/eventually';
import { kafkaOf } from '#libs/testing/kafka';
import { OpenPark } from '#libs/testing/members';
import type { FeedLog } from './feed-log.js';
import { FeedProjector } from './feed-projector.js';
import type { ReadModels } from './read-models.js';

const SERVICES = ['gateway', 'membership', 'events', 'exchanges', 'notifications', 'worker'] as const;
const log = createLog('gateway', 'test', 'silent');
const kafka = kafkaOf(environment(), log);
const told: string[] = [];
/** Versions that can be read, by id. */
const readable = new Map<string, number>();
const [before, after] = [[] as (() => Promise<void>)[], [] as (() => Promise<void>)[]];

/** Of records kept in one, as the meetings in the plan of an event: one key, several subjects. */
const fact = (resource: string, type: string, id: string, version: number) =>
  ({
    id: newId(),
    source: '/events',
    type,
    subject: `/v1/${resource}/${id}`,
    sequence: sequenceOf(version, 0),
    time: '2027-05-12T09:00:00.000Z',
    data: {},
  }) as unknown as FactRecord;
const publish = (key: string, facts: FactRecord[]) =>
  kafka.send(
    eventsOf('events'),
    facts.map((each) => factMessage(key, each)),
  );
const line = ({ type, subject, sequence }: FactRecord) => `${type} ${subject} ${sequence}`;
const toldOf = (facts: FactRecord[]) => {
  const ids = facts.map(({ subject }) => subject);
  return told.filter((each) => ids.some((id) => each.includes(id)));
};

beforeAll(async () => {
  await kafka.connect();
  await kafka.ensureTopics([...SERVICES.flatMap((service) => serviceTopics(service, 2)), ...sharedTopics()]);
  const onBatch = (records: Incoming[]) => void told.push(...records.map(({ value }) => line(JSON.parse(value!))));
  await kafka.consume({ group: 'test.feed', topics: [FEED], fromBeginning: true, onBatch });
  const models = {
    versionsOf: async (_: string, wanted: Map<string, number>) => new Map([...wanted.keys()].map((id) => [id, readable.get(id) ?? 0])),
  };
  const runtime = { kafka, log, before, after, park: new OpenPark() } as unknown as Runtime;
  new FeedProjector(runtime, models as unknown as ReadModels, { has: () => false } as unknown as FeedLog);
  for (const step of before) await step();
});

afterAll(async () => {
  for (const step of after) await step();
  await kafka.close();
});

describe('The feed', () => {
  it('tells the facts of all records that are kept in one, in their order, each when it can be read', async () => {
    const [plan, one, other] = [newId(), newId(), newId()];
    const facts = [
      fact('meetings', 'meeting.requested.v1', one, 1),
      fact('meetings', 'meeting.requested.v1', other, 1),
      fact('meetings', 'meeting.accepted.v1', one, 2),
      fact('meetings', 'meeting.accepted.v1', other, 2),
    ];
    for (const [id, version] of [
      [one, 1],
      [other, 1],
    ] as const)
      readable.set(id, version);
    await publish(plan, facts);
    await eventually(() => expect(toldOf(facts)).toEqual(facts.slice(0, 2).map(line)));
    // The later one first: its turn comes after that of the record before it.
    readable.set(other, 2);
    const [next] = [fact('events', 'event.recorded.v1', newId(), 1)];
    readable.set(next.subject.split('/').at(-1)!, 1);
    await publish(newId(), [next]);
    await eventually(() => expect(toldOf([next])).toHaveLength(1));
    expect(toldOf(facts)).toHaveLength(2);
    readable.set(one, 2);
    await eventually(() => expect(toldOf(facts)).toEqual(facts.map(line)));
  });
});
