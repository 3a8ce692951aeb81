import { describe, expect, it } from '@jest/globals';
import type { Log } from '#libs/service/log';
import { isAway, onceBack, within } from './away.js';

const error = (fields: object) => Object.assign(new Error('it failed'), fields);
const refused = error({ code: 'ECONNREFUSED' });

describe('An engine', () => {
  it.each([
    ['MongoDB that cannot be found', error({ name: 'MongoServerSelectionError' })],
    ['MongoDB that hangs up', error({ name: 'MongoNetworkError' })],
    ['MongoDB whose client has noticed before its answer was missed', error({ name: 'PoolClearedOnNetworkError' })],
    ['MongoDB that hangs up on a bulk', error({ name: 'MongoBulkWriteError', errorResponse: error({ name: 'MongoNetworkError' }) })],
    ['MongoDB that shuts down', error({ name: 'MongoServerError', code: 11600 })],
    ['Kafka without a broker', error({ name: 'KafkaJSNonRetriableError', cause: error({ name: 'KafkaJSConnectionError' }) })],
    ['Redis that is not there', error({ cause: refused })],
  ])('is away: %s', (_, fault) => {
    expect(isAway(fault)).toBe(true);
  });

  it.each([
    ['a value that must be unique', error({ name: 'MongoServerError', code: 11000 })],
    ['a bulk that meets one', error({ name: 'MongoBulkWriteError', code: 11000, errorResponse: { code: 11000 } })],
    ['a message that is too large', error({ name: 'KafkaJSProtocolError', code: 10 })],
    ['a bug', new TypeError('undefined is not a function')],
    ['no error at all', null],
  ])('is there when it complains of %s', (_, fault) => {
    expect(isAway(fault)).toBe(false);
  });
});

describe('What needs an engine that is away', () => {
  const lines: unknown[] = [];
  const log = { warn: (line: unknown) => lines.push(line) } as unknown as Log;

  it('is done when it is back, and said once meanwhile', async () => {
    let tries = 0;
    const work = async () => {
      tries += 1;
      if (tries < 3) throw refused;
      return 'done';
    };
    expect(await onceBack(log, work)).toBe('done');
    expect(lines).toHaveLength(1);
  });

  it('fails at once when the engine is there and the fault is another', async () => {
    await expect(onceBack(log, () => Promise.reject(new TypeError('a bug')))).rejects.toThrow('a bug');
  });

  it('holds up no shutdown', async () => {
    await expect(within(10, new Promise(() => undefined))).resolves.toBeUndefined();
    await expect(within(10_000, Promise.resolve())).resolves.toBeUndefined();
  });
});
