import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { demandFree, freePorts, isFree, keptPorts } from './ports.mjs';

describe('Ports', () => {
  let server: Server;
  let taken: number;

  beforeEach(async () => {
    const [port] = await freePorts(1);
    taken = port!;
    server = createServer();
    await new Promise<void>((resolve) => server.listen(taken, '127.0.0.1', resolve));
  });

  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('are free when nobody listens', async () => {
    const ports = await freePorts(5);
    expect(new Set(ports).size).toBe(5);
    expect(await isFree(ports[0]!)).toBe(true);
    expect(await isFree(taken)).toBe(false);
  });

  it('are given to nobody else of those who ask at the same time', async () => {
    const given = (await Promise.all(Array.from({ length: 60 }, () => freePorts(6)))).flat();
    expect(new Set(given).size).toBe(360);
  });

  it('of last time are taken again where they are free', async () => {
    const [free] = await freePorts(1);
    const ports = await keptPorts(['redis', 'mongo', 'smtp'], { redis: free!, mongo: taken });
    expect(ports.redis).toBe(free);
    expect(ports.mongo).not.toBe(taken);
    expect(new Set(Object.values(ports)).size).toBe(3);
  });

  it('in use are told in one sentence with the way out', async () => {
    await expect(demandFree(taken - 1, 2)).rejects.toThrow(new RegExp(`^Port ${taken} is in use .*PORT=4000 npm start`));
  });
});
