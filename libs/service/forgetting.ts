import { setTimeout as pause } from 'node:timers/promises';
import { type Service, system } from '#libs/contracts/actor';
import type { ErasurePart } from '#libs/contracts/erasure';
import type { CommandContract } from '#libs/contracts/message';
import type { Verdict } from '#libs/domain/verdict';
import type { Runtime } from './runtime.js';

/** A person whose copies are to go. */
export interface Forgotten {
  person: string;
  /** The last one: copies that are told of it by version take no older one again. */
  version: number;
  /** Who it was when it signed in; null: that was never known. */
  account: string | null;
  /** Hash of its address, while an erasure is under way; null: not known. */
  mailbox: string | null;
  /** ISO 8601 UTC */
  at: string;
}

/**
 * A place where a service keeps something of persons beside its own aggregates. An app adds its places to `runtime.places`; it is
 * asked at every erasure, and may be asked twice about the same person.
 */
export interface Place {
  readonly code: string;
  forget(asked: Forgotten): Promise<Pick<ErasurePart, 'outcome' | 'message'> & Partial<ErasurePart>>;
}

interface Holding {
  code: string;
  message: string;
  /** Ids of the aggregates that hold something of the person still, beside its id. */
  holding(person: string, account: string | null, mailbox: string | null): Promise<string[]>;
  /** Each of them is told to forget by it; given twice it changes nothing. */
  command: CommandContract;
  /** What it is told with; `{ person }` unless said. */
  data?(asked: Forgotten): object;
}

const WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 25;

/** Aggregates of the service that hold something of persons, such as answers they gave: a place for `runtime.places`. */
export const aggregatesHolding = ({ bus, service }: Pick<Runtime, 'bus' | 'service'>, held: Holding): Place => ({
  code: held.code,
  forget: async (asked) => {
    const { person, account, mailbox, at } = asked;
    const ids = await held.holding(person, account, mailbox);
    const data = held.data?.(asked) ?? { person };
    for (const key of ids) await bus.tell(held.command, { key, by: system(service, at), data: data as never });
    const until = Date.now() + WITHIN_MS;
    while ((await held.holding(person, account, mailbox)).length > 0) {
      if (Date.now() > until) throw new Error(`${held.code} of a person are not forgotten within ${WITHIN_MS} ms`);
      await pause(LOOK_EVERY_MS);
    }
    return { outcome: ids.length > 0 ? 'ERASED' : 'NOTHING', count: ids.length, message: held.message };
  },
});

/** As verdicts they travel with the answer of a step, which tells of no view. */
const RULE = 'ERASURE.PART';

export async function partsOf(service: Service, places: readonly Place[], asked: Forgotten): Promise<ErasurePart[]> {
  const parts: ErasurePart[] = [];
  for (const { code, forget } of places)
    parts.push({ service, place: code, count: null, until: null, ground: null, ...(await forget(asked)) });
  return parts;
}

export const verdictOf = (part: ErasurePart): Verdict => ({
  rule: RULE,
  version: 1,
  outcome: part.outcome === 'ERASED' ? 'PASSED' : 'NOT_APPLICABLE',
  message: part.message,
  inputs: { ...part },
  source: part.ground,
});
