import { parseEnv } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { envFile } from './services.mjs';

describe('The file of what the services are told', () => {
  it('is read by Node as it was meant, without what is not set', () => {
    const env = {
      KAFKA_BROKERS: '127.0.0.1:9092',
      MONGO_URL: 'mongodb://127.0.0.1:27017/?journal=true&w=majority#x',
      BY_KEY: 'a-b_c$HOME "quoted" # no remark',
    };
    expect(parseEnv(envFile({ ...env, BOOTSTRAP_KEY: undefined }))).toEqual(env);
  });
});
