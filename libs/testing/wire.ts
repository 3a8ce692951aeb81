import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

type Way = 'there' | 'back';

/** A wire to an engine that a test cuts at a chosen moment: so a process can be killed between two things it does. */
export class Wire {
  private readonly lines = new Set<Line>();
  private watch: { text: Buffer; hold: Way; seen(): void } | null = null;
  private held: Way | null = null;

  private constructor(
    private readonly server: Server,
    private readonly engine: URL,
  ) {}

  static async to(url: string): Promise<Wire> {
    const server = createServer((socket) => wire.take(socket));
    const wire = new Wire(server, new URL(url));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return wire;
  }

  /** The URL of the engine by this wire. A MongoDB that says it is one of a set would be asked directly otherwise. */
  get url(): string {
    const url = new URL(this.engine);
    url.port = String((this.server.address() as AddressInfo).port);
    url.pathname = '/';
    if (url.protocol === 'mongodb:') url.searchParams.set('directConnection', 'true');
    return url.href;
  }

  /** What holds the text reaches the engine; from then on no answer comes back. Resolves when it has gone through. */
  holdAnswersAfter(text: string): Promise<void> {
    return this.hold(text, 'back');
  }

  /** What holds the text does not reach the engine, nor does anything after it. */
  holdBefore(text: string): Promise<void> {
    return this.hold(text, 'there');
  }

  release(): void {
    this.watch = null;
    this.held = null;
    for (const line of this.lines) line.flush();
  }

  /** All connections break off; who connects anew gets through. */
  breakOff(): void {
    for (const line of this.lines) line.end();
    this.release();
  }

  close(): Promise<void> {
    for (const line of this.lines) line.end();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private hold(text: string, hold: Way): Promise<void> {
    // What went through before is not what is waited for.
    for (const line of this.lines) line.forget();
    return new Promise((seen) => {
      this.watch = { text: Buffer.from(text), hold, seen };
    });
  }

  private take(client: Socket): void {
    const engine = connect({ host: this.engine.hostname, port: Number(this.engine.port) });
    const line = new Line(
      client,
      engine,
      (chunk) => this.look(chunk),
      (way) => this.held === way,
    );
    this.lines.add(line);
    client.once('close', () => this.lines.delete(line));
  }

  private look(chunk: Buffer): void {
    if (!this.watch || !chunk.includes(this.watch.text)) return;
    this.held = this.watch.hold;
    this.watch.seen();
    this.watch = null;
  }
}

/** One connection and what waits on it. */
class Line {
  private readonly waiting: Record<Way, Buffer[]> = { there: [], back: [] };
  private tail = Buffer.alloc(0);

  constructor(
    private readonly client: Socket,
    private readonly engine: Socket,
    look: (chunk: Buffer) => void,
    private readonly isHeld: (way: Way) => boolean,
  ) {
    client.on('data', (chunk) => {
      // The text may come in two parts.
      look(Buffer.concat([this.tail, chunk]));
      this.tail = Buffer.from(chunk.subarray(-200));
      this.pass('there', chunk);
    });
    engine.on('data', (chunk) => this.pass('back', chunk));
    for (const socket of [client, engine]) socket.on('error', () => this.end()).on('close', () => this.end());
  }

  forget(): void {
    this.tail = Buffer.alloc(0);
  }

  flush(): void {
    for (const chunk of this.waiting.there.splice(0)) this.engine.write(chunk);
    for (const chunk of this.waiting.back.splice(0)) this.client.write(chunk);
  }

  end(): void {
    this.client.destroy();
    this.engine.destroy();
  }

  private pass(way: Way, chunk: Buffer): void {
    if (this.isHeld(way)) this.waiting[way].push(chunk);
    else (way === 'there' ? this.engine : this.client).write(chunk);
  }
}
