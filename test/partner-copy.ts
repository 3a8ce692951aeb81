import type { Body } from './running-house.js';

/** Asks as the partner: the path, and what was answered. */
export type Ask = (path: string) => Promise<{ status: number; body: Body; text: string }>;

interface Held {
  version: number;
  view: Body;
}

/** Their facts tell the whole view, but for version and time, which are those of the fact. Of all others the view is read again. */
const WHOLE = ['clusters', 'memberships', 'events', 'exchange-profiles'];

/** What a partner system does that wants a copy of its own: the snapshot, and the feed from its cursor on. */
export class PartnerCopy {
  readonly held = new Map<string, Held>();
  cursor = -1;
  /** Facts that were news to it. */
  told = 0;
  private readonly outdated = new Set<string>();

  constructor(private readonly ask: Ask) {}

  async load(resources?: string): Promise<void> {
    const { status, text } = await this.ask(`/v1/snapshot${resources ? `?resources=${resources}` : ''}`);
    if (status !== 200) throw new Error(`The snapshot was answered ${status}: ${text}`);
    const [first, ...lines] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const last = lines.pop();
    if (last?.end !== true || last.count !== lines.length) throw new Error('The snapshot has no end.');
    this.cursor = first.cursor;
    for (const { resource, id, version, view } of lines) this.held.set(`/v1/${resource}/${id}`, { version, view });
  }

  /** Reads on until nothing more is told. */
  async follow(): Promise<void> {
    for (;;) {
      const { status, body } = await this.ask(`/v1/feed?after=${this.cursor}&limit=200`);
      if (status !== 200) throw new Error(`The feed was answered ${status}: ${JSON.stringify(body)}`);
      for (const item of body.items) this.take(item);
      await this.readAgain();
      if (body.next === this.cursor) return;
      this.cursor = body.next;
    }
  }

  /** All it holds of a resource, in order of id. */
  all(resource: string): Body[] {
    const held = [...this.held].filter(([path]) => path.startsWith(`/v1/${resource}/`));
    return held.map(([, { view }]) => view).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  private take({ subject, sequence, time, data }: Body): void {
    const version = Number(sequence.slice(0, 10));
    if ((this.held.get(subject)?.version ?? 0) >= version) return;
    this.told += 1;
    if (WHOLE.includes(subject.split('/')[2])) this.held.set(subject, { version, view: { ...data, version, updatedAt: time } });
    else this.outdated.add(subject);
    for (const id of this.partnershipsOf(subject, data)) this.outdated.add(`/v1/partnerships/${id}`);
  }

  /** A partnership's figures are computed from its composition: they change with its memberships and clusters. */
  private partnershipsOf(subject: string, data: Body): string[] {
    if (subject.startsWith('/v1/memberships/')) return data.partnership ? [data.partnership] : [];
    if (!subject.startsWith('/v1/clusters/')) return [];
    return this.all('memberships')
      .filter(({ cluster }) => cluster === data.id)
      .map(({ partnership }) => partnership);
  }

  private async readAgain(): Promise<void> {
    for (const path of this.outdated) {
      const { status, body } = await this.ask(path);
      if (status === 200) this.held.set(path, { version: body.version, view: body });
      else this.held.delete(path);
    }
    this.outdated.clear();
  }
}
