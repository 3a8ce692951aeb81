import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Service } from '#libs/contracts/actor';
import { ConfigFault, configOf, readConfig } from './config.js';

const SECRET = 'thirty-two letters are a good secret';
const KEY = 'Ab3'.repeat(13).slice(0, 38);
const env = {
  KAFKA_BROKERS: 'kafka-1:9092,kafka-2:9092',
  MONGO_URL: 'mongodb://mongo:27017',
  REDIS_URL: 'redis://redis:6379',
  BY_KEY: SECRET,
  SECRETS_KEY: SECRET,
  SMTP_URL: 'smtp://mail:25',
};
const services = Object.keys(configOf) as Service[];

const folder = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function faults(service: Service, given: Record<string, string>): string[] {
  try {
    readConfig(service, given);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    return error.faults;
  }
}

describe('The environment of a service', () => {
  it.each(services)('is enough for %s with the engines and the keys', (service) => {
    expect(readConfig(service, env)).toMatchObject({ ENGINES: 'external', PORT: 3000, TOPIC_PREFIX: '', TOPIC_PARTITIONS: 12 });
  });

  it('tells all its faults at once, each with its name and what it is for', () => {
    const found = faults('notifications', { KAFKA_BROKERS: 'kafka', PORT: '99999', BY_KEY: 'short', TOPIC_PARTITIONS: 'many' });
    expect(found.map((fault) => fault.split(/ is |:/)[0]).toSorted()).toEqual(
      ['BY_KEY', 'KAFKA_BROKERS', 'MONGO_URL', 'PORT', 'REDIS_URL', 'SECRETS_KEY', 'SMTP_URL', 'TOPIC_PARTITIONS'].toSorted(),
    );
    expect(found).toContainEqual('MONGO_URL is missing: connection string; MongoDB 8 or a compatible');
    expect(found).toContainEqual('KAFKA_BROKERS is wrong: host:port, separated by commas');
  });

  it('says how many faults there are in the words the operator reads', () => {
    expect(() => readConfig('worker', {})).toThrow(/The worker service cannot start: \d faults in its environment\n {2}- /);
    const { REDIS_URL: _, ...rest } = env;
    expect(() => readConfig('worker', rest)).toThrow('cannot start: 1 fault in');
  });

  it('does not show a secret that is wrong', () => {
    expect(faults('worker', { ...env, BY_KEY: 'hunter2' }).join()).not.toContain('hunter2');
  });

  it.each([
    ['MONGO_URL', 'http://mongo'],
    ['REDIS_URL', 'redis'],
    ['KAFKA_BROKERS', 'kafka:9092,'],
    ['KAFKA_BROKERS', 'kafka 1:9092'],
    ['LOG_LEVEL', 'loud'],
    ['ENGINES', 'own'],
    ['PORT', '-1'],
  ])('is faulty with %s=%s', (name, value) => {
    expect(faults('worker', { ...env, [name]: value })).toEqual([expect.stringContaining(`${name} is wrong`)]);
  });

  it('takes what is empty for not given', () => {
    expect(readConfig('worker', { ...env, PORT: '', TOPIC_PREFIX: '' }).PORT).toBe(3000);
  });

  it('leaves alone what is not its own', () => {
    expect(readConfig('worker', { ...env, SMTP_URL: 'nonsense', HOME: 'somewhere' })).not.toHaveProperty('HOME');
  });
});

describe('A variable given as a file', () => {
  const path = join(folder, 'by-key');
  writeFileSync(path, `${SECRET} in a file\n`);

  it('is read from it, and goes before the one given plainly', () => {
    expect(readConfig('worker', { ...env, BY_KEY_FILE: path }).BY_KEY).toBe(`${SECRET} in a file`);
  });

  it('that is not there is a fault, and the path is not told', () => {
    const { BY_KEY: _, ...rest } = env;
    const found = faults('worker', { ...rest, BY_KEY_FILE: join(folder, 'none') });
    expect(found[0]).toBe('BY_KEY_FILE cannot be read');
    expect(found.join()).not.toContain(folder);
  });
});

describe('What is for embedded engines only', () => {
  it.each([
    ['TEST_CLOCK', 'clock.json'],
    ['BOOTSTRAP_KEY', `cb_test_${KEY}`],
  ])('%s is refused with others, and taken with embedded ones', (name, value) => {
    expect(faults('gateway', { ...env, [name]: value })).toEqual([expect.stringContaining('embedded engines only')]);
    expect(readConfig('gateway', { ...env, ENGINES: 'embedded', [name]: value })).toHaveProperty(name, value);
  });

  it('are not the keys of a live platform', () => {
    expect(faults('gateway', { ...env, BOOTSTRAP_KEY: `cb_live_${KEY}` })).toEqual([]);
  });
});
