import type { Connection } from 'mongoose';
import type { Service } from '#libs/contracts/actor';
import type { StoreTally } from '#libs/contracts/stores';
import { within } from '#libs/messaging/away';
import type { Signer } from '#libs/messaging/envelope';
import type { Kafka } from '#libs/messaging/kafka';
import type { Clock } from '#libs/service/clock';
import type { Log } from '#libs/service/log';
import { HandledOnce } from './handled.js';
import { Relay } from './relay.js';

const DRAIN_MS = 10_000;
const SWEEP_EVERY_MS = 1000;

/** What every store of a service stands on, made once by `serve` and injected. */
export class House {
  readonly stores = new Set<Sweepable>();
  readonly relay: Relay;
  private readonly committedOffsets = new Map<number, number>();
  private timer: NodeJS.Timeout | null = null;
  private sweeping: Promise<void> | null = null;

  constructor(
    readonly service: Service,
    readonly db: Connection,
    readonly files: Connection,
    readonly kafka: Kafka,
    readonly signer: Signer,
    readonly clock: Clock,
    readonly log: Log,
  ) {
    this.relay = new Relay(service, kafka, signer, log);
  }

  /** Indexes of all stores, then their sweeps: what a crash left unpublished, and timers that are due. */
  async open(): Promise<void> {
    await new HandledOnce(this.db).ensureIndexes();
    for (const store of this.stores) await store.ensureIndexes();
    this.timer = setInterval(() => {
      this.sweeping ??= this.sweep().finally(() => {
        this.sweeping = null;
      });
    }, SWEEP_EVERY_MS);
  }

  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await within(DRAIN_MS, Promise.resolve(this.sweeping));
    await within(DRAIN_MS, Promise.all([...this.stores].map((store) => store.drain())));
  }

  /** Commands below the committed offset of their partition never come again. */
  committed(partition: number, next: number): void {
    this.committedOffsets.set(partition, next);
  }

  committedBelow(partition: number): number {
    return this.committedOffsets.get(partition) ?? -1;
  }

  private async sweep(): Promise<void> {
    for (const store of this.stores) {
      await store
        .sweep()
        .catch((error) => this.log.warn({ store: store.name, error: String(error) }, 'A sweep failed; the next one tries again'));
    }
  }
}

export interface Sweepable {
  readonly name: string;
  ensureIndexes(): Promise<void>;
  sweep(): Promise<void>;
  drain(): Promise<void>;
  /** What it holds, in figures. */
  tally?(): Promise<StoreTally>;
}
