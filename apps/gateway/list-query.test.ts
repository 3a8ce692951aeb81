import { describe, expect, it } from '@jest/globals';
import { Cursors } from './cursors.js';
import { listQuery } from './list-query.js';
import { resources } from './resources.js';

const cursors = new Cursors('secret');
const asked = (sort?: string, more = {}) =>
  listQuery(resources.clusters!, { ...(sort === undefined ? {} : { sort }), ...more }, cursors, async (_, id) => [id]);
const copy = { _id: 'c7', version: 1, view: { id: 'c7', version: 1 }, sort: { name: 'mitc', country: 'es' } };

describe('What a list is asked for', () => {
  it.each(['q', 'country'])('has at most 200 characters in %s', async (name) => {
    await expect(asked(undefined, { [name]: 'a'.repeat(200) })).resolves.toBeDefined();
    await expect(asked(undefined, { [name]: 'a'.repeat(201) })).rejects.toMatchObject({
      details: { code: 'QUERY.MALFORMED', errors: [{ pointer: `?${name}` }] },
    });
  });
});

describe('The size of a page', () => {
  it.each(['0', '201', '2 ', '1e1', '0x10', '', '-1', '2.0'])('is not %p', async (limit) => {
    await expect(asked(undefined, { limit })).rejects.toMatchObject({ details: { code: 'QUERY.MALFORMED' } });
  });
});

describe('The order of a list', () => {
  it('is by several keys, each in its direction, and by id where they are alike', async () => {
    const { sort } = await asked('country,-name');
    expect(Object.entries(sort)).toEqual([
      ['sort.country', 1],
      ['sort.name', -1],
      ['_id', -1],
    ]);
    expect((await asked()).sort).toEqual({ _id: 1 });
  });

  it('goes on behind the place where a page ended', async () => {
    const list = await asked('country,-name');
    const place = list.place(copy);
    expect(place).toEqual(['es', 'mitc', 'c7']);
    const next = await asked('country,-name', { cursor: cursors.write(place, list.bound) });
    expect(next.filter(next.after)).toEqual({
      $or: [
        { 'sort.country': { $gt: 'es' } },
        { 'sort.country': 'es', 'sort.name': { $lt: 'mitc' } },
        { 'sort.country': 'es', 'sort.name': 'mitc', _id: { $lt: 'c7' } },
      ],
    });
  });

  it('belongs to its cursor', async () => {
    const list = await asked('country,-name');
    const cursor = cursors.write(list.place(copy), list.bound);
    await expect(asked('country,name', { cursor })).rejects.toMatchObject({ details: { code: 'QUERY.CURSOR' } });
  });

  it.each(['colour', 'name,colour', 'name,-name', 'name,', '', '--name', 'constructor'])('is not by %p', async (sort) => {
    await expect(asked(sort)).rejects.toMatchObject({ details: { code: 'QUERY.SORT' } });
  });
});
