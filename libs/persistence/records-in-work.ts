import type { VersionChange } from '#libs/contracts/history';
import type { Outcome } from '#libs/contracts/message';
import type { KeptRecord, RecordChange, RecordsAtHand } from '#libs/domain/decision';
import { Refusal } from '#libs/domain/verdict';
import type { Message } from '#libs/messaging/handle';
import { admitVersion } from './admit.js';
import { type Changed, Changes } from './changes.js';
import type { OutboxEntry } from './document.js';
import { factRecord, type NewEntry } from './entries.js';
import { type Keeping, type KeptRecords, newestRecords } from './kept-records.js';

/** A record that a decision needs has not been loaded yet: the decision is made again when it is. */
export class NotAtHand extends Error {
  constructor(readonly record: string) {
    super(`the record ${record} is not loaded`);
  }
}

/** The records of one aggregate while commands are decided on it. */
export class RecordsInWork<S> implements RecordsAtHand {
  /** To be loaded before it can be decided. */
  readonly wanted = new Set<string>();
  private readonly changed: { id: string; record: KeptRecord }[] = [];
  private readonly told: Map<string, KeptRecord>;

  constructor(
    private readonly keeping: Keeping<S>,
    private readonly kept: Pick<KeptRecords, 'cached'>,
    private readonly loaded: ReadonlyMap<string, KeptRecord | null>,
    private readonly doc: { state: S | null; outbox: readonly OutboxEntry[] },
  ) {
    this.told = new Map(newestRecords(doc.outbox).map(({ id, version, view }) => [id, { version, view }]));
  }

  /** Before any rule of the domain: whether the record is there as the command needs it, and at the version the client read. */
  admit(message: Message): void {
    const { contract, expected, key } = message;
    if (contract.creates === 'NEW') {
      if (this.isThere(key)) throw Refusal.because('RESOURCE.THERE', `The ${this.name} ${key} is there already.`, { kind: 'WRONG_STATE' });
      return admitVersion(expected, 0);
    }
    const there = this.get(key);
    if (!there) throw Refusal.because('RESOURCE.ABSENT', `There is no ${this.name} ${key}.`, { kind: 'ABSENT' });
    admitVersion(expected, there.version);
  }

  /** Takes what a decision says of them, and gives what is to be told of it. */
  take(changes: readonly RecordChange[], { service, message, at }: { service: string; message: Message; at: string }): NewEntry[] {
    const { name: aggregate, resource } = this.keeping.contract;
    return changes.flatMap(({ id, version, state, facts }): NewEntry[] => {
      const before = version > 1 ? this.get(id) : null;
      if ((before?.version ?? 0) !== version - 1) throw new Error(`${aggregate} ${id} does not go from ${before?.version} to ${version}`);
      const view = this.viewOf(id, version, state, at);
      this.changed.push({ id, record: { version, view } });
      const about = { service, resource, id, version, time: at };
      return [
        ...facts.map((fact, index): NewEntry => ({ kind: 'fact', fact: factRecord({ ...fact, ...about, index }) })),
        { kind: 'record', aggregate, id, version, view, change: this.changeOf(before, { version, state: view, message, at }) },
      ];
    });
  }

  /** Where a record stands, as far as that is known without loading it. */
  standing(id: string): { aggregate: string; key: string; version: number } {
    return { aggregate: this.name, key: id, version: this.known(id)?.version ?? 0 };
  }

  preview(id: string, changes: readonly RecordChange[], at: string): Omit<Outcome, 'id' | 'verdicts'> {
    const becomes = changes.findLast((change) => change.id === id);
    const now = becomes ? this.viewOf(id, becomes.version, becomes.state, at) : (this.get(id)?.view ?? null);
    return { ...this.standing(id), status: 'DONE', changed: becomes !== undefined, view: now, refusal: null };
  }

  /** How many changes there have been; what came after so many is taken back by `back`. */
  get count(): number {
    return this.changed.length;
  }

  back(count: number): void {
    this.changed.length = count;
  }

  get(id: string): KeptRecord | null {
    const known = this.known(id);
    if (known !== undefined) return known;
    this.wanted.add(id);
    throw new NotAtHand(id);
  }

  /** Without having to be loaded: for what is to be new. */
  private isThere(id: string): boolean {
    return Boolean(this.known(id)) || this.keeping.versionOf(this.doc.state, id) !== null;
  }

  private viewOf(id: string, version: number, state: object, updatedAt: string): Record<string, unknown> {
    return this.keeping.contract.view.parse({ ...state, id, version, updatedAt }) as Record<string, unknown>;
  }

  private changeOf(before: KeptRecord | null, changed: Changed<Record<string, unknown>>): VersionChange {
    const { personal, withheld } = this.keeping.contract;
    const changes = new Changes<Record<string, unknown>>([...personal, ...withheld], (view) => view);
    changes.note(changed);
    return changes.versions({ state: before?.view ?? null, version: before?.version ?? 0, updatedAt: changed.at })[0] as VersionChange;
  }

  private get name(): string {
    return this.keeping.contract.name;
  }

  private known(id: string): KeptRecord | null | undefined {
    const here = this.changed.findLast((change) => change.id === id)?.record ?? this.told.get(id);
    if (here) return here;
    const version = this.keeping.versionOf(this.doc.state, id);
    const cached = this.kept.cached(id);
    if (version !== null && cached?.version === version) return cached;
    const loaded = this.loaded.get(id);
    if (loaded !== undefined && version !== null && loaded?.version !== version)
      throw new Error(`the record ${id} lies in version ${loaded?.version ?? 0}, though its aggregate says ${version}`);
    return loaded;
  }
}
