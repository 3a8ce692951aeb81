import type { z } from 'zod';
import type { FactRecord } from '#libs/contracts/message';
import {
  type DeliveryView,
  DisableSubscription,
  type NoteDeliveryAttempt,
  type QueueDelivery,
  type SuppressDelivery,
} from '#libs/contracts/subscription';
import type { Stamp } from '#libs/contracts/values';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { messageId } from '#libs/domain/ids';
import { judge, rule } from '#libs/domain/verdict';
import { type DeliveryPolicy, deliveryPolicy } from './policy.js';
import { outcomeOf } from './retry.js';

export interface Delivery extends Omit<DeliveryView, keyof Stamp> {
  /** What is sent, the same bytes each time. */
  body: string;
}

type Noted = z.output<(typeof NoteDeliveryAttempt)['data']>;

/** One fact for one subscription: once, however often the fact comes by. */
export const deliveryId = (subscription: string, fact: Pick<FactRecord, 'id'>): string => messageId('delivery', subscription, fact.id);

const ofTheProduct = rule('DELIVERY.ACTOR', (by: Context['by']) => by.kind === 'SYSTEM' || 'Deliveries are made by the product itself.', {
  kind: 'NOT_YOURS',
});

const waits = ({ state }: Delivery) => state === 'QUEUED' || state === 'FAILED';

export function queue(_: Delivery | null, data: z.output<(typeof QueueDelivery)['data']>, { at, by }: Context): Decision<Delivery> {
  const verdicts = judge([ofTheProduct], by);
  const next: Delivery = { ...data, state: 'QUEUED', reason: null, attempts: [], nextAt: at };
  return { next, facts: [], verdicts };
}

export const noteAttempt =
  (policy: DeliveryPolicy = deliveryPolicy) =>
  (delivery: Delivery | null, { attempt, retryAfter }: Noted, { by, message }: Context): Decision<Delivery> => {
    const verdicts = judge([ofTheProduct], by);
    const before = delivery!;
    if (!waits(before)) return unchanged(before, verdicts);
    const attempts = [...before.attempts, attempt];
    const { state, nextAt, disable } = outcomeOf(policy, attempts, retryAfter, fractionOf(message));
    const next: Delivery = { ...before, attempts, state, nextAt, reason: state === 'DEAD' ? disable : null };
    const sends = disable ? [{ command: DisableSubscription, key: before.subscription, data: { reason: disable }, step: 'disable' }] : [];
    return { next, facts: [], verdicts, sends };
  };

export function suppress(
  delivery: Delivery | null,
  { reason }: z.output<(typeof SuppressDelivery)['data']>,
  { by }: Context,
): Decision<Delivery> {
  const verdicts = judge([ofTheProduct], by);
  const before = delivery!;
  return waits(before)
    ? { next: { ...before, state: 'SUPPRESSED', reason, nextAt: null }, facts: [], verdicts }
    : unchanged(before, verdicts);
}

/** Chance that is the same each time the message is decided: ids are spread evenly. */
const fractionOf = (id: string): number => Number.parseInt(id.slice(0, 8), 16) / 2 ** 32;
