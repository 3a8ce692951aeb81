import http from 'node:http';
import { text } from 'node:stream/consumers';
import { quantile } from './bench-parts.mjs';

/**
 * Reads at a steady pace, whatever becomes of those before: so a reader comes as often at the worst time as at any other. Settings
 * as JSON on stdin; at SIGTERM what was measured, as JSON on stdout.
 */

const STRETCH_MS = 10_000;
/** Who has not been answered by then is told as not answered. */
const PATIENCE_MS = 10_000;

/** @type {{ url: string, perSecond: number }} */
const { url, perSecond } = JSON.parse(await text(process.stdin));
const over = new AbortController();
process.once('SIGTERM', () => over.abort());

const agent = new http.Agent({ keepAlive: true });
const begun = performance.now();
/** In milliseconds. @type {{ due: number, took: number }[]} */
const answered = [];
let bad = 0;

/** Timed from the moment it was due to its last byte: what was sent late was waited for as well. @param {number} due */
const one = (due) =>
  new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
    const missed = () => resolve(bad++);
    http
      .get(url, { agent, timeout: PATIENCE_MS }, (response) => {
        response.once('error', missed).resume();
        response.once('end', () => {
          if (response.statusCode !== 200) return missed();
          resolve(answered.push({ due, took: performance.now() - begun - due }));
        });
      })
      .once('timeout', function () {
        this.destroy();
      })
      .once('error', missed);
  });

const under = [];
for (let due = 0; !over.signal.aborted; due += 1000 / perSecond) {
  const early = due - (performance.now() - begun);
  if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
  under.push(one(due));
}
await Promise.all(under);
agent.destroy();
process.stdout.write(JSON.stringify({ ...told(), bad }));

function told() {
  const stretches = Map.groupBy(answered, ({ due }) => Math.floor(due / STRETCH_MS));
  // The last may be too short to have a hundredth.
  const whole = [...stretches.values()].slice(0, Math.max(1, stretches.size - 1));
  const of = (/** @type {typeof answered} */ those, /** @type {number} */ share) => {
    const times = those.map(({ took }) => took);
    return Math.round(quantile(times, share));
  };
  return { p50: of(answered, 0.5), p99: of(answered, 0.99), slowest: Math.max(...whole.map((those) => of(those, 0.99))) };
}
