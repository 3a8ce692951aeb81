import { rmSync } from 'node:fs';
import path from 'node:path';
import { build } from './build.mjs';
import { loadDemo } from './demo.mjs';
import { startEngines } from './engines.mjs';
import { onStop } from './install.mjs';
import { freePorts } from './ports.mjs';
import { BEHIND } from './precedence.mjs';
import { Processes } from './processes.mjs';
import { endRunning } from './programs.mjs';
import { secretsIn } from './secrets.mjs';
import { ready, SERVICES, spawnService, spawnServices, stopServices } from './services.mjs';
import { Trouble, told } from './trouble.mjs';

/** Ports of a house follow each other, and this many more are left for gateways beside the first. */
const HIGHEST_FIRST_PORT = 31_000;
const PATIENCE_MS = 20_000;

/**
 * A house for one run: engines of its own, the built services on free ports, the demo data. Nothing of it outlives the run.
 */
export class OwnHouse {
  /** What is to be stopped, the last one first. @type {(() => Promise<unknown>)[]} */
  #ends = [];

  /** @param {{ root: string, folder: string, progress: import('./progress.mjs').Progress }} place */
  constructor({ root, folder, progress }) {
    this.root = root;
    this.folder = folder;
    this.progress = progress;
    this.processes = new Processes(folder);
    /** @type {import('./services.mjs').Service[]} */
    this.services = [];
    /** Addresses of its gateways. @type {string[]} */
    this.gateways = [];
    /** Role to key, of the demo data. @type {Record<string, string>} */
    this.keys = {};
    this.key = secretsIn(folder).BOOTSTRAP_KEY;
  }

  get baseUrl() {
    return this.gateways[0] ?? '';
  }

  /** What the engines are called, and where. @returns {import('./engines.d.mts').Engines} */
  get engines() {
    if (!this.running) throw new Error('The house is not open.');
    return this.running;
  }

  async open() {
    const { root, progress } = this;
    const dir = path.join(this.folder, 'engines');
    const engines = await progress.step('Engines are up', () => startEngines({ root, dir, given: {}, behind: BEHIND.engines }));
    this.running = engines;
    this.#ends.unshift(() => engines.stop());
    const { code, output } = await progress.step('The six services are built', () => build(root));
    if (code !== 0) throw new Trouble(output);
    await progress.step('The six services are ready', () => this.#start());
    const file = path.join(this.folder, 'demo.json');
    this.keys = await progress.step('The demo data are loaded', () =>
      loadDemo({ root, baseUrl: this.baseUrl, bootstrapKey: this.key, file }),
    );
  }

  async #start() {
    this.port = await firstPort();
    this.services = spawnServices({ ...this.#common(), port: this.port });
    this.#ends.unshift(() => stopServices(this.services));
    this.gateways.push(this.services[0].address);
    await Promise.all(this.services.map(ready));
  }

  #common() {
    const env = { ...process.env, ...this.engines.env, ...secretsIn(this.folder), ENGINES: 'embedded', LOG_LEVEL: 'warn' };
    const onLost = (/** @type {string} */ sentence) => this.progress.line(sentence);
    return { root: this.root, env, processes: this.processes, onLost };
  }

  /** One more gateway before the same services. */
  async anotherGateway() {
    const port = (this.port ?? 0) + SERVICES.length + this.gateways.length;
    const gateway = spawnService({ ...this.#common(), name: 'gateway', port, called: `gateway-${this.gateways.length + 1}` });
    this.services.unshift(gateway);
    await ready(gateway);
    this.gateways.push(gateway.address);
  }

  /** @param {string} name */
  pidOf(name) {
    return this.#serviceOf(name).child.process.pid;
  }

  /** @param {string} name */
  async stop(name) {
    await this.#serviceOf(name).child.end(PATIENCE_MS);
  }

  /** As it was, at the same place. @param {string} name */
  async startAgain(name) {
    const service = this.#serviceOf(name);
    const again = spawnService({ ...this.#common(), name, port: Number(new URL(service.address).port) });
    this.services[this.services.indexOf(service)] = again;
    await ready(again);
  }

  /** @param {string} name */
  #serviceOf(name) {
    const found = this.services.find((service) => service.name === name);
    if (!found) throw new Error(`No service is called ${name}.`);
    return found;
  }

  /** Asked as the platform, and patiently. @param {string} method @param {string} route @param {unknown} [body] */
  async ask(method, route, body) {
    const response = await fetch(this.baseUrl + route, {
      method,
      headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json', prefer: 'wait=60' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw new Trouble(`${method} ${route}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** Beside the house something of the run's own. @param {() => Promise<unknown>} stop */
  alsoEnd(stop) {
    this.#ends.unshift(stop);
  }

  async close() {
    for (const one of this.#ends.splice(0)) await one();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The ports of the services follow each other. */
async function firstPort() {
  for (;;) {
    const [first] = await freePorts(1);
    if (first < HIGHEST_FIRST_PORT) return first;
  }
}

/**
 * Runs what is asked of a house, and closes it whatever comes of that.
 * @param {OwnHouse} house
 * @param {() => Promise<void>} main
 */
export async function standalone(house, main) {
  onStop(async (code) => {
    endRunning();
    await house.close();
    process.exit(code);
  });
  await main()
    .catch((error) => {
      process.stderr.write(`${told(error)}\n`);
      process.exitCode = 1;
    })
    .finally(() => house.close());
}
