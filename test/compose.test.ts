import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from '#libs/service/config';
import { wellFormed } from '#libs/service/key-form';
import { apps, type ComposeFile, faultsOf, readCompose } from './compose.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const text = readFileSync(path.join(root, 'docker-compose.yml'), 'utf8');
const compose = () => readCompose(text) as ComposeFile;

/** The file with one thing changed, and what is then said of it. */
const changed = (change: (file: ComposeFile) => void) => {
  const file = compose();
  change(file);
  return faultsOf(file);
};

describe('docker-compose.yml', () => {
  it('stands by the Compose specification and by the config of every app', () => {
    expect(faultsOf(compose())).toEqual([]);
  });

  it('runs the six apps from images that differ in APP alone', () => {
    const images = apps.map((app) => compose().services[app]);
    expect(images.map((service) => service?.image)).toEqual(apps.map((app) => `clusterbridge/${app}`));
    expect(images.map((service) => service?.build?.args.APP)).toEqual(apps);
  });

  it('runs the engines of production, and keeps their data', () => {
    const { services } = compose();
    expect([services.kafka?.image, services.mongo?.image, services.redis?.image]).toEqual(['apache/kafka:4.1.0', 'mongo:8', 'redis:7']);
    expect(services.kafka?.environment).toMatchObject({
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: 0,
    });
    expect(services.redis?.command?.join(' ')).toBe('redis-server --appendonly yes --maxmemory-policy noeviction');
    expect([services.kafka, services.mongo, services.redis].map((engine) => engine?.volumes?.length)).toEqual([1, 1, 1]);
  });

  it('gives the key of the webhook secrets to the two apps that need it', () => {
    const holders = apps.filter((app) => compose().services[app]?.volumes?.some((volume) => volume.startsWith('secrets-key:')));
    expect(holders).toEqual(['gateway', 'notifications']);
  });

  it('asks MongoDB for its journal: what was acknowledged survives a power cut', () => {
    for (const app of apps) expect(compose().services[app]?.environment?.MONGO_URL).toMatch(/[?&]journal=true(&|$)/);
  });

  it('tells partners the address at which they reach it', () => {
    const { environment, ports } = compose().services.gateway!;
    expect(ports).toEqual([`${String(environment?.PUBLIC_URL).replace('http://', '')}:3000`]);
  });
});

describe('Somebody can get in', () => {
  const services = () => compose().services;
  /** What the one-shot service does, with a folder of this test in place of its volume. */
  const keyMade = (folder: string) => {
    const [program, ...args] = services()['first-key']!.command!;
    expect(program).toBe('node');
    const here = args.map((arg) => arg.replace('/run/first-key', folder));
    execFileSync(process.execPath, here, { cwd: root, env: {}, stdio: 'pipe' });
    return readFileSync(path.join(folder, 'key'), 'utf8');
  };

  it('with a key that the image of the gateway makes before it starts, in a volume both have', () => {
    const { gateway, 'first-key': maker } = services();
    expect(maker).toMatchObject({ image: gateway!.image, network_mode: 'none', volumes: ['first-key:/run/first-key'] });
    expect(maker!.build).toBeUndefined();
    expect(gateway!.environment!.BOOTSTRAP_KEY_FILE).toBe(maker!.command!.at(-1));
    expect(gateway!.volumes).toContain('first-key:/run/first-key:ro');
    expect(gateway!.depends_on!['first-key']).toEqual({ condition: 'service_completed_successfully' });
  });

  it('with a key that the gateway takes, made once', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'first-key-'));
    try {
      const key = keyMade(folder);
      expect(wellFormed(key.trim())).toBe(true);
      expect(keyMade(folder)).toBe(key);
      expect(statSync(path.join(folder, 'key')).mode & 0o777).toBe(0o600);
      const { environment } = services().gateway!;
      const given = { ...environment, BY_KEY_FILE: '', SECRETS_KEY_FILE: '', BY_KEY: 'b'.repeat(32), SECRETS_KEY: 's'.repeat(32) };
      const config = readConfig('gateway', { ...given, PUBLIC_URL: undefined, BOOTSTRAP_KEY_FILE: path.join(folder, 'key') });
      expect(config.BOOTSTRAP_KEY).toBe(key.trim());
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('as deploy/README.md says', () => {
    const readme = readFileSync(path.join(root, 'deploy', 'README.md'), 'utf8');
    expect(readme).toContain(`docker compose exec gateway cat ${services().gateway!.environment!.BOOTSTRAP_KEY_FILE}`);
    expect(readme).toContain(services()['first-key']!.command!.slice(0, 2).join(' '));
  });
});

describe('A broken docker-compose.yml is told', () => {
  const faults: [what: string, change: (file: ComposeFile) => void, said: RegExp][] = [
    ['an app is missing', ({ services }) => delete services.worker, /worker is missing/],
    [
      'an app is built as another',
      ({ services }) => Object.assign(services.events!.build!.args, { APP: 'worker' }),
      /events is built with APP=worker/,
    ],
    ['an app is not built here', ({ services }) => delete services.events!.build, /events is built with APP=undefined/],
    [
      'a variable is misspelt',
      ({ services }) => Object.assign(services.events!.environment!, { KAFKA_BROKER: 'kafka:9092' }),
      /events: KAFKA_BROKER is not known/,
    ],
    [
      'a variable belongs to another app',
      ({ services }) => Object.assign(services.worker!.environment!, { SMTP_URL: 'smtp://mail:1025' }),
      /worker: SMTP_URL is not known/,
    ],
    ['a variable is forgotten', ({ services }) => delete services.membership!.environment!.MONGO_URL, /MONGO_URL is missing/],
    [
      'a value is wrong',
      ({ services }) => Object.assign(services.gateway!.environment!, { REDIS_URL: 'redis:6379' }),
      /REDIS_URL is wrong/,
    ],
    [
      'an app may move its clock',
      ({ services }) => Object.assign(services.gateway!.environment!, { TEST_CLOCK: '/clock.json' }),
      /TEST_CLOCK is for embedded/,
    ],
    [
      'an app takes demo keys',
      ({ services }) => Object.assign(services.gateway!.environment!, { ENGINES: 'embedded' }),
      /ENGINES=embedded is for engines on this machine/,
    ],
    ['a dependency is not there', ({ services }) => delete services.redis, /gateway: depends on redis, which is not there/],
    [
      'a dependency says nothing of its health',
      ({ services }) => delete services.mongo!.healthcheck,
      /gateway: depends on mongo, whose health/,
    ],
    [
      'a dependency is not waited for',
      ({ services }) => Object.assign(services.gateway!.depends_on!.kafka!, { condition: 'service_started' }),
      /kafka, whose health/,
    ],
    ['what should end restarts', ({ services }) => Object.assign(services.keys!, { restart: 'always' }), /waits for the end of keys/],
    [
      'a secret stands in it',
      ({ services }) => Object.assign(services.gateway!.environment!, { BY_KEY: 'correct horse battery staple, twice' }),
      /gateway: BY_KEY holds a secret/,
    ],
    [
      'a password stands in a URL',
      ({ services }) => Object.assign(services.events!.environment!, { MONGO_URL: 'mongodb://app:hunter2@mongo:27017' }),
      /MONGO_URL holds/,
    ],
    [
      'a token stands in an engine',
      ({ services }) => Object.assign(services.kafka!.environment!, { KAFKA_X: 'q8Zr1Yt5Vb2Nm7Kp4Ws9Xd3F' }),
      /kafka: KAFKA_X holds a secret/,
    ],
    [
      'a port is open to the network',
      ({ services }) => Object.assign(services.mail!, { ports: ['1080:1080'] }),
      /mail: port 1080:1080 is open/,
    ],
    [
      'a port is open on every address',
      ({ services }) => Object.assign(services.gateway!, { ports: ['0.0.0.0:3000:3000'] }),
      /gateway: port 0\.0\.0\.0/,
    ],
    ['a volume is not declared', ({ volumes }) => delete volumes.kafka, /kafka: volume kafka:.* is not declared/],
    [
      'a folder of this machine is mounted',
      ({ services }) => Object.assign(services.mongo!, { volumes: ['./data:/data/db'] }),
      /services\.mongo\.volumes\.0/,
    ],
    ['a field is unknown', ({ services }) => Object.assign(services.redis!, { privileged: true }), /services\.redis: .*privileged/],
    [
      'a health check has no command',
      ({ services }) => Object.assign(services.redis!.healthcheck!, { test: [] }),
      /services\.redis\.healthcheck\.test/,
    ],
  ];

  it.each(faults)('when %s', (_, change, said) => {
    expect(changed(change).join('\n')).toMatch(said);
  });
});
