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
  const { contract, command, refuses } = aggregate(`${service}-kept-message`, {
    service,
    resource: 'parked',
    view: KeptMessageView,
    fields: ['service', 'kind', 'state', 'group', 'key'],
  });
  /** The service tells itself what it could not handle. */
  const Keep = command('keep.v1', z.object(message), KeptMessageView, 'UPSERT');
  const Replay = command('replay.v1', none, KeptMessageView);
  /** What came of a command that was sent again. */
  const NoteAnswer = command('note-answer.v1', StepDone, KeptMessageView);
  /** What came of a fact or state that was handled again. */
  const NoteReplayed = command('note-replayed.v1', z.object({ result: ReplayResult.omit({ at: true }) }), KeptMessageView);
  const Discard = command('discard.v1', Discarding, KeptMessageView);

  refuses([Keep], { 'KEPT_MESSAGE.KEEP.ACTOR': ['NOT_YOURS', 'What was kept is told by the service that keeps it.'] });
  refuses([NoteAnswer, NoteReplayed], { 'KEPT_MESSAGE.NOTE.ACTOR': ['NOT_YOURS', 'What came of a replay is told by the service.'] });
  refuses([Replay], {
    'KEPT_MESSAGE.REPLAY.ACTOR': ['NOT_YOURS', 'Messages are replayed by the platform administrator.'],
    'KEPT_MESSAGE.REPLAY.STATE': ['WRONG_STATE', 'It is being replayed, or is not kept any more.'],
    'KEPT_MESSAGE.REPLAY.ORDER': ['WRONG_STATE', 'What came before it of its key waits too, and is replayed first.'],
  });
  refuses([Discard], {
    'KEPT_MESSAGE.DISCARD.ACTOR': ['NOT_YOURS', 'Messages are discarded by the platform administrator.'],
    'KEPT_MESSAGE.DISCARD.STATE': ['WRONG_STATE', 'It is being replayed, or is not kept any more.'],
    'KEPT_MESSAGE.DISCARD.ORDER': ['WRONG_STATE', 'What came before it of its key waits too, and is looked at first.'],
  });
  return { contract, Keep, Replay, NoteAnswer, NoteReplayed, Discard };
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
