import { lookup } from 'node:dns/promises';
import { Injectable } from '@nestjs/common';
import { Agent, request } from 'undici';
import type { Config } from '#libs/service/config';
import { Runtime } from '#libs/service/runtime';
import { deliveryPolicy } from './policy.js';
import { guardedLookup, networks, type TargetPolicy, TargetRefused, targetFault } from './target.js';

export interface Answer {
  /** null: there was no answer. */
  status: number | null;
  latencyMs: number;
  excerpt: string | null;
  retryAfter: string | undefined;
}

const { connectMs, totalMs, replyBytes, excerptCharacters } = deliveryPolicy;

export const targetPolicyOf = ({ ENGINES, WEBHOOK_ALLOW }: Pick<Config<'notifications'>, 'ENGINES' | 'WEBHOOK_ALLOW'>): TargetPolicy => ({
  loopback: ENGINES === 'embedded',
  allow: networks(WEBHOOK_ALLOW),
});

/** Posts to endpoints that are not ours: nothing they do may lead elsewhere, take long or cost much. */
@Injectable()
export class Webhook {
  readonly target: TargetPolicy;
  private readonly agent: Agent;

  constructor(runtime: Runtime) {
    this.target = targetPolicyOf(runtime.config as Config<'notifications'>);
    // Without keep-alive: each attempt looks the name up and checks its address anew.
    this.agent = new Agent({ pipelining: 0, connect: { timeout: connectMs, lookup: guardedLookup(this.target, lookup) } });
    runtime.after.push(() => this.agent.destroy());
  }

  async post(url: string, headers: Record<string, string>, body: string): Promise<Answer> {
    const began = performance.now();
    const answer = await this.answer(url, headers, body).catch((error) => ({
      status: null,
      excerpt: reasonOf(error),
      retryAfter: undefined,
    }));
    return { ...answer, latencyMs: Math.round(performance.now() - began) };
  }

  private async answer(url: string, headers: Record<string, string>, body: string): Promise<Omit<Answer, 'latencyMs'>> {
    // An address in the URL itself is never looked up, so it is checked here.
    if (targetFault(url, this.target)) throw new TargetRefused();
    const signal = AbortSignal.timeout(totalMs);
    const {
      statusCode,
      headers: told,
      body: reply,
    } = await request(url, { method: 'POST', headers, body, signal, dispatcher: this.agent });
    const excerpt = await beginningOf(reply).catch(reasonOf);
    const retryAfter = [told['retry-after']].flat()[0];
    return { status: statusCode, excerpt: excerpt || null, retryAfter };
  }
}

/** At most as much as the policy reads; the rest is let go with the connection. */
async function beginningOf(reply: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of reply) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= replyBytes) break;
  }
  return excerptOf(Buffer.concat(chunks).subarray(0, replyBytes).toString('utf8'));
}

const excerptOf = (text: string) =>
  text
    .replaceAll(/[\p{Cc}\p{Cf}\ufffd]+/gu, ' ')
    .trim()
    .slice(0, excerptCharacters)
    .toWellFormed();

/** Nothing of our network shows in it. */
function reasonOf(error: unknown): string {
  if (error instanceof TargetRefused || (error as Error).cause instanceof TargetRefused) return new TargetRefused().message;
  const { name, code } = error as { name?: string; code?: string };
  if (name === 'TimeoutError') return `No answer within ${totalMs / 1000} s.`;
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return `No connection within ${connectMs / 1000} s.`;
  return `No answer: ${code ?? name ?? 'unknown reason'}.`;
}
