import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { environment } from '#libs/testing/environment';
import { eventually } from '#libs/testing/eventually';
import { ahead } from './ahead.js';
import { AnswersAhead } from './answers-ahead.js';
import { type Asked, HotAnswers } from './hot-answers.js';
import { Reading } from './reading.js';
import { mint, Versions } from './version-cache.js';

const LIST = 'things:*';
const THING = 'things:1';
const URL = '/v1/things';

const env = environment();
const after: (() => Promise<unknown>)[] = [];

afterAll(async () => {
  for (const end of after) await end();
});

/** One gateway over a Redis and a database that it shares with others. */
function gateway(database: { value: string }) {
  const config = { REDIS_URL: env.REDIS_URL, MONGO_PREFIX: `${env.MONGO_PREFIX}_ahead` };
  const runtime = { config, log: { debug: () => undefined }, health: { add: () => undefined }, after } as never;
  const versions = new Versions(runtime);
  const hot = new HotAnswers(versions, { front: () => ({}) } as never);
  const answers = new AnswersAhead(versions, hot);
  const seen = { rendered: 0, meanwhile: async () => {} };

  /** What the framework does with a request that is not answered from memory. */
  const render = async ({ url, headers }: Asked, ofMemory = false): Promise<string> => {
    const read = new Reading();
    read.ofMemory = ofMemory;
    const tags = [LIST, THING];
    const found = await versions.lookup(tags);
    read.note(tags, found && (ahead.getStore()?.seen(tags, found) ?? found));
    const { value } = database;
    seen.rendered += 1;
    await seen.meanwhile();
    const request = { method: 'GET', url, headers, actor: { kind: 'PUBLIC' }, routeOptions: { url } };
    hot.keep(request as unknown as FastifyRequest, { statusCode: 200, getHeader: () => undefined } as unknown as FastifyReply, read, value);
    return value;
  };
  answers.renderBy(render);

  const get = (ofMemory = false): Promise<string> =>
    new Promise((resolve, reject) => {
      const response = { writeHead: () => undefined, end: (body: Buffer) => resolve(String(body)) };
      const asked = { url: URL, headers: {} };
      hot.front({ method: 'GET', ...asked } as unknown as IncomingMessage, response as unknown as ServerResponse, () =>
        render(asked, ofMemory).then(resolve, reject),
      );
    });
  /** What topics bring. */
  const published = async (value: string) => {
    database.value = value;
    await answers.tell(new Map([LIST, THING].map((tag) => [tag, mint()])));
  };
  /** What a reply brings. */
  const replied = async (value: string) => {
    database.value = value;
    await versions.raise(new Map([[LIST, mint()]]));
  };
  const trusted = () => eventually(async () => expect(await versions.lookup([])).not.toBeNull());
  return { seen, get, published, replied, versions, trusted };
}

const asked = async (house: ReturnType<typeof gateway>, times: number, ofMemory = false) => {
  for (let n = 0; n < times; n++) await house.get(ofMemory);
};

describe('Answers that many ask for', () => {
  const database = { value: 'first' };
  const one = gateway(database);
  const other = gateway(database);

  beforeAll(async () => {
    await one.trusted();
    await other.trusted();
  });

  it('are put together before what they tell is told, and change for all at once', async () => {
    await one.replied('first');
    await asked(one, 5);
    await other.get();
    one.seen.rendered = 0;
    const seen: string[] = [];
    one.seen.meanwhile = async () => void seen.push(await one.get(), await other.get());
    await one.published('second');
    one.seen.meanwhile = async () => {};
    expect(seen).toEqual(['first', 'first']);
    expect(await one.get()).toBe('second');
    expect(one.seen.rendered).toBe(1);
    expect(await other.get()).toBe('second');
  });

  it('do not stand when another has told something of them meanwhile', async () => {
    await asked(one, 5);
    one.seen.meanwhile = () => other.replied('of the other');
    await one.published('third');
    one.seen.meanwhile = async () => {};
    expect([await one.get(), await other.get()]).toEqual(['of the other', 'of the other']);
  });

  it('are void like others when they are asked for less often than they change, or found by what is kept in memory', async () => {
    await one.replied('fourth');
    await asked(one, 2);
    one.seen.rendered = 0;
    await one.published('fifth');
    expect(one.seen.rendered).toBe(0);
    expect(await one.get()).toBe('fifth');
    await one.replied('sixth');
    await asked(one, 5, true);
    one.seen.rendered = 0;
    await one.published('seventh');
    expect(one.seen.rendered).toBe(0);
    expect(await one.get()).toBe('seventh');
  });

  it('hold up what is told for a moment at most', async () => {
    await one.replied('eighth');
    await asked(one, 5);
    const hangs = Promise.withResolvers<void>();
    one.seen.meanwhile = () => hangs.promise;
    await one.published('ninth');
    one.seen.meanwhile = async () => {};
    expect(await one.get()).toBe('ninth');
    await one.replied('tenth');
    hangs.resolve();
    expect(await one.get()).toBe('tenth');
  });
});

describe('The versions that are told', () => {
  const house = gateway({ value: '' });
  beforeAll(() => house.trusted());

  it('are those of the tokens of records; of others none is known', async () => {
    await house.versions.raise(new Map([...['r:1', 'r:2'].map((tag, at) => [tag, mint(at + 7)] as const), [LIST, mint()]]));
    expect(await house.versions.versionsTold(['r:1', 'r:2', LIST, 'r:3'])).toEqual([7, 8, 0, 0]);
    expect(await house.versions.versionsTold([])).toEqual([]);
  });

  it('come with the tokens that were prepared, if nothing was told since they were; else with others', async () => {
    const prepared = async (version: number) => {
      const [before] = (await house.versions.lookup(['r:9'])) as string[];
      const marks = new Map(['r:9', 'r:10'].map((tag) => [tag, mint(version)] as const));
      return { raise: () => house.versions.raiseIf(new Map([['r:9', before!]]), marks), tokens: [...marks.values()] };
    };
    const now = async () => ((await house.versions.lookup(['r:9', 'r:10'])) as string[]).slice(0, 2);
    const first = await prepared(2);
    await first.raise();
    expect(await now()).toEqual(first.tokens);
    const second = await prepared(4);
    await house.versions.raise(new Map([['r:9', mint(3)]]));
    await second.raise();
    expect(await house.versions.versionsTold(['r:9', 'r:10'])).toEqual([4, 4]);
    for (const token of second.tokens) expect(await now()).not.toContain(token);
  });
});
