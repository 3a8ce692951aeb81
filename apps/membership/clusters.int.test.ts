import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RecordCluster } from '#libs/contracts/cluster';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { TestHouse } from '#libs/testing/house';
import { MembershipModule } from './membership.module.js';

describe('A cluster recorded through Kafka', () => {
  let house: TestHouse;

  beforeAll(async () => {
    house = await TestHouse.open({ membership: MembershipModule });
  });
  afterAll(() => house?.close());

  it('answers with its view, stands in the store and is told as a fact', async () => {
    const key = newId();
    const data = { name: 'MITC', country: 'SE', slug: 'mitc-se', profile: 'PUBLISHED' as const, sourceKey: 'DIA:composition:1' };
    const outcome = await house.ask(RecordCluster, { key, data });
    expect(outcome).toMatchObject({ status: 'DONE', version: 1, changed: true, view: { id: key, name: 'MITC', state: 'VALIDATED' } });
    expect(await house.collection('membership', 'clusters').findOne({ _id: key as never })).toMatchObject({
      version: 1,
      state: { country: 'SE' },
    });
    await eventually(() =>
      expect(house.facts.map(({ type, subject }) => [type, subject])).toContainEqual(['cluster.recorded.v1', `/v1/clusters/${key}`]),
    );
  });
});
