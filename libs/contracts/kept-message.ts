import { z } from 'zod';
import type { Service } from './actor.js';
import { aggregate, StepDone } from './message.js';
import { Instant, Sha256, UpdatedAt, Version } from './values.js';

const message = {
  service: z.string().describe('which service could not handle it'),
  kind: z
    .enum(['SHELVED', 'PARKED'])
    .describe('SHELVED: a command, its key went on; PARKED: a fact or state, all that follows of its key waits'),
  group: z.string().describe('the reader that failed'),
  key: z.string().describe('id of the aggregate it is about'),
  type: z.string().describe('of the command or fact; of a state, its aggregate'),
  topic: z.string(),
  partition: z.int().min(0),
  offset: z.int().min(0),
  reason: z.string(),
  bytes: z.int().min(0).describe('length of what is kept; it is not shown, since it may hold personal data'),
  sha256: Sha256,
  keptAt: Instant,
};

export const ReplayResult = z
  .object({
    status: z.enum(['DONE', 'REFUSED', 'FAILED']),
    code: z.string().nullable().describe('REFUSED: which rule'),
    message: z.string().nullable(),
    at: Instant,
  })
  .meta({ id: 'ReplayResult' });
export type ReplayResult = z.infer<typeof ReplayResult>;

/** A message that a service could not handle. What it holds stays with the service until it is replayed or discarded. */
export const KeptMessageView = z
  .object({
    id: z.string(),
    version: Version,
    updatedAt: UpdatedAt,
    ...message,
    state: z.enum(['KEPT', 'REPLAYING', 'REPLAYED', 'DISCARDED']),
    result: ReplayResult.nullable().describe('what came of the last replay; of a dry run, what would'),
    discardedBecause: z.string().nullable(),
  })
  .meta({ id: 'KeptMessage' });
export type KeptMessageView = z.infer<typeof KeptMessageView>;

const none = z.object({});
export const Discarding = z.strictObject({ reason: z.string().min(1).max(500) }).meta({ id: 'Discarding' });

/** Each service keeps its own; their names differ, so that a command finds its service. */
function keptBy(service: Service) {
  const { contract, command } = aggregate(`${service}-kept-message`, {
    service,
    resource: 'parked',
    view: KeptMessageView,
    fields: ['service', 'kind', 'state', 'group', 'key'],
  });
  return {
    contract,
    /** The service tells itself what it could not handle. */
    Keep: command('keep.v1', z.object(message), KeptMessageView, 'UPSERT'),
    Replay: command('replay.v1', none, KeptMessageView),
    /** What came of a command that was sent again. */
    NoteAnswer: command('note-answer.v1', StepDone, KeptMessageView),
    /** What came of a fact or state that was handled again. */
    NoteReplayed: command('note-replayed.v1', z.object({ result: ReplayResult.omit({ at: true }) }), KeptMessageView),
    Discard: command('discard.v1', Discarding, KeptMessageView),
  };
}

export type KeptContracts = ReturnType<typeof keptBy>;

export const keptMessages: Record<Service, KeptContracts> = {
  gateway: keptBy('gateway'),
  membership: keptBy('membership'),
  events: keptBy('events'),
  exchanges: keptBy('exchanges'),
  notifications: keptBy('notifications'),
  worker: keptBy('worker'),
};
