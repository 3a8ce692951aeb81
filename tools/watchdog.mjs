/**
 * Outlives its launcher by a moment. The launcher names its children on our input; when that closes, however the launcher ended
 * (also by `kill -9`), the children still named are ended, the last one first.
 */
import { createInterface } from 'node:readline';
import { endProcess } from './identity.mjs';

const PATIENCE_MS = 10_000;

/** @type {Map<number, import('./identity.mjs').Identity>} */
const children = new Map();

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => {});

for await (const line of createInterface({ input: process.stdin })) {
  const { add, drop } = JSON.parse(line);
  if (add) children.set(add.pid, add);
  if (drop) children.delete(drop);
}

for (const child of [...children.values()].reverse()) await endProcess(child, PATIENCE_MS);
