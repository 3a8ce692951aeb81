import { setTimeout as pause } from 'node:timers/promises';
import { Trouble } from './trouble.mjs';

const READY_WITHIN_MS = 90_000;

/**
 * How a server is started and asked whether it is there.
 * @typedef {object} Server
 * @property {string} name with its version
 * @property {string[]} ports the names of the ports it wants
 * @property {number} patience milliseconds it may take to stop
 * @property {(ports: Record<string, number>) => string} url
 * @property {(ports: Record<string, number>) => string} [page] for people
 * @property {(ports: Record<string, number>) => Promise<boolean>} answers
 * @property {(dir: string, ports: Record<string, number>) => Promise<import('./processes.mjs').Launch>} launch
 */

/** One engine of ours: the same ports and data however often it goes and comes. */
export class Engine {
  /** @type {import('./processes.mjs').Child | null} */
  #child = null;

  /**
   * @param {string} kind
   * @param {Server} server
   * @param {{ dir: string, ports: Record<string, number>, processes: import('./processes.mjs').Processes, onLost: (sentence: string) => void, signal?: AbortSignal, behind?: boolean }} place
   */
  constructor(kind, server, { dir, ports, processes, onLost, signal, behind = false }) {
    this.kind = kind;
    this.name = server.name;
    this.url = server.url(ports);
    this.page = server.page?.(ports) ?? null;
    this.server = server;
    this.ports = ports;
    this.dir = dir;
    this.processes = processes;
    this.onLost = onLost;
    this.signal = signal;
    this.behind = behind;
  }

  /** Resolves when it answers. */
  async start() {
    if (this.#child && !this.#child.hasExited) return;
    const launch = await this.server.launch(this.dir, this.ports);
    if (this.signal?.aborted) return;
    const child = this.processes.spawn(this.kind, { ...launch, behind: this.behind });
    this.#child = child;
    await this.#answers(child);
    child.exited.then(({ code, signal }) => {
      if (!child.ending) this.onLost(`${this.name} has ended by itself (${signal ?? code}): see ${child.logFile}.\n${child.logEnd()}`);
    });
  }

  /** @param {import('./processes.mjs').Child} child */
  async #answers(child) {
    const end = Date.now() + READY_WITHIN_MS;
    while (!(await this.server.answers(this.ports))) {
      if (child.ending) return;
      const late = Date.now() > end;
      if (child.hasExited || late) {
        if (late) await child.kill();
        throw new Trouble(`${this.name} did not start: see ${child.logFile}.`, child.logEnd());
      }
      await pause(50);
    }
  }

  /** `kill -9`, as a power cut would. */
  async kill() {
    await this.#child?.kill();
  }

  /** Lets it put its data in order. */
  async stop() {
    await this.#child?.end(this.server.patience);
  }
}

/** An engine somebody else runs, given by its URL. */
export class OutsideEngine {
  page = null;

  /** @param {string} kind @param {string} url */
  constructor(kind, url) {
    this.kind = kind;
    this.url = url;
    this.name = `${kind} given by URL`;
  }

  async start() {}

  async stop() {}

  async kill() {
    throw new Trouble(`${this.name} is not ours to end: give no URL for it where it has to be killed.`);
  }
}
