import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { demandPromised } from './answers.js';

/** One event of a stream as it came; comments are kept apart. */
export interface Told {
  id?: string;
  event?: string;
  data?: string;
  retry?: string;
}

/** Listens to Server-Sent Events as a browser does, and keeps all it is told. */
export class Listener {
  readonly told: Told[] = [];
  readonly comments: string[] = [];
  status = 0;
  headers: IncomingMessage['headers'] = {};
  lastId: string | undefined;
  private rest = '';
  private over = false;
  private answer: IncomingMessage | null = null;
  private readonly sent: ClientRequest;
  /** Resolves with the first bytes, or with the whole refusal; fails when the answer is not as `openapi.json` says. */
  readonly opened: Promise<void>;
  readonly ended: Promise<void>;

  constructor(url: string, headers: Record<string, string> = {}) {
    let begin: () => void = () => undefined;
    let end: () => void = () => undefined;
    let fail: (error: unknown) => void = () => undefined;
    this.opened = new Promise((resolve, reject) => {
      begin = resolve;
      fail = reject;
    });
    this.ended = new Promise((resolve) => {
      end = resolve;
    });
    const finish = () => {
      this.over = true;
      begin();
      end();
    };
    this.sent = request(url, { headers: { accept: 'text/event-stream', ...headers }, agent: false }, (answer) => {
      this.status = answer.statusCode ?? 0;
      this.headers = answer.headers;
      this.answer = answer;
      answer.setEncoding('utf8');
      const streams = this.status === 200;
      const demand = () => {
        try {
          demandPromised(this.answered(url));
        } catch (error) {
          fail(error);
        }
      };
      if (streams) demand();
      answer.on('data', (text: string) => {
        this.take(text);
        if (streams) begin();
      });
      answer.on('close', () => {
        if (!streams) demand();
        finish();
      });
    });
    this.sent.on('error', finish).end();
  }

  get isOver(): boolean {
    return this.over;
  }

  /** What was told with data, of one kind or of all. */
  items(event?: string) {
    return this.told.filter((each) => each.data !== undefined && (!event || each.event === event)).map(({ data }) => JSON.parse(data!));
  }

  /** Takes nothing more until `resume`. */
  pause(): void {
    this.answer?.pause();
  }

  resume(): void {
    this.answer?.resume();
  }

  close(): void {
    this.sent.destroy();
  }

  private answered(url: string) {
    const { pathname, search } = new URL(url);
    const { status, headers, rest: text } = this;
    return { method: 'GET', path: pathname + search, status, headers, text, body: text === '' ? null : JSON.parse(text) };
  }

  private take(text: string): void {
    this.rest += text;
    for (let end = this.rest.indexOf('\n\n'); end >= 0; end = this.rest.indexOf('\n\n')) {
      this.block(this.rest.slice(0, end));
      this.rest = this.rest.slice(end + 2);
    }
  }

  private block(text: string): void {
    const told: Told = {};
    for (const line of text.split('\n')) {
      const [, name = '', value = ''] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
      if (name === '') this.comments.push(value);
      else told[name as keyof Told] = value;
    }
    this.lastId = told.id ?? this.lastId;
    if (Object.keys(told).length > 0) this.told.push(told);
  }
}
