import type { RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { Quota } from '#libs/service/quotas';

/** What is left to one caller. */
export interface Left {
  /** Negative when this request was one too many. */
  remaining: number;
  resetMs: number;
}

interface Bucket {
  /** As all gateways have counted, when it was told last. */
  told: number;
  /** Counted here since, and not yet told. */
  fresh: number;
  endsAt: number;
}

export const TELL_MS = 200;
const MOST = 50_000;

/**
 * Counts in memory, and tells Redis five times a second what came since, many callers at once: a kept answer costs no round trip.
 * A caller is let too much through by what reaches other gateways between two tellings: at its rate, a fifth of a second per further gateway.
 */
export class CountedInBatches {
  private readonly buckets = new Map<string, Bucket>();
  private readonly dirty = new Set<string>();
  private readonly timer: NodeJS.Timeout;
  private telling = false;

  constructor(
    private readonly shared: Pick<RateLimiterAbstract, 'penalty'>,
    private readonly quota: Quota,
    /** While Redis is away nobody is counted. */
    private readonly isThere: () => boolean,
  ) {
    this.timer = setInterval(() => void this.tell(), TELL_MS);
    this.timer.unref();
  }

  take(caller: string): Left | null {
    if (!this.isThere()) return null;
    const now = Date.now();
    const bucket = this.bucket(caller, now);
    const remaining = this.quota.points - bucket.told - bucket.fresh - 1;
    if (remaining >= 0) {
      bucket.fresh += 1;
      this.dirty.add(caller);
    }
    return { remaining, resetMs: bucket.endsAt - now };
  }

  async tell(): Promise<void> {
    if (this.telling || this.dirty.size === 0) return;
    this.telling = true;
    const callers = [...this.dirty];
    this.dirty.clear();
    await Promise.all(callers.map((caller) => this.tellOf(caller)));
    this.telling = false;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async tellOf(caller: string): Promise<void> {
    const bucket = this.buckets.get(caller);
    if (!bucket || bucket.fresh === 0) return;
    const { fresh } = bucket;
    try {
      const { consumedPoints, msBeforeNext } = await this.shared.penalty(caller, fresh);
      Object.assign(bucket, { told: consumedPoints, fresh: bucket.fresh - fresh, endsAt: Date.now() + msBeforeNext });
    } catch {
      // Redis has gone meanwhile: what was counted is let go, as everything is until it is back.
      this.buckets.delete(caller);
    }
  }

  private bucket(caller: string, now: number): Bucket {
    const known = this.buckets.get(caller);
    if (known && known.endsAt > now) return known;
    if (this.buckets.size >= MOST) this.buckets.clear();
    const bucket: Bucket = { told: 0, fresh: 0, endsAt: now + this.quota.seconds * 1000 };
    this.buckets.set(caller, bucket);
    return bucket;
  }
}

/** Counted in Redis by each request: what costs more than the round trip. */
export async function countedAtOnce(limiter: RateLimiterAbstract, caller: string): Promise<Left | null> {
  try {
    const { remainingPoints, msBeforeNext } = await limiter.consume(caller);
    return { remaining: remainingPoints, resetMs: msBeforeNext };
  } catch (refusal) {
    // An error: Redis is away, and nobody is refused for that.
    return refusal instanceof Error ? null : { remaining: -1, resetMs: (refusal as RateLimiterRes).msBeforeNext };
  }
}
