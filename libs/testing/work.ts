import type { CommandContract, Outcome } from '#libs/contracts/message';
import type { Stamp } from '#libs/contracts/values';
import type { Handled, Message } from '#libs/messaging/handle';
import { type Decide, Work } from '#libs/persistence/decide';
import { fresh, type Recent, type Stored } from '#libs/persistence/document';
import * as counters from './counters.js';
import { Add, type Counter, counterContract, OpenCounter, Pour, Poured, Remind, Rename, Ring } from './counters.js';
import { message } from './messages.js';

/** For tests: counters, and what becomes of commands on them. */
export const NOW = '2026-03-01T09:00:00.000Z';
export const viewOf = (state: Counter, stamp: Stamp) => counterContract.view.parse({ ...state, ...stamp });

export const decides: Record<string, Decide<Counter, never>> = {
  [OpenCounter.type]: counters.open,
  [Add.type]: counters.add,
  [Rename.type]: counters.rename,
  [Remind.type]: counters.remind,
  [Ring.type]: counters.ring,
  [Pour.type]: counters.pour,
  [Poured.type]: counters.poured,
};

/** What became of some commands on one aggregate that were decided together. */
export function decided(doc: Stored<Counter>, messages: Message[], { handled = new Map<string, Recent>(), decide = decides } = {}) {
  const work = new Work<Counter>(counterContract, doc, 'exchanges', () => NOW, viewOf, handled);
  for (const one of messages) {
    const item = { message: one, decide: decide[one.type]!, resolve: () => undefined, reject: () => undefined };
    work.take(item);
  }
  work.seal();
  const answerOf = (one: Message): Handled | undefined => work.answers.find(({ item }) => item.message === one)?.handled;
  return { work, doc, answerOf, answers: work.answers.map(({ handled: answer }) => answer), failures: work.failures };
}

/** As it lies in the database after the write. */
export const stored = ({ doc, work }: ReturnType<typeof decided>): Stored<Counter> =>
  structuredClone({ ...doc, rev: doc.rev + 1, outbox: work.entries });

export const to = <C extends CommandContract>(contract: C, data: Parameters<typeof message<C>>[2], fields: Partial<Message<C>> = {}) =>
  message(contract, 'c', data, fields) as Message;

/** Opened long ago. */
export const opened = () => ({
  ...stored(decided(fresh('c'), [to(OpenCounter, { name: 'one' })])),
  lastOffset: -1,
  recent: [],
  outbox: [],
});
export const status = (handled: Handled | undefined) => (handled as Outcome | null)?.status;
