import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FactRecord } from '#libs/contracts/message';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  fact: FactRecord;
  /** What it was answered. */
  status: number;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

/** Never resolves: the endpoint takes what is sent and says nothing. */
export const silence = new Promise<never>(() => undefined);

/** An endpoint of a partner system on this machine, which answers as a test wants it to. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  answer: (received: Omit<Received, 'status'>) => Reply | Promise<Reply> = () => ({ status: 204 });

  private constructor(private readonly server: Server) {}

  static async listen(): Promise<WebhookReceiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        const { status, headers, body } = await receiver.take(request.headers, Buffer.concat(chunks).toString());
        response.writeHead(status, headers).end(body);
      });
    });
    const receiver = new WebhookReceiver(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hooks`;
  }

  /** Facts that were answered with 2xx, in the order they came. */
  get accepted(): FactRecord[] {
    return this.received.filter(({ status }) => status >= 200 && status < 300).map(({ fact }) => fact);
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async take(headers: IncomingHttpHeaders, body: string): Promise<Reply> {
    const received = { headers, body, fact: JSON.parse(body) as FactRecord };
    const reply = await this.answer(received);
    this.received.push({ ...received, status: reply.status });
    return reply;
  }
}
