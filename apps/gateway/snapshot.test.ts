import { describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import type { FeedLog } from './feed-log.js';
import type { FeedSight } from './feed-sight.js';
import { Problem } from './problem.js';
import type { Reads } from './reads.js';
import { Snapshot } from './snapshot.js';

const PAGE = 200;
const request = {
  query: { resources: 'events' },
  actor: { kind: 'CLIENT', id: 'c', roles: [], scopes: [], at: '' },
} as unknown as FastifyRequest;

/** A gateway with many events of a thousand letters. */
function gateway(pages: number) {
  const seen = { read: 0, steps: [] as string[], ended: false };
  const log = {
    newestNow: async () => {
      seen.steps.push('cursor');
      return 41;
    },
  };
  const sight = {
    caller: async () => {
      if (seen.ended) throw new Problem('unauthenticated', { code: 'AUTH.UNKNOWN', detail: 'gone' });
    },
  };
  const reads = {
    slice: async () => {
      seen.steps.push('read');
      seen.read += 1;
      const shown = Array.from({ length: PAGE }, (_, at) => ({ id: `${at}`, version: 1, view: { text: 'x'.repeat(1000) } }));
      return { shown, last: seen.read < pages ? `${seen.read}` : null };
    },
  };
  const snapshot = new Snapshot(log as unknown as FeedLog, sight as unknown as FeedSight, reads as unknown as Reads);
  return { seen, snapshot };
}

describe('A snapshot', () => {
  it('takes its cursor before it reads anything, and counts what it told', async () => {
    const { seen, snapshot } = gateway(2);
    let text = '';
    for await (const chunk of await snapshot.of(request)) text += chunk;
    expect(seen.steps).toEqual(['cursor', 'read', 'read']);
    const lines = text.trimEnd().split('\n');
    expect(JSON.parse(lines[0]!)).toEqual({ cursor: 41 });
    expect(JSON.parse(lines.at(-1)!)).toEqual({ end: true, count: 2 * PAGE });
    expect(lines).toHaveLength(2 * PAGE + 2);
  });

  it('reads no further than what is taken of it', async () => {
    const { seen, snapshot } = gateway(1000);
    const chunks = await snapshot.of(request);
    for (let taken = 0; taken < 10; taken += 1) {
      const { value } = await chunks.next();
      expect(value!.length).toBeLessThan(70_000);
    }
    expect(seen.read).toBeLessThan(5);
    await chunks.return(undefined);
    expect(seen.read).toBeLessThan(5);
  });

  it('breaks off when the rights end: without its last line it is none', async () => {
    const { seen, snapshot } = gateway(1000);
    const chunks = await snapshot.of(request);
    await chunks.next();
    seen.ended = true;
    const rest = async () => {
      for await (const _ of chunks);
    };
    await expect(rest()).rejects.toThrow(Problem);
  });
});
