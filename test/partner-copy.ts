import type { components } from '../openapi.js';
import { type Api, of, told } from './api.js';
import type { Body } from './running-house.js';

type FeedItem = components['schemas']['FeedItem'];

interface Held {
  version: number;
  view: Body;
}

/**
 * Their facts tell the view, but for version and time, which are those of the fact, and for what is told to few, such as the reason
 * of a suspension: that stands until a command of its machine moves the record. What moved, is new, or is of another kind is read again.
 */
const TOLD = ['clusters', 'memberships', 'events', 'exchange-profiles'];
const SAID = /\.(recorded|registered|planned|changed)\.v1$/;

/** Where one record of all others is read. */
const SINGLE = [
  '/v1/partnerships/{id}',
  '/v1/clusters/{id}',
  '/v1/memberships/{id}',
  '/v1/events/{id}',
  '/v1/organisations/{id}',
  '/v1/persons/{id}',
  '/v1/reminders/{id}',
  '/v1/reports/{id}',
] as const;

/** What a partner system does that wants a copy of its own: the snapshot, and the feed from its cursor on. */
export class PartnerCopy {
  readonly held = new Map<string, Held>();
  cursor = -1;
  /** Facts that were news to it. */
  told = 0;
  private readonly outdated = new Set<string>();

  constructor(private readonly api: Api) {}

  async load(): Promise<void> {
    const text = await told(this.api.GET('/v1/snapshot', { parseAs: 'text' }));
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
      const { items, next } = await told(this.api.GET('/v1/feed', { params: { query: { after: this.cursor, limit: 200 } } }));
      for (const item of items) this.take(item);
      await this.readAgain();
      if (next === this.cursor) return;
      this.cursor = next;
    }
  }

  /** All it holds of a resource, in order of id. */
  all(resource: string): Body[] {
    const held = [...this.held].filter(([path]) => path.startsWith(`/v1/${resource}/`));
    return held.map(([, { view }]) => view).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  private take({ type, subject, sequence, time, data }: FeedItem): void {
    const version = Number(sequence.slice(0, 10));
    const held = this.held.get(subject);
    if ((held?.version ?? 0) >= version) return;
    this.told += 1;
    const view = data as Body;
    if (type.endsWith('.removed.v1')) this.held.delete(subject);
    else if (held && TOLD.includes(resourceOf(subject)) && SAID.test(type))
      this.held.set(subject, { version, view: { ...held.view, ...view, version, updatedAt: time } });
    else this.outdated.add(subject);
    for (const id of this.partnershipsOf(subject, view)) this.outdated.add(`/v1/partnerships/${id}`);
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
    for (const subject of this.outdated) {
      const path = SINGLE.find((each) => each.startsWith(`/v1/${resourceOf(subject)}/`));
      if (!path) throw new Error(`It is not known where ${subject} is read.`);
      const { data } = await this.api.GET(path, of(subject.split('/').at(-1)!));
      if (data) this.held.set(subject, { version: data.version, view: data });
      else this.held.delete(subject);
    }
    this.outdated.clear();
  }
}

const resourceOf = (subject: string) => subject.split('/')[2]!;
