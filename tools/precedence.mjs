import { existsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Who steps back when the processes of one machine want more than it has. People wait for the gateway, and for the Redis it asks about
 * what it remembers. Most of what membership, the worker and the database do is bulk, imports and reports; a single command waits for
 * them a little longer. Each of our processes is a session of its own, and Linux shares the machine among sessions before it looks at
 * the processes in them: so the session steps back as well.
 */

/** Who steps back, of a house that people use. @type {{ services: readonly string[], engines: readonly import('./engines.mjs').Kind[] }} */
export const BEHIND = { services: ['membership', 'worker'], engines: ['mongo'] };
/** A tenth of what others get, when there is not enough for all. */
const NICE = 10;
const TRIES = 20;
/** The kernel takes one such wish in a tenth of a second from those who are not root. */
const AGAIN_MS = 110;

/** Where it cannot be had, all are alike, as ever. @param {number} pid */
export async function stepBack(pid) {
  const session = `/proc/${pid}/autogroup`;
  try {
    os.setPriority(pid, NICE);
    for (let left = TRIES; left > 0 && existsSync(session); left--) {
      if (isTaken(session)) return;
      await pause(AGAIN_MS, undefined, { ref: false });
    }
  } catch {}
}

/** @param {string} session */
function isTaken(session) {
  try {
    writeFileSync(session, `${NICE}`);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EAGAIN') return false;
    throw error;
  }
}
