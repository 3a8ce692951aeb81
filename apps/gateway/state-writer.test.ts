import { describe, expect, it } from '@jest/globals';
import type { ReadState } from '#libs/messaging/state-reader';
import type { Views } from '#libs/persistence/views';
import type { View } from './resources.js';
import { StateWriter } from './state-writer.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const state = (id: string, version: number): ReadState => ({
  aggregate: 'organisation',
  id,
  version,
  view: { id, name: id, aliases: [], externalIds: [] },
});

/** A writer over copies that are written when they are let through, and what it has done. */
function writing() {
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
      done.push(`wrote ${names.join(' ')}`);
    },
  } as unknown as Views<View>;
  const raise = async (tags: string[]) => void done.push(`told ${tags.filter((tag) => /:[a-z]$/.test(tag)).join(' ')}`);
  return { writer: new StateWriter(() => views, { raise }), done, let: (name: string) => gateOf(name).resolve() };
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

  it('that could not be written hold nobody up', async () => {
    const failing = new StateWriter(() => ({ where: async () => [], apply: () => Promise.reject(new Error('away')) }) as never, {
      raise: async () => undefined,
    });
    await expect(failing.published([state('x', 1)])).rejects.toThrow('away');
    await expect(failing.replied([state('x', 1)])).rejects.toThrow('away');
    expect(failing.seen('organisations', 'x')).toBe(0);
  });
});
