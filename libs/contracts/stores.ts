import { z } from 'zod';
import type { Service } from './actor.js';
import { aggregate } from './message.js';
import { Sha256 } from './values.js';

/** Figures by which copies of the same aggregates are compared: alike in all three, they are alike. */
export const Tally = z
  .object({
    count: z.int().min(0),
    versions: z.int().min(0).describe('sum of the versions'),
    hash: Sha256.describe('over `id:version` of each, in order of id, one a line'),
  })
  .meta({ id: 'Tally' });
export type Tally = z.infer<typeof Tally>;

export const StoreTally = Tally.extend({
  aggregate: z.string(),
  unpublished: z.int().min(0).describe('aggregates whose outbox is not empty'),
  oldestSeconds: z.number().min(0).describe('how long the oldest of them has been waiting'),
});
export type StoreTally = z.infer<typeof StoreTally>;

export const StoresCounted = z.object({ stores: z.array(StoreTally) });
export type StoresCounted = z.infer<typeof StoresCounted>;

/** Asks a service to count its own stores: nobody else looks into them, and nothing is changed. */
const countOf = (service: Service) =>
  aggregate(`${service}-stores`, { service, resource: 'stores', view: StoresCounted }).command('count.v1', z.object({}), StoresCounted);

export const countStores: Record<Service, ReturnType<typeof countOf>> = {
  gateway: countOf('gateway'),
  membership: countOf('membership'),
  events: countOf('events'),
  exchanges: countOf('exchanges'),
  notifications: countOf('notifications'),
  worker: countOf('worker'),
};
