import { createServer, type Server } from 'node:http';

/** Answers health while the engines are waited for: alive, not ready, and what is missing. */
export class WaitingRoom {
  private readonly server: Server;
  private waitingFor = 'start';

  constructor() {
    this.server = createServer((request, response) => {
      const live = request.url === '/health/live';
      response.writeHead(live ? 200 : 503, { 'content-type': 'application/json', 'retry-after': '2' });
      response.end(JSON.stringify(live ? { alive: true } : { ready: false, checks: { [this.waitingFor]: 'waited for' } }));
    });
  }

  open(host: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
  }

  /** Names what the service is waiting for while `work` is under way. */
  async for<T>(name: string, work: Promise<T>): Promise<T> {
    this.waitingFor = name;
    const done = await work;
    this.waitingFor = 'start';
    return done;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
