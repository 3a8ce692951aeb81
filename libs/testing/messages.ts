import type { z } from 'zod';
import type { CommandContract } from '#libs/contracts/message';
import { newId } from '#libs/domain/ids';
import type { Message } from '#libs/messaging/handle';
import { by } from './actors.js';

let offset = 0;

/** A command as a handler gets it: alone in its fetch, at the next place of partition 0, with somebody waiting for the answer. */
export function message<C extends CommandContract>(
  contract: C,
  key: string,
  data: z.input<C['data']>,
  fields: Partial<Message<C>> = {},
): Message<C> {
  offset += 1;
  const place = { offset, partition: 0, arrived: () => undefined, together: Promise.resolve() };
  const plain = { within: null, expected: null, dryRun: false, keyed: false, trace: null, due: null, replyTo: { instance: 'somebody' } };
  const read = contract.data.parse(data) as z.output<C['data']>;
  return { id: newId(), type: contract.type, key, by: by('PLATFORM_ADMIN'), contract, data: read, ...plain, ...place, ...fields };
}

/** Commands that came in one fetch: decided when the last has arrived. */
export function fetched<C extends CommandContract>(messages: Message<C>[]): Message<C>[] {
  let missing = messages.length;
  let complete: () => void = () => undefined;
  const together = new Promise<void>((resolve) => {
    complete = resolve;
  });
  const arrived = () => {
    missing -= 1;
    if (missing === 0) complete();
  };
  return messages.map((one) => ({ ...one, arrived, together }));
}
