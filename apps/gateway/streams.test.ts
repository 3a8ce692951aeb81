import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Runtime } from '#libs/service/runtime';
import type { Feed } from './feed.js';
import type { FeedLog } from './feed-log.js';
import type { FeedSight } from './feed-sight.js';
import { Problem } from './problem.js';
import { Streams } from './streams.js';

class Connection extends EventEmitter {
  status = 0;
  text = '';
  writableLength = 0;
  writeHead(status: number): void {
    this.status = status;
  }
  write(text: string): boolean {
    this.text += text;
    return true;
  }
  end(text = ''): void {
    this.text += text;
    this.emit('close');
  }
  destroy(): void {}
}

function gateway(config: object) {
  const log = {
    newest: 7,
    place: async (after: number) => {
      if (after < 3) throw new Problem('resync', { code: 'FEED.RESYNC', detail: 'gone' });
      return after;
    },
    close: () => undefined,
  };
  const streams = new Streams(
    { config, before: [] } as unknown as Runtime,
    log as unknown as FeedLog,
    {} as FeedSight,
    { idOf: async (_: string, id: string) => id } as unknown as Feed,
  );
  const listen = async (id: string, query: object = {}, method = 'GET') => {
    const out = new Connection();
    const request = { query, headers: {}, actor: { id }, method, raw: { socket: { setKeepAlive: () => undefined } } };
    const reply = { hijack: () => ({ raw: out }), getHeaders: () => ({}) };
    await streams.listen(request as unknown as FastifyRequest, reply as unknown as FastifyReply);
    return out;
  };
  return { streams, listen };
}

const refusal = async (asked: Promise<unknown>) => {
  const error = await asked.catch((thrown) => thrown);
  return error instanceof Problem ? [error.status, error.details.code] : error;
};

describe('The streams of a gateway', () => {
  it('are as many per caller as are allowed, and one more when one has ended', async () => {
    const { listen } = gateway({ STREAMS_PER_CALLER: 2, ENGINES: 'external' });
    const first = await listen('a');
    await listen('a');
    expect(await refusal(listen('a'))).toEqual([429, 'STREAM.TOO_MANY']);
    await listen('b');
    first.end();
    await listen('a');
    expect(await refusal(listen('a'))).toEqual([429, 'STREAM.TOO_MANY']);
  });

  it.each([
    ['external', 100],
    ['embedded', 150],
  ])('are with %s engines not counted before the %dth', async (ENGINES, many) => {
    const { listen } = gateway({ ENGINES });
    for (let number = 0; number < many; number += 1) await listen('a');
    const next = await refusal(listen('a'));
    if (ENGINES === 'external') expect(next).toEqual([429, 'STREAM.TOO_MANY']);
    else expect(next).toMatchObject({ status: 200 });
  });

  it('begin by telling who is too late to begin anew, as an event', async () => {
    const { listen } = gateway({ ENGINES: 'embedded' });
    const out = await listen('a', { after: '1' });
    expect(out.status).toBe(200);
    expect(out.text).toContain('"reason":"TOO_OLD"');
  });

  it('answer HEAD with headers alone', async () => {
    const { listen, streams } = gateway({ ENGINES: 'embedded' });
    const out = await listen('a', {}, 'HEAD');
    expect([out.status, out.text]).toEqual([200, '']);
    await streams.close();
  });

  it('end with the gateway, each told to come back', async () => {
    const { listen, streams } = gateway({ ENGINES: 'embedded' });
    const all = [await listen('a'), await listen('b')];
    await streams.close();
    for (const { text } of all) expect(text).toContain('come back with Last-Event-ID');
  });
});
