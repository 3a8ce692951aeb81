import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stateOf } from '#libs/messaging/topics';
import { eventually } from '#libs/testing/eventually';
import { ReadModels } from '../apps/gateway/read-models.js';
import { Versions } from '../apps/gateway/version-cache.js';
import { Gateways } from './gateways.js';
import type { Body } from './running-house.js';

const VERSIONS = 25;
const READERS = 3;
const ids = Array.from({ length: 6 }, (_, n) => `01999999-0000-7000-8000-00000000000${n}`);

let house: Gateways;
beforeAll(async () => {
  house = await Gateways.open(2);
});
afterAll(() => house?.close());

/** As membership would: which of the gateways takes it in hangs on its partition. */
async function publish(version: number): Promise<void> {
  const view = (id: string) => ({ id, name: `Cluster ${version}`, aliases: [], externalIds: [], profile: 'PUBLISHED', state: 'VALIDATED' });
  const records = ids.map((id) => ({ aggregate: 'cluster', id, version, view: view(id) }));
  const messages = records.map((record) => ({ key: record.id, value: JSON.stringify(record), headers: {} }));
  await house.runtimes[0]!.kafka.send(stateOf('membership'), messages);
}

/** Which version of each is read there. */
async function versionsAt(gateway: number, query = ''): Promise<Map<string, number>> {
  const { items } = (await (await fetch(`${house.urlOf(gateway)}/v1/clusters${query}`)).json()) as Body;
  return new Map(items.map(({ id, version }: Body) => [id, version]));
}

/** Which version of each is told to all readers. */
const told = async (): Promise<number[]> => (await house.part(Versions).versionsTold(ids.map((id) => `clusters:${id}`))) ?? [];

describe('What topics bring', () => {
  it('is read by all once it is told, at either gateway, in lists that many ask for and in others', async () => {
    const stale: string[] = [];
    let over = false;
    const read = async (gateway: number, query: string) => {
      const least = await told();
      const found = await versionsAt(gateway, query);
      for (const [n, id] of ids.entries())
        if ((found.get(id) ?? 0) < least[n]!) stale.push(`${id} at ${gateway}${query}: ${found.get(id)} after ${least[n]} was told`);
    };
    const reader = async (gateway: number) => {
      for (let n = 0; !over; n++) await read(gateway, n % 10 === 0 ? `?limit=${10 + (n % 50)}` : '');
    };
    const readers = [0, 1].flatMap((gateway) => Array.from({ length: READERS }, () => reader(gateway)));
    try {
      for (let version = 1; version <= VERSIONS; version++) {
        await publish(version);
        await eventually(async () => expect(await told()).toEqual(ids.map(() => version)));
      }
    } finally {
      over = true;
      await Promise.all(readers);
    }
    expect(stale).toEqual([]);
  });

  describe('when it lies in the database and was told by nobody', () => {
    const [id] = ids as [string];
    const wanted = new Map([[id, VERSIONS + 1]]);
    const models = (gateway: number) => house.part(ReadModels, gateway);
    const tokens = () => house.part(Versions).lookup([`clusters:${id}`, 'clusters:*']);

    it('is told by whoever waits for it, when it is overdue', async () => {
      await versionsAt(0);
      await versionsAt(1);
      const copies = house.runtimes[0]!.house.db.collection('view_clusters');
      await copies.updateOne({ _id: id as never }, { $set: { version: VERSIONS + 1 } });
      expect(await models(1).versionsOf('clusters', wanted, () => false)).toEqual(new Map([[id, VERSIONS]]));
      expect((await versionsAt(0)).get(id)).toBe(VERSIONS);
      expect(await models(1).versionsOf('clusters', wanted, () => true)).toEqual(wanted);
      expect([(await versionsAt(0)).get(id), (await versionsAt(1)).get(id)]).toEqual([VERSIONS + 1, VERSIONS + 1]);
    });

    it('and is there no newer one, nothing is void', async () => {
      const before = await tokens();
      const later = new Map([[id, VERSIONS + 2]]);
      expect(await models(1).versionsOf('clusters', later, () => true)).toEqual(wanted);
      expect(await tokens()).toEqual(before);
    });
  });
});
