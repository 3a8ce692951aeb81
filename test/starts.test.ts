import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { environment } from '#libs/testing/environment';
import { apps } from './compose.js';

const main = (app: string) => fileURLToPath(new URL(`../dist/apps/${app}/main.js`, import.meta.url));

/** Node may stand still while it ends with its compiler at work; what was cut off is asked again. */
function ended(app: string, env: Record<string, string> = {}, tries = 3): { status: number | null; stderr: string } {
  const run = spawnSync(process.execPath, [main(app)], { env, encoding: 'utf8', timeout: 10_000, killSignal: 'SIGKILL' });
  return run.signal === null || tries === 1 ? run : ended(app, env, tries - 1);
}

/** As built: what is wrong with what it imports shows here, before any engine is asked. */
describe('A service started by itself', () => {
  it('where another listens already says so in a sentence', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { status, stderr } = ended('exchanges', { ...environment(), PORT: String(port) });
    other.close();
    expect(stderr.trim()).toBe(`127.0.0.1:${port} is in use: end what listens there, or give another PORT.`);
    expect(status).toBe(1);
  });

  it.each(apps)('with nothing told says all it needs at once, and ends as misconfigured: %s', (app) => {
    const { status, stderr } = ended(app);
    const missing = [...stderr.matchAll(/^ {2}- (\w+) is missing/gm)].map(([, name]) => name);
    expect(missing).toEqual(expect.arrayContaining(['KAFKA_BROKERS', 'MONGO_URL', 'REDIS_URL', 'BY_KEY']));
    expect(stderr).toContain(`The ${app} service cannot start: ${missing.length} faults in its environment`);
    expect(status).toBe(78);
  });
});
