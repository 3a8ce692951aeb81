import { describe, expect, it } from '@jest/globals';
import { freePorts } from '../../tools/ports.mjs';
import { WaitingRoom } from './waiting-room.js';

async function opened() {
  const [port] = (await freePorts(1)) as [number];
  const room = new WaitingRoom();
  await room.open('127.0.0.1', port);
  const ask = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, body: await response.json() };
  };
  return { room, port, ask };
}

describe('A service that waits for its engines', () => {
  it('is alive, not ready, and names the one it waits for', async () => {
    const { room, ask } = await opened();
    let comes: (what: string) => void = () => undefined;
    const waited = room.for(
      'MongoDB',
      new Promise<string>((resolve) => {
        comes = resolve;
      }),
    );
    expect(await ask('/health/live')).toEqual({ status: 200, body: { alive: true } });
    expect(await ask('/health/ready')).toEqual({ status: 503, body: { ready: false, checks: { MongoDB: 'waited for' } } });
    comes('there');
    expect(await waited).toBe('there');
    expect((await ask('/health/ready')).body).toEqual({ ready: false, checks: { start: 'waited for' } });
    await room.close();
  });

  it('leaves its port to the service', async () => {
    const { room, port } = await opened();
    await room.close();
    const next = new WaitingRoom();
    await next.open('127.0.0.1', port);
    await next.close();
  });

  it('says when its port is taken', async () => {
    const { room, port } = await opened();
    await expect(new WaitingRoom().open('127.0.0.1', port)).rejects.toThrow('EADDRINUSE');
    await room.close();
  });
});
