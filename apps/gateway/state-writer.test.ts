import { describe, expect, it } from '@jest/globals';
import type { ReadState } from '#libs/messaging/state-reader';
import type { Views } from '#libs/persistence/views';
import { eventually } from '#libs/testing/eventually';
import type { View } from './resources.js';
import { StateWriter } from './state-writer.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const state = (id: string, version: number): ReadState => ({
  aggregate: 'organisation',
  id,
  version,
  view: { id, name: id, aliases: [], externalIds: [] },
});

const shown = (marks: ReadonlyMap<string, string>) => [...marks.keys()].filter((tag) => /:[a-z]$/.test(tag)).join(' ');

/** A writer over copies that are written when they are let through, and what it has done; `busy`: tags of answers that many ask for. */
function writing(busy: string[] = []) {
  const done: string[] = [];
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const gateOf = (key: string) => {
    const gate = gates.get(key) ?? Promise.withResolvers<void>();
    gates.set(key, gate);
    return gate;
  };
  const views = {
    where: async () => [],
    apply: async (records: ReadState[]) => {
      const names = records.map(({ id, version }) => `${id}/${version}`);
      await Promise.all(names.map((name) => gateOf(name).promise));
      if (names.includes('bad/1')) throw new Error('away');
      done.push(`wrote ${names.join(' ')}`);
    },
  } as unknown as Views<View>;
  const raise = async (marks: ReadonlyMap<string, string>) => void done.push(`told ${shown(marks)}`);
  const answers = {
    concern: (marks: ReadonlyMap<string, string>) => busy.some((tag) => marks.has(tag)),
    tell: async (marks: ReadonlyMap<string, string>) => void (marks.size > 0 && done.push(`told ahead ${shown(marks)}`)),
  };
  return { writer: new StateWriter(() => views, { raise }, answers), answers, done, let: (name: string) => gateOf(name).resolve() };
}

describe('States that come in', () => {
  it('by a reply do not stand behind what topics bring of other records', async () => {
    const { writer, done, let: through } = writing();
    const topic = writer.published([state('x', 1)]);
    await turn();
    through('y/1');
    await writer.replied([state('y', 1)]);
    expect(done).toEqual(['wrote y/1', 'told organisations:y']);
    through('x/1');
    await topic;
  });

  it('by a reply wait until what topics have brought of the same record is told to all', async () => {
    const { writer, done, let: through } = writing();
    const topic = writer.published([state('x', 2)]);
    await turn();
    const reply = writer.replied([state('x', 2)]).then(() => done.push('answered'));
    await turn();
    expect(done).toEqual([]);
    through('x/2');
    await Promise.all([topic, reply]);
    expect(done).toEqual(['wrote x/2', 'told organisations:x', 'answered']);
    expect(writer.seen('organisations', 'x')).toBe(2);
  });

  it('are told part by part, and not again when they are known', async () => {
    const { writer, done, let: through } = writing();
    const many = Array.from({ length: 30 }, (_, place) => state(String.fromCharCode(97 + (place % 26)) + Math.floor(place / 26), 1));
    for (const { id } of many) through(`${id}/1`);
    await writer.published(many);
    expect(done.map((what) => what.split(' ')[0])).toEqual(['wrote', 'told', 'wrote', 'told']);
    await writer.replied(many);
    expect(done).toHaveLength(4);
  });

  it('by topics are told together where they concern answers that many ask for, and by replies at once', async () => {
    const { writer, done, let: through } = writing(['organisations:a', 'organisations:b']);
    const cluster = (id: string) => ({ ...state(id, 1), aggregate: 'cluster' });
    const topic = writer.published([state('a', 1), cluster('c'), state('b', 1)]);
    await turn();
    through('c/1');
    await turn();
    await turn();
    expect(done).toEqual(['wrote c/1', 'told clusters:c']);
    through('a/1');
    through('b/1');
    await topic;
    expect(done.slice(2)).toEqual(['wrote a/1 b/1', 'told ahead organisations:a organisations:b']);
    through('a/2');
    await writer.replied([state('a', 2)]);
    expect(done.slice(4)).toEqual(['wrote a/2', 'told organisations:a']);
  });

  it('by topics wait but a moment for others that come with them', async () => {
    const { writer, done, let: through } = writing(['organisations:a']);
    through('a/1');
    const topic = writer.published([state('a', 1), { ...state('c', 1), aggregate: 'cluster' }]);
    await eventually(() => expect(done).toEqual(['wrote a/1', 'told ahead organisations:a']));
    through('c/1');
    await topic;
    expect(done.slice(2)).toEqual(['wrote c/1', 'told clusters:c']);
  });

  it('by replies do not wait for answers to be put together', async () => {
    const { writer, done, let: through, answers } = writing(['organisations:a']);
    const gate = Promise.withResolvers<undefined>();
    answers.tell = () => gate.promise;
    through('a/1');
    const topic = writer.published([state('a', 1)]);
    await writer.replied([state('a', 1)]);
    expect(done).toEqual(['wrote a/1', 'wrote a/1', 'told organisations:a']);
    expect([writer.seen('organisations', 'a'), writer.isTelling('organisations', 'a')]).toEqual([1, false]);
    gate.resolve(undefined);
    await topic;
  });

  it('are told also where others that came with them could not be written', async () => {
    const { writer, done, let: through } = writing(['organisations:a']);
    through('bad/1');
    const published = expect(writer.published([state('a', 1), { ...state('bad', 1), aggregate: 'cluster' }])).rejects.toThrow('away');
    await turn();
    through('a/1');
    await published;
    expect(done).toEqual(['wrote a/1', 'told ahead organisations:a']);
    expect(writer.seen('organisations', 'a')).toBe(0);
  });

  it('that could not be written hold nobody up', async () => {
    const away = { where: async () => [], apply: () => Promise.reject(new Error('away')) } as never;
    const answers = { concern: () => false, tell: async () => undefined };
    const failing = new StateWriter(() => away, { raise: async () => undefined }, answers);
    await expect(failing.published([state('x', 1)])).rejects.toThrow('away');
    await expect(failing.replied([state('x', 1)])).rejects.toThrow('away');
    expect(failing.seen('organisations', 'x')).toBe(0);
  });
});
