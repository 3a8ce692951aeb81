import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Response } from 'supertest';
import type { Service } from '#libs/contracts/actor';
import type { FactRecord } from '#libs/contracts/message';
import type { Incoming, Kafka } from '#libs/messaging/kafka';
import { commandsOf, eventsOf, FEED } from '#libs/messaging/topics';
import { createLog } from '#libs/service/log';
import { Databases } from '#libs/testing/databases';
import { eventually } from '#libs/testing/eventually';
import { kafkaOf } from '#libs/testing/kafka';
import { freePorts } from '../tools/ports.mjs';
import { type Child, Processes } from '../tools/processes.mjs';
import { secretsIn } from '../tools/secrets.mjs';
import { agentOf } from './answers.js';
import { type Api, apiAt } from './api.js';

export const SERVICES = ['gateway', 'membership', 'events', 'exchanges', 'notifications', 'worker'] as const satisfies Service[];

const root = fileURLToPath(new URL('../', import.meta.url));
const FLAGS = ['--max-semi-space-size=4'];
/** What V8 has compiled once it need not compile again for each house. */
const COMPILED = path.join(root, '.engines', 'compiled');
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 15_000;

type Environment = Record<string, string>;
type Json = Record<string, unknown>;
/** Somebody who asks. */
export type Agent = ReturnType<RunningHouse['as']>;
/** What an answer holds is for the test to say. */
export type Body = Response['body'];

export interface HouseOptions {
  /** URLs of the engines; those of the environment unless given. */
  engines?: Environment;
  /** What a service is told otherwise than all. */
  own?: Partial<Record<Service, Environment>>;
  /** Where the clock of all services begins. */
  at?: string;
  partitions?: number;
}

export interface Readiness {
  status: number;
  checks: Record<string, string>;
}

/** What a partnership says of itself, as it came. */
export const fileOf = (name: string): Json =>
  JSON.parse(readFileSync(new URL(`../libs/reference/data/partnerships/${name}.json`, import.meta.url), 'utf8'));

/** The six built services as processes, with topics and databases of their own, known by their addresses only. */
export class RunningHouse {
  /** Every record of the topics of commands and facts, and of the feed, as the broker took them. */
  readonly tape: Incoming[] = [];
  private readonly children = new Map<Service, Child>();

  private constructor(
    private readonly folder: string,
    private readonly ports: Map<Service, number>,
    private readonly env: Environment,
    private readonly own: Partial<Record<Service, Environment>>,
    private readonly processes: Processes,
    readonly kafka: Kafka,
    readonly databases: Databases,
  ) {}

  static async open({ engines, own = {}, at, partitions = 2 }: HouseOptions = {}): Promise<RunningHouse> {
    const folder = mkdtempSync(path.join(tmpdir(), 'clusterbridge-'));
    const ports = await freePorts(SERVICES.length);
    const env = environment(folder, engines ?? enginesGiven(), partitions);
    const kafka = kafkaOf(env, createLog('gateway', 'test', 'silent'));
    await kafka.connect();
    const databases = await Databases.open(env.MONGO_URL!, env.MONGO_PREFIX!);
    const portOf = new Map(SERVICES.map((service, place) => [service, ports[place]!]));
    const house = new RunningHouse(folder, portOf, env, own, new Processes(folder), kafka, databases);
    house.setClock(at);
    try {
      await Promise.all(SERVICES.map((service) => house.start(service)));
      await house.listen();
      return house;
    } catch (error) {
      await house.close();
      throw error;
    }
  }

  addressOf(service: Service): string {
    return `http://127.0.0.1:${this.ports.get(service)}`;
  }

  /** Who asks with this key; the public without one. A request fails when its answer is not as `openapi.json` says. */
  as(key?: string) {
    return agentOf(this.addressOf('gateway'), key);
  }

  /** The same by the types of the document: what is not in it does not compile. */
  api(key?: string): Api {
    return apiAt(this.addressOf('gateway'), key);
  }

  get bootstrapKey(): string {
    return this.env.BOOTSTRAP_KEY!;
  }

  /** The platform administrator, patient. */
  get admin() {
    return this.as(this.bootstrapKey).set('prefer', 'wait=30');
  }

  get public() {
    return this.as();
  }

  async importFile(file: string | Json): Promise<Json> {
    const { status, body } = await this.admin.post('/v1/imports').send(typeof file === 'string' ? fileOf(file) : file);
    if (status !== 201) throw new Error(`The import was answered ${status}: ${JSON.stringify(body)}`);
    return body as Json;
  }

  /** DIA as its file tells, and the first of its events. */
  async withDia(): Promise<{ dia: Body; event: Body }> {
    await this.importFile('dia');
    const { body: dia } = await this.public.get('/v1/partnerships/dia');
    const { body } = await this.admin.get('/v1/events?partnership=dia&limit=1');
    return { dia, event: body.items[0] };
  }

  /** A key for a role, bound to a partnership if named. */
  async keyFor(role: string, partnership?: string, more: Json = {}): Promise<string> {
    const bindings = partnership ? [{ kind: 'PARTNERSHIP', id: partnership }] : [];
    const { status, body } = await this.admin.post('/v1/api-keys').send({ name: `Test ${role}`, role, bindings, test: true, ...more });
    if (status !== 201) throw new Error(`The key was answered ${status}: ${JSON.stringify(body)}`);
    return (body as { key: string }).key;
  }

  /** Who holds a role towards something, patient. */
  async holding(role: string, kind: string, id: string) {
    return this.as(await this.keyFor(role, undefined, { bindings: [{ kind, id }] })).set('prefer', 'wait=30');
  }

  /** Moves the clock of all services; there is no other way to make time pass. */
  setClock(at?: string): void {
    const offsetMs = at ? Date.parse(at) - Date.now() : 0;
    writeFileSync(this.env.TEST_CLOCK!, JSON.stringify({ offsetMs }));
  }

  async start(service: Service): Promise<void> {
    this.begin(service);
    await this.ready(service);
  }

  /** As `start`, but does not wait. */
  begin(service: Service): void {
    const address = service === 'notifications' ? { PUBLIC_URL: this.addressOf('gateway') } : {};
    const port = String(this.ports.get(service));
    const env = { ...this.env, ...address, ...this.own[service], PORT: port, NODE_OPTIONS: '', NODE_COMPILE_CACHE: COMPILED };
    const main = path.join(root, 'dist', 'apps', service, 'main.js');
    if (!existsSync(main)) throw new Error(`The service ${service} is not built: run \`npm run build\`, or \`npm test\`, which does.`);
    const child = this.processes.spawn(service, { command: process.execPath, args: [...FLAGS, main], cwd: root, env });
    this.children.set(service, child);
  }

  /** `kill -9`, as a power cut would. */
  async kill(service: Service): Promise<void> {
    await this.children.get(service)?.kill();
  }

  pidOf(service: Service): number | undefined {
    const child = this.children.get(service);
    return child?.hasExited ? undefined : child?.process.pid;
  }

  async readiness(service: Service): Promise<Readiness> {
    const response = await fetch(`${this.addressOf(service)}/health/ready`);
    const { checks } = (await response.json()) as { checks: Record<string, string> };
    return { status: response.status, checks };
  }

  async ready(service: Service): Promise<void> {
    const child = this.children.get(service)!;
    const gone = child.exited.then(() => {
      throw new Error(`The service ${service} has ended:\n${child.logEnd()}`);
    });
    await Promise.race([gone, eventually(() => this.demandReady(service), READY_WITHIN_MS)]);
    gone.catch(() => undefined);
  }

  private async demandReady(service: Service): Promise<void> {
    const { status, checks } = await this.readiness(service);
    if (status !== 200) throw new Error(`The service ${service} is not ready: ${JSON.stringify(checks)}`);
  }

  /** Facts as published, each once: a relay may publish again what it published before a crash. */
  facts(type?: string): FactRecord[] {
    return this.factsOn((topic) => topic.endsWith('.events'), type);
  }

  /** Facts as announced, each once. */
  announced(type?: string): FactRecord[] {
    return this.factsOn((topic) => topic === FEED, type);
  }

  /** Commands as they were accepted. */
  commands(service: Service, type?: string): Incoming[] {
    return this.tape.filter(({ topic, headers }) => topic === commandsOf(service) && (!type || headers.type === type));
  }

  /** Whatever the services have written to their logs. */
  logs(): string {
    return [...this.children.values()].map(({ logFile }) => readFileSync(logFile, 'utf8')).join('');
  }

  get redisUrl(): string {
    return this.env.REDIS_URL!;
  }

  async close(): Promise<void> {
    const [gateway, ...others] = SERVICES.map((service) => this.children.get(service));
    await gateway?.end(STOP_WITHIN_MS);
    await Promise.all(others.map((child) => child?.end(STOP_WITHIN_MS)));
    await this.kafka.close();
    await this.databases.drop(SERVICES);
    await this.databases.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private factsOn(isMeant: (topic: string) => boolean, type?: string): FactRecord[] {
    const all = this.tape.filter(({ topic }) => isMeant(topic)).flatMap(({ value }) => factIn(value) ?? []);
    const once = new Map(all.map((fact) => [`${fact.subject} ${fact.sequence}`, fact]));
    return [...once.values()].filter((fact) => !type || fact.type === type);
  }

  private async listen(): Promise<void> {
    await this.kafka.consume({
      group: 'test.tape',
      topics: [...SERVICES.flatMap((service) => [commandsOf(service), eventsOf(service)]), FEED],
      fromBeginning: true,
      onBatch: (messages) => void this.tape.push(...messages),
    });
  }
}

/** What a test put among the facts need not be one. */
function factIn(value: string | null): FactRecord | null {
  try {
    const fact = JSON.parse(value ?? 'null') as FactRecord | null;
    return fact?.subject ? fact : null;
  } catch {
    return null;
  }
}

function enginesGiven(): Environment {
  const names = ['KAFKA_BROKERS', 'MONGO_URL', 'REDIS_URL', 'SMTP_URL'];
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0) throw new Error(`This test needs engines: ${missing.join(', ')} not set. Run \`npm test\`.`);
  return Object.fromEntries(names.map((name) => [name, process.env[name]!]));
}

function environment(folder: string, engines: Environment, partitions: number): Environment {
  const name = path.basename(folder).replaceAll(/[^\w-]/g, '');
  return {
    ...engines,
    ...secretsIn(folder),
    ENGINES: 'embedded',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'info',
    MONGO_PREFIX: name,
    TOPIC_PREFIX: `${name}.`,
    TOPIC_PARTITIONS: String(partitions),
    KAFKA_SESSION_SECONDS: '6',
    TEST_CLOCK: path.join(folder, 'clock.json'),
  };
}
