import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Body, fileOf, RunningHouse } from './running-house.js';

let house: RunningHouse;
const file = fileOf('exxtra') as Body;
beforeAll(async () => {
  house = await RunningHouse.open();
  await house.importFile('exxtra');
});
afterAll(() => house?.close());

const clusters = async (): Promise<Body[]> => {
  const { body } = await house.public.get('/v1/partnerships/exxtra/composition').expect(200);
  return Promise.all(body.items.map(async ({ id }: Body) => (await house.public.get(`/v1/clusters/${id}`).expect(200)).body));
};
/** A plain string is English; what the file leaves out is blank. */
const said = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(said);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([name, member]) => (isBlank(member) ? [] : [[name, said(member)]])));
};
const isBlank = (value: unknown) => value === null || value === undefined;
const inEnglish = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inEnglish);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value);
  if (members.length === 1 && members[0]![0] === 'en') return members[0]![1];
  return Object.fromEntries(members.map(([name, member]) => [name, inEnglish(member)]));
};

describe('The ecosystems of EXXTRA', () => {
  it('are seven in six countries, complete to the last section', async () => {
    const all = await clusters();
    expect(all).toHaveLength(7);
    expect(new Set(all.map(({ country }) => country)).size).toBe(6);
    const byName = new Map(all.flatMap((cluster) => [cluster, ...cluster.aliases].map(({ name }) => [name, cluster])));
    for (const ecosystem of file.ecosystems) {
      const found = byName.get(ecosystem.partner);
      expect([ecosystem.partner, inEnglish(said(found.ecosystem))]).toEqual([ecosystem.partner, inEnglish(said(ecosystem))]);
    }
    const kinds = all.flatMap(({ ecosystem }) => ecosystem.sections.map(({ kind }: Body) => kind));
    const { body: taxonomy } = await house.public.get('/v1/taxonomies/ecosystem-sections').expect(200);
    const known = taxonomy.items.map(({ code }: Body) => code);
    expect(kinds.filter((kind: string) => !known.includes(kind))).toEqual([]);
  });

  it('are written section by section by who manages the cluster; each wrong thing is told with its place', async () => {
    const [ditecfer] = (await clusters()).filter(({ name }) => name === 'DITECFER');
    const path = `/v1/clusters/${ditecfer.id}`;
    const bindings = [{ kind: 'CLUSTER', id: ditecfer.id }];
    const manager = house.as(await house.keyFor('CLUSTER_MANAGER', undefined, { bindings })).set('prefer', 'wait=30');
    const patch = (body: object) => manager.patch(path).set('if-match', '*').send(body);
    const wrong = {
      ecosystem: {
        headline: 'Rail',
        figures: [{ metric: 'COMPANIES', value: 1, qualifier: 'ROUGHLY' }],
        sections: [{ kind: 'OPERATORS' }, { kind: 'POETRY' }],
      },
      region: { code: 'ITI1', version: 'NUTS 1066', label: null },
    };
    const { body: refused } = await patch(wrong).expect(422);
    expect(refused.errors.map(({ pointer }: Body) => pointer)).toEqual([
      '/region/version',
      '/ecosystem/sections/1/kind',
      '/ecosystem/figures/0/qualifier',
    ]);
    expect((await patch({ ecosystem: { verses: [] } }).expect(400)).body.errors[0].pointer).toBe('/ecosystem/verses');
    expect((await manager.get(path).expect(200)).body.version).toBe(ditecfer.version);

    const ecosystem = {
      headline: { en: 'Rail', it: 'Ferrovia' },
      sections: [
        { kind: 'Operators', items: ['Two operators', { count: 2, label: 'lines', names: ['Firenze–Pisa', 'Firenze–Siena'] }] },
        { kind: 'Governance' },
      ],
    };
    const { body: changed } = await patch({ ecosystem, region: { code: 'ITI1', version: null, label: 'Toscana' } }).expect(200);
    expect(changed).toMatchObject({
      draftOf: 'PUBLISHED',
      region: { code: 'ITI1', version: 'NUTS 2021', label: 'Toscana' },
      ecosystem: {
        partner: 'DITECFER',
        headline: { it: 'Ferrovia' },
        sections: [
          { kind: 'OPERATORS', items: [{ en: 'Two operators' }, { count: 2 }] },
          { kind: 'GOVERNANCE', items: null },
        ],
      },
    });
    expect((await house.public.get(path).expect(200)).body.ecosystem).toEqual(ditecfer.ecosystem);
  });
});
