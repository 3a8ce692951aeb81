import { describe, expect, it } from '@jest/globals';
import { ConfigFault, readConfig } from './config.js';
import { readIssuers } from './issuers.js';
import { randomKey } from './key-form.js';
import { readQuotas, usualQuotas } from './quotas.js';

const needed = {
  KAFKA_BROKERS: '127.0.0.1:9092',
  MONGO_URL: 'mongodb://127.0.0.1',
  REDIS_URL: 'redis://127.0.0.1',
  BY_KEY: 'b'.repeat(32),
  SECRETS_KEY: 's'.repeat(32),
};
const faultsOf = (env: Record<string, string>) => {
  try {
    readConfig('gateway', { ...needed, ...env });
    return [];
  } catch (error) {
    return (error as ConfigFault).faults;
  }
};

describe('Quotas', () => {
  it('that are named replace the usual ones', () => {
    expect(readQuotas('READ=5/1, IMPORT=off')).toEqual({ ...usualQuotas, READ: { points: 5, seconds: 1 }, IMPORT: null });
    expect(readQuotas('off')).toEqual({ READ: null, WRITE: null, IMPORT: null, TOKEN: null });
    expect(readConfig('gateway', needed).LIMITS).toBeUndefined();
  });

  it.each(['READ', 'READ=0/1', 'READ=1', 'LOGIN=1/1', 'READ=1/60,', 'READ=x/60'])('are not written like %s', (LIMITS) => {
    expect(faultsOf({ LIMITS })).toEqual([expect.stringMatching(/^LIMITS is wrong: .*READ=600\/60/)]);
  });
});

describe('Issuers', () => {
  const one = { issuer: 'https://login.example/realms/a', audience: 'clusterbridge', rolesClaim: 'roles' };

  it('are a list by commas, or JSON', () => {
    expect(readIssuers('')).toEqual([]);
    expect(readIssuers('https://login.example/realms/a=clusterbridge')).toEqual([one]);
    expect(readIssuers('https://login.example/realms/a=clusterbridge;groups, https://b.example=x')).toEqual([
      { ...one, rolesClaim: 'groups' },
      { issuer: 'https://b.example', audience: 'x', rolesClaim: 'roles' },
    ]);
    expect(readIssuers('[{"issuer":"https://login.example/realms/a","audience":"clusterbridge"}]')).toEqual([one]);
  });

  it.each(['https://a.example', 'a.example=x', 'https://a.example=x,https://a.example=y', '[{"issuer":"https://a.example"}]', '[', '[1]'])(
    'are not written like %s',
    (OIDC_ISSUERS) => {
      expect(faultsOf({ OIDC_ISSUERS })).toEqual([expect.stringMatching(/^OIDC_ISSUERS is wrong: /)]);
    },
  );
});

describe('Trusted proxies', () => {
  it('are addresses or networks', () => {
    const { TRUSTED_PROXIES } = readConfig('gateway', { ...needed, TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::1' });
    expect(TRUSTED_PROXIES).toEqual(['10.0.0.0/8', '2001:db8::1']);
    expect(faultsOf({ TRUSTED_PROXIES: 'everybody' })).toEqual(['TRUSTED_PROXIES is wrong: everybody is neither an address nor a network']);
  });
});

describe('The key of the first administrator', () => {
  it('is taken when its checksum is right', () => {
    const BOOTSTRAP_KEY = randomKey('cb_live');
    expect(readConfig('gateway', { ...needed, BOOTSTRAP_KEY }).BOOTSTRAP_KEY).toBe(BOOTSTRAP_KEY);
  });

  it.each(['correct-horse-battery-staple', `cb_live_${'A'.repeat(38)}`])(
    'is refused at the start when nobody could get in with it: %s',
    (key) => {
      expect(faultsOf({ BOOTSTRAP_KEY: key })).toEqual([expect.stringMatching(/^BOOTSTRAP_KEY is wrong: .*checksum.*first-key\.js$/)]);
    },
  );
});

describe('Embedded engines', () => {
  it.each([
    ['KAFKA_BROKERS', '127.0.0.1:9092,kafka.example:9092'],
    ['MONGO_URL', 'mongodb://user:word@mongo.example/?directConnection=true'],
    ['MONGO_URL', 'mongodb://127.0.0.1@mongo.example'],
    ['REDIS_URL', 'rediss://127.0.0.1.example:6379'],
  ])('are on this machine: not with %s=%s', (name, value) => {
    expect(faultsOf({ ENGINES: 'embedded', [name]: value })).toEqual([
      `ENGINES=embedded is for engines on this machine, and ${name} leads elsewhere: set ENGINES=external`,
    ]);
    expect(faultsOf({ [name]: value })).toEqual([]);
  });

  it.each(['redis://localhost', 'redis://:word@127.0.0.1:6379/1', 'redis://[::1]:6379'])('may be at %s', (REDIS_URL) => {
    expect(faultsOf({ ENGINES: 'embedded', REDIS_URL })).toEqual([]);
  });
});

describe('Where webhooks may go beside public addresses', () => {
  const read = (env: Record<string, string>) => readConfig('notifications', { ...needed, ...env });

  it('is a list of addresses and networks', () => {
    expect(read({}).WEBHOOK_ALLOW).toEqual([]);
    expect(read({ WEBHOOK_ALLOW: '10.0.0.0/8, fd00::/8' }).WEBHOOK_ALLOW).toEqual(['10.0.0.0/8', 'fd00::/8']);
  });

  it.each(['intranet', '10.1', '0177.0.0.1', '10.0.0.0/33'])(
    'is not written like %s, which is told with all other faults',
    (WEBHOOK_ALLOW) => {
      expect(() => read({ WEBHOOK_ALLOW, BY_KEY: 'short' })).toThrow(
        /2 faults in its environment\n.*BY_KEY is wrong.*\n.*WEBHOOK_ALLOW is wrong: .* is neither an address nor a network/,
      );
    },
  );

  it('needs no mail', () => {
    expect(read({}).SMTP_URL).toBeUndefined();
  });
});
