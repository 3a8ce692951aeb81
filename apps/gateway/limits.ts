import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import type { Actor } from '#libs/contracts/actor';
import type { Config } from '#libs/service/config';
import { type Quota, type Quotas, type RouteClass, routeClasses, usualQuotas } from '#libs/service/quotas';
import { connectRedis } from '#libs/service/redis';
import { Runtime } from '#libs/service/runtime';
import { Addresses } from './address.js';
import { CountedInBatches, countedAtOnce, type Left } from './limits-counted.js';
import { isTokenRequest } from './oauth-error.js';
import { Problem } from './problem.js';

type Count = (caller: string) => Left | null | Promise<Left | null>;

interface Limit {
  quota: Quota;
  count: Count;
}

/** One request's place in its quota. */
interface Counted {
  headers: Record<string, string>;
  left: Left;
}

const IMPORTS = '/v1/imports';

/**
 * How often a client may ask: per class of route, over all gateways. A client is counted by its id, the public by its address,
 * and so is whoever asks for tokens. Off where no quotas are set.
 */
@Injectable()
export class Limits {
  private readonly limits = new Map<RouteClass, Limit>();
  private readonly addresses: Addresses;
  /** Requests counted before the framework saw them. */
  private readonly counted = new WeakMap<IncomingMessage, Counted | null>();

  constructor(runtime: Runtime) {
    const { ENGINES, LIMITS, TRUSTED_PROXIES = [] } = runtime.config as Config<'gateway'>;
    this.addresses = new Addresses(TRUSTED_PROXIES);
    const quotas = LIMITS ?? (ENGINES === 'external' ? usualQuotas : null);
    if (quotas && Object.values(quotas).some((quota) => quota !== null)) this.begin(runtime, quotas);
  }

  /** Headers for a public read that is answered from memory; null: let it go the long way, which refuses it. */
  front(request: IncomingMessage): Record<string, string> | null {
    const limit = this.limits.get('READ');
    if (!limit) return NONE;
    const left = limit.count(this.addresses.of(request)) as Left | null;
    const counted = left && this.told('READ', limit, left);
    this.counted.set(request, counted);
    return counted === null ? NONE : counted.left.remaining < 0 ? null : counted.headers;
  }

  /** Counts a request once; throws 429 when it is one too many. */
  async admit(request: FastifyRequest, reply: FastifyReply, actor: Actor | null): Promise<void> {
    if (this.limits.size === 0) return;
    const counted = this.counted.has(request.raw) ? this.counted.get(request.raw) : await this.count(request, actor);
    if (!counted) return;
    reply.headers(counted.headers);
    if (counted.left.remaining < 0) throw tooMany(counted.left);
  }

  private async count(request: FastifyRequest, actor: Actor | null): Promise<Counted | null> {
    const name = classOf(request);
    const limit = this.limits.get(name);
    if (!limit) return null;
    const left = await limit.count(name === 'TOKEN' || !actor || actor.kind === 'PUBLIC' ? this.addresses.of(request.raw) : actor.id);
    return left && this.told(name, limit, left);
  }

  private told(name: RouteClass, { quota }: Limit, left: Left): Counted {
    const policy = name.toLowerCase();
    const headers = {
      'ratelimit-policy': `"${policy}";q=${quota.points};w=${quota.seconds}`,
      ratelimit: `"${policy}";r=${Math.max(left.remaining, 0)};t=${secondsOf(left)}`,
    };
    return { headers, left };
  }

  private begin(runtime: Runtime, quotas: Quotas): void {
    const redis = connectRedis(runtime, 'Redis is away; requests are not counted');
    for (const name of routeClasses) {
      const quota = quotas[name];
      if (!quota) continue;
      const about = {
        keyPrefix: `${runtime.config.MONGO_PREFIX}:limit:${name.toLowerCase()}`,
        points: quota.points,
        duration: quota.seconds,
      };
      // Guessing of secrets must not become free by the loss of Redis.
      const insurance = name === 'TOKEN' ? { insuranceLimiter: new RateLimiterMemory(about) } : {};
      const shared = new RateLimiterRedis({ ...about, ...insurance, storeClient: redis, rejectIfRedisNotReady: true });
      this.limits.set(name, {
        quota,
        count: name === 'READ' ? inBatches(runtime, shared, quota, redis) : (caller) => countedAtOnce(shared, caller),
      });
    }
  }
}

function inBatches(runtime: Runtime, shared: RateLimiterRedis, quota: Quota, redis: { status: string }): Count {
  const batches = new CountedInBatches(shared, quota, () => redis.status === 'ready');
  runtime.after.push(async () => batches.stop());
  return (caller) => batches.take(caller);
}

function classOf(request: FastifyRequest): RouteClass {
  if (isTokenRequest(request)) return 'TOKEN';
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return 'READ';
  return request.url.split('?', 1)[0] === IMPORTS ? 'IMPORT' : 'WRITE';
}

const NONE = {};
const secondsOf = ({ resetMs }: Left) => Math.max(1, Math.ceil(resetMs / 1000));

const tooMany = (left: Left) =>
  new Problem('tooMany', {
    code: 'RATE.EXCEEDED',
    detail: 'This client has asked too often; RateLimit-Policy tells how often it may.',
    headers: { 'retry-after': String(secondsOf(left)) },
  });
