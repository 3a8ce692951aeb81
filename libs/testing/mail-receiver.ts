import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

export interface ReceivedMail {
  to: string;
  headers: string;
  /** As it reads: soft line breaks taken away. */
  text: string;
}

/** A relay on this machine that speaks SMTP (RFC 5321), and answers a mail as a test wants it to. */
export class MailReceiver {
  readonly received: ReceivedMail[] = [];
  /** What the end of a mail, or its recipient, is answered with. */
  answer: (to: string) => string = () => '250 taken';
  /** How many began to hand over a mail. */
  begun = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async listen(port = 0): Promise<MailReceiver> {
    const server = createServer((socket) => receiver.serve(socket));
    const receiver = new MailReceiver(server);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  to(address: string): ReceivedMail[] {
    return this.received.filter(({ to }) => to === address);
  }

  close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => undefined);
    const say = (line: string) => socket.write(`${line}\r\n`);
    let to = '';
    let data: string[] | null = null;
    let rest = '';
    say('220 here');
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString()).split('\r\n');
      rest = lines.pop()!;
      for (const line of lines) {
        if (data) {
          if (line !== '.') data.push(line);
          else {
            say(this.take(to, data));
            data = null;
          }
        } else if (/^DATA/i.test(line)) {
          data = [];
          say('354 go on');
        } else {
          if (/^RCPT/i.test(line)) to = /<(.+)>/.exec(line)?.[1] ?? '';
          if (/^MAIL/i.test(line)) this.begun += 1;
          say(/^QUIT/i.test(line) ? '221 bye' : '250 ok');
        }
      }
    });
  }

  private take(to: string, lines: string[]): string {
    const answer = this.answer(to);
    const empty = lines.indexOf('');
    const headers = lines.slice(0, empty).join('\n');
    const body = lines.slice(empty + 1).join('\n');
    const text = /quoted-printable/i.test(headers) ? unquoted(body) : body;
    if (answer.startsWith('2')) this.received.push({ to, headers, text });
    return answer;
  }
}

const unquoted = (text: string): string => {
  const joined = text
    .replaceAll('=\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(joined, 'latin1').toString();
};
