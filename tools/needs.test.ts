import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { demandPrograms } from './needs.mjs';

/** A machine on whose PATH there is only what a test puts there. */
describe('The programs that fetch and run the engines', () => {
  const { PATH, JAVA_HOME, MONGO_ENGINE } = process.env;
  let root: string;
  const put = (name: string, says: string) => {
    writeFileSync(path.join(root, 'bin', name), `#!/bin/sh\necho '${says}'\n`);
    chmodSync(path.join(root, 'bin', name), 0o755);
  };
  const missing = async (given: Record<string, string> = {}) => {
    const told = await demandPrograms({ root, given }).then(
      () => '',
      (error: Error) => error.message,
    );
    return told.split('\n').map((line) => line.split(':')[0]);
  };

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'needs é '));
    mkdirSync(path.join(root, 'bin'));
    process.env.PATH = path.join(root, 'bin');
    delete process.env.JAVA_HOME;
    delete process.env.MONGO_ENGINE;
  });
  afterEach(() => {
    Object.assign(process.env, { PATH }, JAVA_HOME === undefined ? {} : { JAVA_HOME }, MONGO_ENGINE === undefined ? {} : { MONGO_ENGINE });
    rmSync(root, { recursive: true });
  });

  it('that are missing are told all at once', async () => {
    expect(await missing()).toEqual(['Java is missing', 'Maven (mvn) is missing', 'Python 3.10 or newer is missing']);
  });

  it('that are there and new enough are not', async () => {
    put('java', 'openjdk version "21.0.1"');
    put('mvn', 'Apache Maven 3.9.1');
    put('python3', 'Python 3.12.1');
    expect(await missing()).toEqual(['']);
    put('java', 'openjdk version "11.0.1"');
    put('python3', 'Python 3.9.1');
    expect(await missing()).toEqual(['The Java found is older than 17', 'Python 3.10 or newer is missing']);
  });

  it('are not needed for engines that are given or at hand', async () => {
    expect(await missing({ KAFKA_BROKERS: 'kafka:9092' })).toEqual(['Python 3.10 or newer is missing']);
    expect(await missing({ KAFKA_BROKERS: 'kafka:9092', MONGO_URL: 'mongodb://m', REDIS_URL: 'redis://r' })).toEqual(['']);
    put('mongod', 'db version v8.0.1');
    expect(await missing({ KAFKA_BROKERS: 'kafka:9092' })).toEqual(['Python 3.10 or newer is missing']);
    put('redis-server', 'Redis server v=7.2.4');
    expect(await missing({ KAFKA_BROKERS: 'kafka:9092' })).toEqual(['']);
  });

  it('of Maven is not needed once Kafka is fetched', async () => {
    const { jarsOf } = await import('./fetch.mjs');
    mkdirSync(jarsOf(root), { recursive: true });
    expect(await missing({ MONGO_URL: 'mongodb://m', REDIS_URL: 'redis://r' })).toEqual(['Java is missing']);
  });
});
