import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { freePorts, isFree } from './ports.mjs';

describe('Free ports', () => {
  it('are given to nobody else of those who ask at the same time', async () => {
    const given = (await Promise.all(Array.from({ length: 60 }, () => freePorts(6)))).flat();
    expect(new Set(given).size).toBe(360);
  });

  it('are not those where somebody listens', async () => {
    const [port] = await freePorts(1);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    expect(await isFree(port!)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await isFree(port!)).toBe(true);
  });
});
