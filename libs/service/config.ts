import { readFileSync } from 'node:fs';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import type { Service } from '#libs/contracts/actor';
import { readIssuers } from './issuers.js';
import { wellFormed } from './key-form.js';
import { readQuotas } from './quotas.js';

const brokers = z.string().regex(/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/, 'host:port, separated by commas');
const url = (...protocols: string[]) =>
  z
    .string()
    .refine(
      (text) => protocols.some((p) => text.startsWith(`${p}://`)) && URL.canParse(text),
      `a URL that begins with ${protocols.map((p) => `${p}://`).join(' or ')}`,
    );
const port = z.coerce.number().int().min(0).max(65535);
const secret = z.string().min(32, 'at least 32 characters');

const common = z.object({
  ENGINES: z
    .enum(['embedded', 'external'])
    .default('external')
    .describe('embedded: engines started by the launcher on this machine; allows demo keys, the test clock and loopback webhooks'),
  HOST: z.string().default('0.0.0.0').describe('address to listen on'),
  PORT: port.default(3000).describe('REST, health and metrics of this service'),
  KAFKA_BROKERS: brokers.describe('host:port of the brokers, separated by commas'),
  TOPIC_PREFIX: z.string().default('').describe('put before every topic and group, so that several houses share one broker'),
  TOPIC_PARTITIONS: z.coerce.number().int().min(1).max(200).default(12).describe('partitions of topics made anew; never changed later'),
  KAFKA_SESSION_SECONDS: z.coerce
    .number()
    .int()
    .min(6)
    .max(60)
    .default(10)
    .describe('how long a reader may be silent before its partitions go to another instance'),
  TOPIC_REPLICATION: z.coerce.number().int().min(1).max(7).default(1).describe('replication factor of topics made anew'),
  MONGO_URL: url('mongodb', 'mongodb+srv').describe('connection string; MongoDB 8 or a compatible'),
  MONGO_PREFIX: z.string().default('clusterbridge').describe('databases are <prefix>_<service> and <prefix>_files'),
  REDIS_URL: url('redis', 'rediss').describe('job queues and version look-ups; may be lost at any moment'),
  BY_KEY: secret.describe('signs who asks, from the gateway to the services'),
  SERVICE_ID: z.string().max(60).optional().describe('name of this instance; random unless given'),
  TEST_CLOCK: z.string().optional().describe('embedded only: file { "offsetMs": n } that moves the clock of all processes'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('lines below this level are not written'),
});

/** A text that is read by a function of its own, which throws what is wrong with it. */
const readBy =
  <T>(read: (text: string) => T) =>
  (text: string, context: z.core.$RefinementCtx): T => {
    try {
      return read(text);
    } catch (error) {
      context.addIssue((error as Error).message);
      return z.NEVER;
    }
  };

/** Written out in full: short and octal forms mean one thing here and another there. */
const isAddress = (text: string) => ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);

const networks = (text: string): string[] => {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  const wrong = parts.find((part) => !(part.includes('/') ? ipaddr.isValidCIDR(part) : isAddress(part)));
  if (wrong) throw new Error(`${wrong} is neither an address nor a network`);
  return parts;
};

const withSecrets = { SECRETS_KEY: secret.describe('encrypts webhook secrets at rest and on the way') };

/** Every variable of every service; what is not named here is not read. Each may also be given as <NAME>_FILE. */
export const configOf = {
  gateway: common.extend({
    ...withSecrets,
    BOOTSTRAP_KEY: z
      .string()
      .refine(wellFormed, 'no key ends like this, its last six characters are a checksum: make one by node dist/apps/gateway/first-key.js')
      .optional()
      .describe('API key of the first platform administrator; a cb_test_ key works with embedded engines only'),
    BODY_LIMIT_BYTES: z.coerce.number().int().min(1024).default(1_048_576).describe('largest body of a request'),
    IMPORT_LIMIT_BYTES: z.coerce.number().int().min(1024).default(33_554_432).describe('largest body of an import'),
    PATIENCE_SECONDS: z.coerce
      .number()
      .min(0.1)
      .max(60)
      .default(5)
      .describe('how long a write waits for its service unless Prefer says otherwise'),
    PUBLIC_URL: url('http', 'https')
      .optional()
      .describe(
        'address by which partners reach the API, the same for every gateway: issuer and audience of its tokens; http://HOST:PORT unless given',
      ),
    SIGNING_KEY_DAYS: z.coerce
      .number()
      .int()
      .min(1)
      .max(3650)
      .default(90)
      .describe('age at which the key that signs tokens is followed by a new one'),
    CALENDAR_TOKEN_DAYS: z.coerce
      .number()
      .int()
      .min(1)
      .max(3650)
      .default(400)
      .describe('how long a token that opens a calendar lasts at most'),
    OIDC_ISSUERS: z
      .string()
      .default('')
      .transform(readBy(readIssuers))
      .describe(
        'OpenID Connect issuers whose tokens let people in: issuer=audience[;claim], separated by commas, or a JSON list of { issuer, audience, rolesClaim }; the claim (`roles` unless named) lists ROLE:KIND:id, such as CLUSTER_MANAGER:CLUSTER:0199…, or PLATFORM_ADMIN alone',
      ),
    LIMITS: z
      .string()
      .optional()
      .transform((text, context) => (text === undefined ? undefined : readBy(readQuotas)(text, context)))
      .describe(
        'requests/seconds of a client by class of route, `READ=600/60,WRITE=120/60,IMPORT=10/60,TOKEN=10/60` unless said otherwise; `off`; off with embedded engines unless set',
      ),
    TRUSTED_PROXIES: z
      .string()
      .default('')
      .transform(readBy(networks))
      .describe('comma-separated addresses or networks of the proxies in front, whose X-Forwarded-For is believed'),
    STREAMS_PER_CALLER: z.coerce
      .number()
      .int()
      .min(1)
      .optional()
      .describe('how many event streams one caller may have open at a gateway; 100 unless given, without bound with embedded engines'),
  }),
  membership: common,
  events: common,
  exchanges: common,
  notifications: common.extend({
    ...withSecrets,
    SMTP_URL: url('smtp', 'smtps').optional().describe('where mail is handed over; none is sent without it'),
    MAIL_FROM: z
      .string()
      .min(3)
      .max(300)
      .optional()
      .describe('who mails are from, `Name <address>`; noreply at the host of PUBLIC_URL unless given'),
    PUBLIC_URL: url('http', 'https').optional().describe('address by which partners reach the API: where links in mails lead'),
    WEBHOOK_ALLOW: z
      .string()
      .default('')
      .transform(readBy(networks))
      .describe('comma-separated addresses or networks that webhooks may reach although they are not public'),
  }),
  worker: common,
} satisfies Record<Service, z.ZodObject>;

export type Config<S extends Service = Service> = z.infer<(typeof configOf)[S]>;
export type CommonConfig = z.infer<typeof common>;

/** All faults of an environment at once; each names its variable and what it should be. */
export class ConfigFault extends Error {
  constructor(
    service: Service,
    readonly faults: string[],
  ) {
    super(
      `The ${service} service cannot start: ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} in its environment\n${faults.map((f) => `  - ${f}`).join('\n')}`,
    );
  }
}

/** The variables of a service, in their types, from `env` or the files it names. Throws ConfigFault with everything that is wrong. */
export function readConfig<S extends Service>(service: S, env: NodeJS.ProcessEnv): Config<S> {
  const schema = configOf[service];
  const faults: string[] = [];
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = fromFile(name, env, faults) ?? env[name];
    if (value) given[name] = value;
  }
  const read = schema.safeParse(given);
  for (const issue of read.error?.issues ?? []) {
    const name = String(issue.path[0]);
    faults.push(given[name] === undefined ? `${name} is missing: ${purpose(schema, name)}` : `${name} is wrong: ${issue.message}`);
  }
  if (given.ENGINES === 'embedded') {
    const away = ENGINE_URLS.filter((name) => given[name] !== undefined && !isLoopback(given[name]));
    faults.push(
      ...away.map((name) => `ENGINES=embedded is for engines on this machine, and ${name} leads elsewhere: set ENGINES=external`),
    );
  } else {
    if (given.TEST_CLOCK) faults.push('TEST_CLOCK is for embedded engines only: take it away, or set ENGINES=embedded');
    if (given.BOOTSTRAP_KEY?.startsWith('cb_test_'))
      faults.push('BOOTSTRAP_KEY is a demo key, which works with embedded engines only: give a cb_live_ key, or set ENGINES=embedded');
  }
  if (faults.length > 0 || !read.success) throw new ConfigFault(service, faults);
  return read.data as Config<S>;
}

const ENGINE_URLS = ['KAFKA_BROKERS', 'MONGO_URL', 'REDIS_URL', 'SMTP_URL'];

/** Every server of a URL or list of brokers is on this machine. */
function isLoopback(url: string): boolean {
  const [hosts = ''] = url
    .replace(/^[a-z0-9+]+:\/\//, '')
    .replace(/^[^@/]*@/, '')
    .split(/[/?]/);
  return hosts.split(',').every((host) => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(host));
}

function fromFile(name: string, env: NodeJS.ProcessEnv, faults: string[]): string | undefined {
  const path = env[`${name}_FILE`];
  if (!path) return undefined;
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    faults.push(`${name}_FILE cannot be read`);
    return undefined;
  }
}

const purpose = (schema: z.ZodObject, name: string) => {
  const field = schema.shape[name] as z.ZodType | undefined;
  return field?.description ?? 'see deploy/README.md';
};
