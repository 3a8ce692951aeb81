import { parse } from 'yaml';
import { z } from 'zod';
import type { Service } from '#libs/contracts/actor';
import { configOf, readConfig } from '#libs/service/config';
import { randomKey } from '#libs/service/key-form';

export const apps = Object.keys(configOf) as Service[];

const Condition = z.enum(['service_started', 'service_healthy', 'service_completed_successfully']);
const Seconds = z.string().regex(/^\d+s$/);
const Named = z.string().regex(/^[a-z0-9-]+:\/[\w./-]+(:ro)?$/, 'a named volume and where it is mounted');

/** The part of the Compose specification that we use; what it does not know is a fault. */
const ComposeService = z.strictObject({
  image: z.string().min(1),
  build: z
    .strictObject({ context: z.literal('.'), dockerfile: z.literal('deploy/Dockerfile'), args: z.strictObject({ APP: z.string() }) })
    .optional(),
  command: z.array(z.string()).optional(),
  entrypoint: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  ports: z.array(z.string().regex(/^([\d.]+:)?(\d+|\$\{\w+:-\d+\}):\d+$/, 'address:port:port')).optional(),
  volumes: z.array(Named).optional(),
  depends_on: z.record(z.string(), z.strictObject({ condition: Condition })).optional(),
  healthcheck: z
    .strictObject({ test: z.tuple([z.literal('CMD')], z.string()), interval: Seconds, timeout: Seconds, retries: z.int().min(1) })
    .optional(),
  restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']).optional(),
  network_mode: z.literal('none').optional(),
  init: z.boolean().optional(),
  read_only: z.boolean().optional(),
  tmpfs: z.array(z.string()).optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  stop_grace_period: Seconds.optional(),
});

const ComposeFile = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/),
  services: z.record(z.string().regex(/^[a-zA-Z0-9._-]+$/), ComposeService),
  volumes: z.record(z.string(), z.null()),
});
export type ComposeFile = z.infer<typeof ComposeFile>;
type ComposeService = z.infer<typeof ComposeService>;

/** As Compose reads it: merges done, its own extensions gone. */
export const readCompose = (text: string): unknown => {
  const file = parse(text, { merge: true }) as Record<string, unknown>;
  const unshared = JSON.parse(JSON.stringify(file)) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(unshared).filter(([key]) => !key.startsWith('x-')));
};

export function faultsOf(compose: unknown): string[] {
  const read = ComposeFile.safeParse(compose);
  if (!read.success) return read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  return [
    ...apps.flatMap((app) => appFaults(app, read.data)),
    ...Object.entries(read.data.services).flatMap(([name, service]) => serviceFaults(name, service, read.data)),
  ];
}

function appFaults(app: Service, { services }: ComposeFile): string[] {
  const service = services[app];
  if (!service) return [`${app} is missing`];
  const built = service.build?.args.APP === app ? [] : [`${app} is built with APP=${service.build?.args.APP}`];
  return [...built, ...environmentFaults(app, service.environment ?? {}).map((fault) => `${app}: ${fault}`)];
}

/** What the config of an app says to an environment; a variable of its own or one read from a file. */
export function environmentFaults(app: Service, environment: Record<string, string | number>): string[] {
  const known = Object.keys(configOf[app].shape);
  const unknown = Object.keys(environment).filter((name) => !known.includes(plain(name)));
  const given = Object.entries(environment).map(([name, value]) => [plain(name), name.endsWith('_FILE') ? secretFor(name) : unset(value)]);
  return [...unknown.map((name) => `${name} is not known to its config`), ...refused(app, Object.fromEntries(given))];
}

const plain = (name: string) => name.replace(/_FILE$/, '');

/** A value when no variable of the shell is set: `${PORT:-3000}` is 3000. */
const unset = (value: string | number) => String(value).replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');

/** A secret as whoever deploys would give it. */
export const secretFor = (name: string) => (plain(name) === 'BOOTSTRAP_KEY' ? randomKey('cb_live') : 'x'.repeat(32));

function refused(app: Service, environment: NodeJS.ProcessEnv): string[] {
  try {
    readConfig(app, environment);
    return [];
  } catch (fault) {
    return [(fault as Error).message];
  }
}

function serviceFaults(name: string, service: ComposeService, compose: ComposeFile): string[] {
  return [...dependencyFaults(service, compose), ...secretFaults(service), ...portFaults(service), ...volumeFaults(service, compose)].map(
    (fault) => `${name}: ${fault}`,
  );
}

function dependencyFaults(service: ComposeService, { services }: ComposeFile): string[] {
  return Object.entries(service.depends_on ?? {}).flatMap(([name, { condition }]) => {
    const needed = services[name];
    if (!needed) return [`depends on ${name}, which is not there`];
    if (condition === 'service_completed_successfully') return needed.restart ? [`waits for the end of ${name}, which restarts`] : [];
    return condition === 'service_healthy' && needed.healthcheck ? [] : [`depends on ${name}, whose health is not known`];
  });
}

const secretName = /KEY|SECRET|PASSWORD|TOKEN|CREDENTIAL/;
const secretText = /:\/\/[^/\s$]*:[^/\s$]+@|(?=[\w+/-]*\d)(?=[\w+/-]*[A-Za-z])\b[\w+/-]{24,}/;

const secretFaults = ({ environment = {} }: ComposeService): string[] =>
  Object.entries(environment)
    .filter(([name, value]) =>
      name.endsWith('_FILE') ? !String(value).startsWith('/run/') : secretName.test(name) || secretText.test(String(value)),
    )
    .map(([name]) => `${name} holds a secret`);

const portFaults = ({ ports = [] }: ComposeService) =>
  ports.filter((port) => !port.startsWith('127.0.0.1:')).map((port) => `port ${port} is open to the network`);

const volumeFaults = ({ volumes = [] }: ComposeService, compose: ComposeFile) =>
  volumes.filter((volume) => !(volume.split(':')[0]! in compose.volumes)).map((volume) => `volume ${volume} is not declared`);
