import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, jest } from '@jest/globals';
import { apps } from './compose.js';

jest.setTimeout(60_000);

const main = (app: string) => fileURLToPath(new URL(`../dist/apps/${app}/main.js`, import.meta.url));

/** Node may stand still while it ends with its compiler at work; what was cut off is asked again. */
function ended(app: string, tries = 3): { status: number | null; stderr: string } {
  const run = spawnSync(process.execPath, [main(app)], { env: {}, encoding: 'utf8', timeout: 10_000, killSignal: 'SIGKILL' });
  return run.signal === null || tries === 1 ? run : ended(app, tries - 1);
}

/** As built: what is wrong with what it imports shows here, before any engine is asked. */
describe('A service started by itself', () => {
  it.each(apps)('with nothing told says all it needs at once, and ends as misconfigured: %s', (app) => {
    const { status, stderr } = ended(app);
    const missing = [...stderr.matchAll(/^ {2}- (\w+) is missing/gm)].map(([, name]) => name);
    expect(missing).toEqual(expect.arrayContaining(['KAFKA_BROKERS', 'MONGO_URL', 'REDIS_URL', 'BY_KEY']));
    expect(stderr).toContain(`The ${app} service cannot start: ${missing.length} faults in its environment`);
    expect(status).toBe(78);
  });
});
