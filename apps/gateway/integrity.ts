import { z } from 'zod';
import { type StoreTally, Tally } from '#libs/contracts/stores';

/** Nothing of an outbox should wait longer. */
const UNPUBLISHED_AT_MOST_SECONDS = 10;

export const Compared = z
  .object({
    aggregate: z.string(),
    service: z.string(),
    resource: z.string().nullable().describe('null: no gateway reads it'),
    store: Tally.nullable().describe('as the service has counted it; null: it did not answer'),
    states: Tally.describe('the last state of each key on its topic'),
    readModel: Tally.nullable(),
    outbox: z.object({ unpublished: z.int().min(0), oldestSeconds: z.number().min(0) }).nullable(),
    agrees: z.boolean(),
    reason: z.string().nullable().describe('why it does not agree'),
  })
  .meta({ id: 'Compared' });
export type Compared = z.infer<typeof Compared>;

export interface Found {
  aggregate: string;
  service: string;
  resource: string | null;
  store: StoreTally | null;
  states: Tally;
  readModel: Tally | null;
}

const alike = (a: Tally, b: Tally) => a.count === b.count && a.versions === b.versions && a.hash === b.hash;

/** Whether what the service has, what it has told, and what is read here are the same. */
export function compared({ store, states, readModel, ...about }: Found): Compared {
  const reason = reasonOf(store, states, readModel);
  const outbox = store && { unpublished: store.unpublished, oldestSeconds: store.oldestSeconds };
  return { ...about, store: store && Tally.parse(store), states, readModel, outbox, agrees: reason === null, reason };
}

function reasonOf(store: StoreTally | null, states: Tally, readModel: Tally | null): string | null {
  if (!store) return 'The service did not count.';
  if (!alike(store, states)) return 'The topic does not tell what the service has.';
  if (readModel && !alike(states, readModel)) return 'What is read here is not what the topic tells.';
  return store.unpublished > 0 && store.oldestSeconds > UNPUBLISHED_AT_MOST_SECONDS
    ? `What was written ${Math.round(store.oldestSeconds)} s ago is not yet told.`
    : null;
}
