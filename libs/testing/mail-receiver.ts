import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

export interface ReceivedMail {
  to: string;
  headers: string;
  subject: string;
  /** As it reads: soft line breaks taken away. */
  text: string;
  html: string | null;
  /** The calendar that came with it. */
  calendar: string | null;
}

/** A relay on this machine that speaks SMTP (RFC 5321), and answers a mail as a test wants it to. */
export class MailReceiver {
  readonly received: ReceivedMail[] = [];
  /** What the end of a mail, or its recipient, is answered with. */
  answer: (to: string) => string | Promise<string> = () => '250 taken';
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
            void this.take(to, data).then(say);
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

  private async take(to: string, lines: string[]): Promise<string> {
    const answer = await this.answer(to);
    const parts = partsOf(lines.map((line) => line.replace(/^\.\./, '.')).join('\n'));
    const of = (type: string) => parts.find((part) => part.type === type)?.text ?? null;
    const headers = parts[0]!.above;
    const [, subject = ''] = /^Subject: (.*)$/im.exec(unfolded(headers)) ?? [];
    const read = { text: of('text/plain') ?? '', html: of('text/html'), calendar: of('text/calendar') };
    if (answer.startsWith('2')) this.received.push({ to, headers, subject: decoded(subject), ...read });
    return answer;
  }
}

interface Part {
  type: string;
  text: string;
  /** Headers of the whole. */
  above: string;
}

const unfolded = (headers: string) => headers.replaceAll(/\n[ \t]+/g, ' ');

/** The parts of a message (RFC 2045, 2046) that are no parts of parts. */
function partsOf(message: string, above?: string): Part[] {
  const end = message.indexOf('\n\n');
  const headers = message.slice(0, end);
  const body = message.slice(end + 2);
  const [, type = 'text/plain'] = /^Content-Type: *([\w./-]+)/im.exec(headers) ?? [];
  const [, boundary] = /^Content-Type:.*boundary="?([^";\n]+)/im.exec(unfolded(headers)) ?? [];
  const whole = above ?? headers;
  if (boundary)
    return body
      .split(`--${boundary}`)
      .slice(1, -1)
      .flatMap((part) => partsOf(part.replace(/^\n/, ''), whole));
  if (/^Content-Transfer-Encoding: *base64/im.test(headers)) return [{ type, text: Buffer.from(body, 'base64').toString(), above: whole }];
  return [{ type, text: /quoted-printable/i.test(headers) ? unquoted(body) : body, above: whole }];
}

const unquoted = (text: string): string => {
  const joined = text
    .replaceAll('=\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(joined, 'latin1').toString();
};

/** Words of a header that are not ASCII (RFC 2047). */
const decoded = (header: string): string =>
  header
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, how: string, text: string) =>
      how.toLowerCase() === 'b' ? Buffer.from(text, 'base64').toString() : unquoted(text.replaceAll('_', ' ')),
    );
