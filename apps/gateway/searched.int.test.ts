import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectMongo } from '#libs/persistence/mongo';
import { Views } from '#libs/persistence/views';
import { createLog } from '#libs/service/log';
import { environment } from '#libs/testing/environment';
import { indexed, type Resource, resources, type View } from './resources.js';
import { Searched } from './searched.js';
import type { By } from './word-index.js';

const organisations = resources.organisations as Resource;
const BY_NAME: By[] = [
  { key: 'name', direction: 1 },
  { key: 'id', direction: 1 },
];

let db: Awaited<ReturnType<typeof connectMongo>>;
let token = 1;
/** Null: the versions cannot be known. */
let told: string[] | null = null;

beforeAll(async () => {
  const env = environment();
  db = await connectMongo(env.MONGO_URL!, `${env.MONGO_PREFIX}_searched`, createLog('gateway', 'test', 'silent'));
});
afterAll(async () => {
  await db.dropDatabase();
  await db.close();
});

/** The organisations as one gateway writes and another searches them. */
async function shelf(name: string) {
  const views = new Views<View>(db, name, [], true);
  await views.ensureIndexes();
  const searched = new Searched('organisations', new Views<View>(db, name, [], true), { lookup: async () => told });
  const write = async (id: string, version: number, view: object | null) => {
    await views.apply([{ id, version, view: view as never }], (each) => indexed(organisations, each));
    token += 1;
    told = [`t${token}`, 'epoch'];
  };
  const find = async (q: string[], max = 10, others: object[] = []) => {
    const found = await searched.find({ beginnings: q, order: BY_NAME, after: null, others: others as never }, max);
    return found.map(({ _id, version }) => `${_id}/${version}`);
  };
  return { write, find };
}

const called = (name: string, more: object = {}) => ({ name, aliases: [], externalIds: [{ system: 'VAT', id: name }], ...more });

describe('Many records that are searched', () => {
  it('are found as they stood before the question, in order, without accents and outside ids', async () => {
    const { write, find } = await shelf('found');
    expect(await find(['op'])).toEqual([]);
    await write('1', 1, called('Óptica del Norte'));
    await write('2', 1, called('Optics Works'));
    expect(await find(['op'])).toEqual(['1/1', '2/1']);
    await write('1', 2, called('Textiles del Norte'));
    expect([await find(['op']), await find(['nor', 'tex'])]).toEqual([['2/1'], ['1/2']]);
    expect(await find(['vat'])).toEqual([]);
  });

  it('are read from the database: what is gone is not told, and comes back when it is made again', async () => {
    const { write, find } = await shelf('gone');
    await write('1', 1, called('Alfa'));
    await write('2', 1, called('Alto'));
    expect(await find(['al'])).toEqual(['1/1', '2/1']);
    await write('1', 2, null);
    expect([await find(['al']), await find(['al'], 1)]).toEqual([['2/1'], ['2/1']]);
    await write('1', 3, called('Alba'));
    expect(await find(['al'])).toEqual(['1/3', '2/1']);
  });

  it('are read on until the page is full, where further conditions pass some over', async () => {
    const { write, find } = await shelf('others');
    for (let n = 0; n < 9; n++) await write(`${n}`, 1, called(`Firm ${n}`, { country: n % 4 === 0 ? 'ES' : 'FI' }));
    expect(await find(['firm'], 2, [{ 'view.country': { $in: ['ES'] } }])).toEqual(['0/1', '4/1']);
    expect(await find(['firm'], 9, [{ 'view.country': { $in: ['ES'] } }])).toEqual(['0/1', '4/1', '8/1']);
  });

  it('are up to date also while nobody can tell the versions', async () => {
    const { write, find } = await shelf('unknown');
    await write('1', 1, called('Alfa'));
    told = null;
    expect(await find(['al'])).toEqual(['1/1']);
    await write('2', 1, called('Alto'));
    told = null;
    expect(await find(['al'])).toEqual(['1/1', '2/1']);
  });
});
