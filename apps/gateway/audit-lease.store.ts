import type { Collection } from 'mongoose';
import type { Place } from './audit.js';

interface Leased {
  _id: 'chain';
  holder: string;
  /** Raised with each new holder. */
  fence: number;
  until: Date;
  /** The end of the chain as it was last written: what is cut off there is missed. */
  end: Place | null;
}

const LEASE_MS = 10_000;
const RENEW_BELOW_MS = 6000;

/** One writer over all gateways. The lease saves them from writing against each other; that the chain has no fork does not hang on it. */
export class AuditLease {
  private fence = 0;
  private until = 0;

  constructor(
    private readonly leases: () => Collection<Leased>,
    private readonly holder: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** The fencing token while the lease is ours, else null. */
  async take(): Promise<number | null> {
    const now = this.now();
    if (this.until - now > RENEW_BELOW_MS) return this.fence;
    const until = new Date(now + LEASE_MS);
    const renewed = this.fence > 0 && (await this.renew(until));
    if (!renewed && !(await this.takeOver(now, until))) return this.lost();
    this.until = until.getTime();
    return this.fence;
  }

  /** The next one need not wait for it to run out. */
  async release(): Promise<void> {
    if (this.fence > 0) await this.leases().updateOne({ _id: 'chain', ...this.ours() }, { $set: { until: new Date(0) } });
    this.lost();
  }

  /** Where the chain ends now. */
  async noteEnd(end: Place): Promise<void> {
    await this.leases().updateOne({ _id: 'chain', ...this.ours() }, { $set: { end } });
  }

  async end(): Promise<Place | null> {
    return ((await this.leases().findOne({ _id: 'chain' })) as Leased | null)?.end ?? null;
  }

  lost(): null {
    this.until = 0;
    return null;
  }

  private async renew(until: Date): Promise<boolean> {
    const { matchedCount } = await this.leases().updateOne({ _id: 'chain', ...this.ours() }, { $set: { until } });
    return matchedCount === 1;
  }

  private async takeOver(now: number, until: Date): Promise<boolean> {
    await this.begin();
    const { holder } = this;
    const taken = (await this.leases().findOneAndUpdate(
      { _id: 'chain', until: { $lt: new Date(now) } } as never,
      { $set: { holder, until }, $inc: { fence: 1 } },
      { returnDocument: 'after' },
    )) as Leased | null;
    if (taken) this.fence = taken.fence;
    return taken !== null;
  }

  private async begin(): Promise<void> {
    await this.leases().updateOne(
      { _id: 'chain' },
      { $setOnInsert: { holder: '', fence: 0, until: new Date(0), end: null } },
      { upsert: true },
    );
  }

  private ours() {
    return { holder: this.holder, fence: this.fence };
  }
}
