import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Connections, type DriverConnection } from './mongo-connection.js';

let server: Server;
let taken: Socket;
let socket: Socket;
let connection: DriverConnection;

beforeEach(async () => {
  // It reads nothing: what is sent waits.
  server = createServer({ pauseOnConnect: true });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  socket = connect(port, '127.0.0.1');
  [taken] = await once(server, 'connection');
  taken.on('error', () => undefined);
  connection = new Connections(socket, { id: 1, generation: 0, hostAddress: { toString: () => `127.0.0.1:${port}` } });
});

afterEach(async () => {
  connection.destroy();
  taken.destroy();
  await new Promise((closed) => server.close(closed));
});

const ask = (more: object = {}) => connection.command({ db: 'admin' }, { hello: 1, ...more });

describe('A command on a connection of the database', () => {
  it('ends with it, closed just before the command is written', async () => {
    const asked = ask();
    socket.destroy();
    await expect(asked).rejects.toThrow('closed');
  });

  it('ends with it, closed while it cannot take more', async () => {
    const asked = ask({ comment: 'x'.repeat(15_000_000) });
    await new Promise((turn) => setImmediate(turn));
    expect(socket.writableNeedDrain).toBe(true);
    connection.destroy();
    await expect(asked).rejects.toThrow('closed');
  });

  it('leaves nothing behind on the connection when it is written', async () => {
    const before = connection.listenerCount('close');
    const asked = ask();
    await new Promise((turn) => setImmediate(turn));
    expect(connection.listenerCount('close')).toBe(before);
    socket.destroy();
    await expect(asked).rejects.toThrow('closed');
  });
});
