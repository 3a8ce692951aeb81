import { type CommandContract, type FactRecord, schemaOf, sequenceOf } from '#libs/contracts/message';
import type { Send } from '#libs/domain/decision';
import { messageId } from '#libs/domain/ids';
import type { Message } from '#libs/messaging/handle';
import type { OutboxEntry } from './document.js';

type WithoutSeq<E> = E extends unknown ? Omit<E, 'seq'> : never;

/** What goes into an outbox, before it has its place there. */
export type NewEntry = WithoutSeq<OutboxEntry>;

export interface Told {
  type: string;
  data: unknown;
  service: string;
  resource: string;
  /** The aggregate, at which version, and which of its facts this is. */
  id: string;
  version: number;
  index: number;
  time: string;
}

export const factRecord = ({ type, data, service, resource, id, version, index, time }: Told): FactRecord => ({
  specversion: '1.0',
  id: messageId(id, String(version), String(index)),
  type,
  source: `/${service}`,
  subject: `/v1/${resource}/${id}`,
  time,
  sequence: sequenceOf(version, index),
  datacontenttype: 'application/json',
  dataschema: schemaOf(type),
  data,
});

/** A command to another aggregate; its id follows from the message and the step, so it is taken once. */
export function sendEntry(service: string, from: string, message: Message, send: Send): NewEntry {
  const answer: CommandContract | undefined = send.answer;
  return {
    kind: 'send',
    service: send.command.aggregate.service,
    type: send.command.type,
    id: messageId('send', message.id, send.step),
    key: send.key,
    data: send.data,
    at: message.by.at,
    dryRun: send.dryRun ?? false,
    replyTo: answer ? { service, type: answer.type, key: from, step: send.step } : null,
  };
}

/** A point in time from ISO 8601; throws when it is none, since a timer or version without a time is a bug. */
export function instant(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new Error(`${text} is no instant`);
  return date;
}
