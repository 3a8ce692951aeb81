import type { Attempt } from '#libs/contracts/subscription';
import type { DeliveryPolicy } from './policy.js';

export interface Outcome {
  state: 'DELIVERED' | 'FAILED' | 'DEAD';
  nextAt: string | null;
  /** Why the subscription is to be disabled; null: it goes on. */
  disable: string | null;
}

const GONE = 410;

export const delivered = ({ status }: Pick<Attempt, 'status'>): boolean => status !== null && status >= 200 && status < 300;

const iso = (ms: number) => new Date(ms).toISOString();

/** What follows from the attempts so far, the last one included. `fraction`, in [0, 1), spreads the next one. */
export function outcomeOf(policy: DeliveryPolicy, attempts: readonly Attempt[], retryAfter: string | null, fraction: number): Outcome {
  const last = attempts.at(-1)!;
  if (delivered(last)) return { state: 'DELIVERED', nextAt: null, disable: null };
  const wait = policy.waitSeconds[attempts.length];
  if (wait === undefined) return { state: 'DEAD', nextAt: null, disable: `No attempt of ${attempts.length} succeeded; ${ending(last)}.` };
  // An endpoint that is gone stops the whole subscription; its facts go out at once when it is enabled again.
  if (last.status === GONE) return { state: 'FAILED', nextAt: last.at, disable: 'The endpoint says that it is gone (410).' };
  const scheduled = Date.parse(last.at) + Math.round(wait * 1000 * (1 + policy.jitter * fraction));
  return { state: 'FAILED', nextAt: iso(Math.max(scheduled, retryAfter ? Date.parse(retryAfter) : 0)), disable: null };
}

const ending = ({ status }: Attempt) => (status === null ? 'the last had no answer' : `the last was answered ${status}`);

/** Retry-After as seconds or as a date, counted from `at`; null when there is none that makes sense. */
export function retryAfterOf(policy: DeliveryPolicy, header: string | undefined, at: string, machineNow: number): string | null {
  if (header === undefined) return null;
  const seconds = /^\s*\d+\s*$/.test(header) ? Number(header) : (Date.parse(header) - machineNow) / 1000;
  if (!(seconds > 0)) return null;
  return iso(Date.parse(at) + Math.min(seconds, policy.longestRetryAfterSeconds) * 1000);
}
