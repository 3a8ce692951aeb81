import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Type } from '@nestjs/common';
import type { Runtime } from '#libs/service/runtime';
import { type Running, start } from '#libs/service/serve';
import { Databases } from '#libs/testing/databases';
import { eventually } from '#libs/testing/eventually';
import { GatewayModule } from '../apps/gateway/gateway.module.js';
import { createAdapter, prepare } from '../apps/gateway/http.js';
import { keyOf } from '../apps/gateway/key-text.js';
import { secretsIn } from '../tools/secrets.mjs';
import { agentOf } from './answers.js';
import type { Body } from './running-house.js';

type Environment = Record<string, string>;

/** Gateways of one house in the process of a test, on real engines; what they own themselves needs no other service. */
export class Gateways {
  private constructor(
    private readonly folder: string,
    private readonly running: Running[],
    private readonly env: Environment,
    /** Every route there is, as the framework was told: `GET /v1/me`. */
    readonly routes: ReadonlySet<string>,
  ) {}

  static async open(count: number, more: Environment = {}): Promise<Gateways> {
    const folder = mkdtempSync(path.join(tmpdir(), 'gateways-'));
    const env = { ...environment(folder), ...more };
    const running: Running[] = [];
    const routes = new Set<string>();
    const adapter = (runtime: Runtime) => {
      const made = createAdapter(runtime);
      made.getInstance().addHook('onRoute', ({ method, url }) => {
        for (const each of [method].flat()) routes.add(`${each} ${url}`);
      });
      return made;
    };
    for (let i = 0; i < count; i += 1) running.push(await start('gateway', GatewayModule, { adapter, prepare }, env));
    return new Gateways(folder, running, env, routes);
  }

  get runtimes() {
    return this.running.map(({ runtime }) => runtime);
  }

  get issuer(): string {
    return this.env.PUBLIC_URL!;
  }

  /** What one of them is made of. */
  part<T>(type: Type<T>, gateway = 0): T {
    return this.running[gateway]!.app.get(type);
  }

  urlOf(gateway = 0): string {
    const { port } = this.running[gateway]!.app.getHttpServer().address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** At one of the gateways, the first unless named. */
  as(token?: string, gateway = 0) {
    return agentOf(this.urlOf(gateway), token);
  }

  admin(gateway = 0) {
    return this.as(this.env.BOOTSTRAP_KEY, gateway).set('prefer', 'wait=30');
  }

  async client(more: Body = {}): Promise<Body> {
    const draft = {
      name: 'Portal',
      roles: [{ role: 'PARTNERSHIP_COORDINATOR', binding: bindingTo(PARTNERSHIP) }],
      partnership: PARTNERSHIP,
    };
    const { status, body } = await this.admin()
      .post('/v1/clients')
      .send({ ...draft, ...more });
    if (status !== 201) throw new Error(`The client was answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  askForToken({ id, secret }: Body, { gateway = 0, ...form }: Body = {}) {
    const all = { grant_type: 'client_credentials', client_id: id, client_secret: secret, ...form };
    return this.as(undefined, gateway).post('/v1/oauth/token').type('form').send(all);
  }

  async tokenOf(client: Body, form: Body = {}): Promise<string> {
    const { status, body } = await this.askForToken(client, form);
    if (status !== 200) throw new Error(`The token was answered ${status}: ${JSON.stringify(body)}`);
    return body.access_token;
  }

  keyAs(id: string, test: boolean): string {
    return keyOf(id, this.env.SECRETS_KEY!, test);
  }

  /** Sets the clock of all of them so far ahead of the machine's. */
  async goOn(ms: number): Promise<void> {
    writeFileSync(this.env.TEST_CLOCK!, JSON.stringify({ offsetMs: ms }));
    await eventually(() => {
      for (const { clock } of this.runtimes) if (Math.abs(clock.now().getTime() - Date.now() - ms) > 100) throw new Error('not yet');
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.running.map((each) => each.stop()));
    const databases = await Databases.open(this.env.MONGO_URL!, this.env.MONGO_PREFIX!);
    await databases.drop(['gateway']);
    await databases.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const PARTNERSHIP = '01434b19-8400-7e65-b4d3-e3d7b9d0e873';
export const bindingTo = (id: string, kind = 'PARTNERSHIP') => ({ kind, id });

function environment(folder: string): Environment {
  const name = `g${randomBytes(4).toString('hex')}`;
  const engines = ['KAFKA_BROKERS', 'MONGO_URL', 'REDIS_URL'];
  const missing = engines.filter((each) => !process.env[each]);
  if (missing.length > 0) throw new Error(`This test needs engines: ${missing.join(', ')} not set. Run \`npm test\`.`);
  return {
    ...Object.fromEntries(engines.map((each) => [each, process.env[each]!])),
    ...secretsIn(folder),
    ENGINES: 'embedded',
    HOST: '127.0.0.1',
    PORT: '0',
    PUBLIC_URL: 'https://gateway.example',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
    MONGO_PREFIX: name,
    TOPIC_PREFIX: `${name}.`,
    TOPIC_PARTITIONS: '2',
    KAFKA_SESSION_SECONDS: '6',
    TEST_CLOCK: path.join(folder, 'clock.json'),
  };
}
