import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';

/** As far as it is mended: a connection of the client, closed with the error that every command on it ends with. */
export interface DriverConnection extends EventEmitter {
  error: Error | null;
  command(namespace: object, command: object): Promise<unknown>;
  writeCommand(command: object, options: object): Promise<unknown>;
  destroy(): void;
}

// The copy that mongoose uses, wherever it lies.
const driver = createRequire(createRequire(import.meta.url).resolve('mongoose'));

export const Connections = driver('mongodb/lib/cmap/connection.js').Connection as {
  new (socket: Socket, options: object): DriverConnection;
  prototype: DriverConnection;
};

const asItWas = Connections.prototype.writeCommand;

/**
 * The client (mongodb 7.8, also 7.9) waits for ever when a connection closes just before a command is written to it: a closed socket
 * takes nothing, and the client waits until it takes more. Neither its timeouts nor the return of the database end that; whatever
 * stood behind the command stood still, until the process ended. So a command ends with its connection.
 */
Connections.prototype.writeCommand = function untilClosed(this: DriverConnection, ...asked: [object, object]) {
  return new Promise((resolve, reject) => {
    const closed = () => reject(this.error);
    this.once('close', closed);
    asItWas
      .apply(this, asked)
      .finally(() => this.off('close', closed))
      .then(resolve, reject);
  });
};
