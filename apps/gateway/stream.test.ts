import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import type { Entry } from './feed-entry.js';
import { Problem } from './problem.js';
import { HEARTBEAT_MS, type Sources, Stream } from './stream.js';

/** A client's end of the connection: takes everything at once, or nothing. */
class Client extends EventEmitter {
  text = '';
  takes = true;
  writableLength = 0;
  isEnded = false;
  destroyed = false;

  write(chunk: string | Buffer): boolean {
    if (this.takes) this.text += chunk;
    else this.writableLength += chunk.length;
    return this.takes;
  }
  end(chunk: string): void {
    this.text += chunk;
    this.isEnded = true;
    this.emit('close');
  }
  destroy(): void {
    this.destroyed = true;
  }
  takeAll(): void {
    this.takes = true;
    this.writableLength = 0;
    this.emit('drain');
  }
}

/** A feed in which every fact has a thousand letters. */
class Feed {
  newest = 0;
  passed = 0;
  hidden = new Set<number>();
  problem: Problem | null = null;
  readonly sources = { log: this, sight: this } as unknown as Sources;

  add(many = 1): void {
    this.newest += many;
    this.passed += many * 1000;
  }
  async read(after: number, max: number) {
    const reached = Math.min(this.newest, after + max);
    const entries = Array.from({ length: reached - after }, (_, at) => this.entry(after + 1 + at));
    return { entries, reached };
  }
  async seen(entries: Entry[]) {
    if (this.problem) throw this.problem;
    return entries.filter(({ cursor }) => !this.hidden.has(cursor));
  }
  async caller() {
    if (this.problem) throw this.problem;
  }
  private entry(cursor: number): Entry {
    return { cursor, frame: Buffer.from(`id: ${cursor}\n${'x'.repeat(990)}\n\n`) } as Entry;
  }
}

const request = { headers: {}, raw: {} } as unknown as FastifyRequest;
const all = { matches: () => true };
const settled = () => new Promise((resolve) => setImmediate(resolve));
const revoked = new Problem('unauthenticated', { code: 'AUTH.UNKNOWN', detail: 'gone' });

let feed: Feed;
let client: Client;
const NOW = 1_000_000;
const open = (place = 0) => new Stream(request, client as unknown as ServerResponse, all, place, feed.sources, NOW);
const ids = () => [...client.text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));

beforeEach(() => {
  feed = new Feed();
  client = new Client();
});

describe('A stream', () => {
  it('begins with its place and a time to come back that differs from listener to listener', () => {
    open(4);
    expect(client.text).toMatch(/^retry: [1-4]\d{3}\nid: 4\n:/);
  });

  it('tells what is new, in order and once, however often it is called', async () => {
    const stream = open();
    feed.add(250);
    stream.wake();
    stream.wake();
    await settled();
    feed.add();
    stream.wake();
    await settled();
    expect(ids().slice(1)).toEqual(Array.from({ length: 251 }, (_, at) => at + 1));
  });

  it('gives a sign of life after a quiet while, with the cursor when it has passed something over', async () => {
    const stream = open();
    const before = client.text;
    stream.tick(NOW + HEARTBEAT_MS - 1);
    expect(client.text).toBe(before);
    stream.tick(NOW + HEARTBEAT_MS);
    expect(client.text.slice(before.length)).toBe(': here\n\n');
    feed.add(2);
    feed.hidden = new Set([1, 2]);
    stream.wake();
    await settled();
    stream.tick(NOW + 2 * HEARTBEAT_MS);
    expect(client.text.slice(before.length)).toBe(': here\n\n: here\nid: 2\n\n');
  });

  it('writes little ahead of a client that takes nothing, and goes on when it does', async () => {
    const stream = open();
    client.takes = false;
    feed.add(500);
    stream.wake();
    await settled();
    expect(client.writableLength).toBeLessThan(70_000);
    client.takeAll();
    await settled();
    expect(ids().at(-1)).toBe(500);
  });

  it.each([
    ['a thousand facts', 1001, 0],
    ['a minute', 0, 60_001],
  ])('is given up when the client has taken nothing for %s', async (_, facts, ms) => {
    const stream = open();
    client.takes = false;
    feed.add(100);
    stream.wake();
    await settled();
    stream.tick();
    expect(client.isEnded).toBe(false);
    feed.add(facts);
    stream.tick(Date.now() + ms);
    expect(client.isEnded).toBe(true);
    expect(client.text).toContain('event: resync\ndata: {"code":"FEED.RESYNC","reason":"TOO_SLOW"');
  });

  it('lets a client read the past that is far behind, as long as it reads', async () => {
    feed.add(5000);
    const stream = open();
    stream.wake();
    await settled();
    stream.tick();
    await settled();
    expect(client.isEnded).toBe(false);
    expect(ids().at(-1)).toBe(5000);
  });

  it('tells nothing more when the rights have ended, whether or not something happens', async () => {
    for (const notice of [(stream: Stream) => stream.wake(), (stream: Stream) => stream.tick(NOW + 5_000)]) {
      client = new Client();
      feed = new Feed();
      const stream = open();
      feed.add();
      feed.problem = revoked;
      notice(stream);
      await settled();
      expect(client.isEnded).toBe(true);
      expect(ids()).toEqual([0]);
      expect(client.text).toContain('event: problem\ndata: {"type":"/docs/problems/unauthenticated"');
    }
  });

  it('whose cursor has left the feed is told to begin anew', async () => {
    const stream = open();
    feed.problem = new Problem('resync', { code: 'FEED.RESYNC', detail: 'gone' });
    feed.add();
    stream.wake();
    await settled();
    expect(client.text).toContain('"reason":"TOO_OLD"');
    expect(client.text).toContain('"snapshot":"/v1/snapshot"');
  });

  it('says goodbye once when the gateway closes', () => {
    const stream = open();
    stream.close();
    stream.close();
    expect(client.text.match(/this gateway closes/g)).toHaveLength(1);
    stream.tick(NOW + HEARTBEAT_MS);
    expect(client.text.endsWith('\n\n')).toBe(true);
    expect(client.text).not.toContain(': here');
  });
});
