import { createHmac, timingSafeEqual } from 'node:crypto';
import { Actor } from '#libs/contracts/actor';
import { type CommandContract, ReplyTo } from '#libs/contracts/message';
import type { Incoming, Outgoing } from './kafka.js';

/** A command on its way; `by` is signed together with what it asks for, so it is good for nothing else. */
export interface Envelope<D = unknown> {
  id: string;
  type: string;
  /** The aggregate it is for. */
  key: string;
  /** The aggregate that keeps and decides it, where it has no document of its own: commands of all that are kept together stand in one order. */
  within: string | null;
  by: Actor;
  data: D;
  /** The version the client read (If-Match); null when it named none. */
  expected: number | null;
  dryRun: boolean;
  /** The client gave an Idempotency-Key: its outcome is remembered for a day. */
  keyed: boolean;
  replyTo: ReplyTo | null;
  trace: string | null;
  /** The timer that is due; set when a service sends itself a SYSTEM command. */
  due: string | null;
}

/** Signs who gave a command, with the secret all services share (BY_KEY), so that what comes over Kafka is believed for what it says. */
export class Signer {
  constructor(private readonly secret: string) {}

  sign(id: string, type: string, key: string, by: Actor): string {
    const body = Buffer.from(JSON.stringify(by)).toString('base64url');
    return `${body}.${this.mac(id, type, key, body)}`;
  }

  /** The actor, or null when it was not signed here for this very command. */
  verify(id: string, type: string, key: string, signed: string): Actor | null {
    const [body = '', mac = ''] = signed.split('.');
    const expected = Buffer.from(this.mac(id, type, key, body));
    const given = Buffer.from(mac);
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) return null;
    return Actor.parse(JSON.parse(Buffer.from(body, 'base64url').toString()));
  }

  private mac(id: string, type: string, key: string, body: string): string {
    return createHmac('sha256', this.secret)
      .update(JSON.stringify([id, type, key, body]))
      .digest('base64url');
  }
}

/** As a record of the command topic: `data` as JSON, all else in headers, the actor signed. */
export function encode(envelope: Envelope, signer: Signer): Outgoing {
  const { id, type, key, within, by, data, expected, dryRun, keyed, replyTo, trace, due } = envelope;
  const headers: Record<string, string> = { id, type, by: signer.sign(id, type, addressed(key, within), by) };
  if (within !== null) headers.record = key;
  if (expected !== null) headers.expected = String(expected);
  if (dryRun) headers.dry = '1';
  if (keyed) headers.keyed = '1';
  if (replyTo) headers.reply = JSON.stringify(replyTo);
  if (trace) headers.traceparent = trace;
  if (due) headers.due = due;
  return { key: within ?? key, value: JSON.stringify(data), headers };
}

/** What is signed: also by whom it is decided. */
const addressed = (key: string, within: string | null) => (within === null ? key : `${within}/${key}`);

/** Which aggregate a command is for, and which one decides it. */
export const addressOf = ({ key, headers: { record } }: Pick<Incoming, 'key' | 'headers'>): Pick<Envelope, 'key' | 'within'> =>
  record === undefined ? { key, within: null } : { key: record, within: key };

/** Not signed by us: it is set aside, and whoever asked is told that it failed. */
export class BadEnvelope extends Error {}

/**
 * The command in a record. Throws BadEnvelope when its actor is not signed for this very command, ZodError or SyntaxError when its
 * data have not the shape of the contract; each is set aside as poison.
 */
export function decode(message: Incoming, contract: CommandContract, signer: Signer): Envelope {
  const { id = '', type = '', by = '', expected, dry, keyed, reply, traceparent, due } = message.headers;
  const { key, within } = addressOf(message);
  const actor = signer.verify(id, type, addressed(key, within), by);
  if (!actor) throw new BadEnvelope('the actor is not signed by the gateway');
  const data = contract.data.parse(JSON.parse(message.value ?? 'null'));
  return {
    id,
    type,
    key,
    within,
    by: actor,
    data,
    expected: expected === undefined ? null : Number(expected),
    dryRun: dry === '1',
    keyed: keyed === '1',
    replyTo: replyTo(reply),
    trace: traceparent ?? null,
    due: due ?? null,
  };
}

/** Where an answer goes is read even from a command that is broken otherwise: who asks shall hear of it. */
export function replyTo(header: string | undefined): ReplyTo | null {
  try {
    return ReplyTo.parse(JSON.parse(header ?? 'null'));
  } catch {
    return null;
  }
}
