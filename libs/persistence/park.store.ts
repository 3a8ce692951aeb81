import type { Incoming } from '#libs/messaging/kafka';
import type { AgainOf, Park, Shelf, TryOut } from '#libs/messaging/shelf';
import { parkedKeys, shelvedMessages } from '#libs/service/metrics';
import type { KeptMessages } from './kept.store.js';

/** Commands that failed, one document each. `put` throws while MongoDB is away: then the command is not committed, and comes again. */
export class MongoShelf implements Shelf {
  /** Decides a shelved command as it would be now, and changes nothing. */
  tryOut: TryOut | null = null;

  constructor(
    private readonly kept: KeptMessages,
    private readonly service: string,
  ) {}

  async put(message: Incoming, reason: string): Promise<void> {
    await this.kept.add('SHELVED', this.service, message, reason);
    await this.count();
  }

  serves(tryOut: TryOut): void {
    this.tryOut = tryOut;
  }

  async count(): Promise<void> {
    shelvedMessages.set({ service: this.service }, await this.kept.shelved());
  }
}

/**
 * Keys that wait, shared by all instances of a service. `has` answers from memory, as of the last `load` or `put`;
 * `holds` asks MongoDB whether such a key still waits.
 */
export class MongoPark implements Park {
  private readonly parked = new Map<string, Set<string>>();
  private readonly readers = new Map<string, AgainOf>();

  constructor(private readonly kept: KeptMessages) {}

  has(group: string, key: string): boolean {
    return this.parked.get(group)?.has(key) ?? false;
  }

  async holds(group: string, key: string): Promise<boolean> {
    if (!this.has(group, key)) return false;
    if ((await this.kept.line(group, key)).length > 0) return true;
    this.parked.get(group)?.delete(key);
    this.count(group);
    return false;
  }

  async put(group: string, message: Incoming, reason: string): Promise<void> {
    await this.kept.add('PARKED', group, message, reason);
    const keys = this.parked.get(group) ?? new Set();
    this.parked.set(group, keys.add(message.key));
    this.count(group);
  }

  async load(group: string): Promise<void> {
    const found = await this.kept.parkedKeys(group);
    // One may have been parked while this was read.
    this.parked.set(group, new Set([...found, ...(this.parked.get(group) ?? [])]));
    this.count(group);
  }

  serves(group: string, again: AgainOf): void {
    this.readers.set(group, again);
  }

  readerOf(group: string): AgainOf | null {
    return this.readers.get(group) ?? null;
  }

  private count(group: string): void {
    parkedKeys.set({ group }, this.parked.get(group)?.size ?? 0);
  }
}
