import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import { afterEach, describe, expect, it } from '@jest/globals';
import { stepBack } from './precedence.mjs';

const sessions: ChildProcess[] = [];

/** A process in a session of its own, which waits. */
async function session(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  sessions.push(child);
  await once(child, 'spawn');
  return child.pid!;
}

/** What Linux keeps of a session, where it shares the machine by sessions. */
const kept = (pid: number) => (existsSync(`/proc/${pid}/autogroup`) ? readFileSync(`/proc/${pid}/autogroup`, 'utf8') : ' nice 10');

afterEach(() => {
  for (const child of sessions.splice(0)) child.kill('SIGKILL');
});

describe('Precedence', () => {
  it('is left to others by a process and its session, also by several at once', async () => {
    const pids = await Promise.all([session(), session(), session()]);
    await Promise.all(pids.map(stepBack));
    expect(pids.map((pid) => os.getPriority(pid))).toEqual([10, 10, 10]);
    for (const pid of pids) expect(kept(pid)).toMatch(/ nice 10\s*$/);
  });

  it('of a process that is gone is nobody’s trouble', async () => {
    const pid = await session();
    const [child] = sessions;
    const gone = once(child!, 'exit');
    child!.kill('SIGKILL');
    await gone;
    await expect(stepBack(pid)).resolves.toBeUndefined();
  });
});
