import { z } from 'zod';
import type { Service } from './actor.js';
import { aggregate, StepDone } from './message.js';
import { Code, Id, Instant, UpdatedAt, Version } from './values.js';

/** What became of one place where something of a person may lie. */
export const ErasurePart = z
  .object({
    service: z.string(),
    place: Code.describe('such as READ_MODEL, COMMANDS, IDEMPOTENCY'),
    outcome: z
      .enum(['ERASED', 'NOTHING', 'EXPIRES', 'KEPT'])
      .describe('EXPIRES: gone by itself by `until`; KEPT: on the ground that is named, without what tells who it was'),
    count: z.int().min(0).nullable().describe('records that were erased; null: not counted'),
    until: Instant.nullable(),
    ground: z.string().nullable().describe('KEPT: the legal ground'),
    message: z.string(),
  })
  .meta({ id: 'ErasurePart' });
export type ErasurePart = z.infer<typeof ErasurePart>;

/** The certificate that a person was erased; it holds ids only. */
export const ErasureView = z
  .object({
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    person: Id.describe('who it was; nothing is read there any more'),
    owner: z.string().describe('who asked for it'),
    state: z
      .enum(['RUNNING', 'ERASED', 'SETTLING', 'SETTLED'])
      .describe('ERASED: every service has answered; SETTLED: what was to expire on topics has expired'),
    askedAt: Instant,
    erasedAt: Instant.nullable(),
    settledAt: Instant.nullable(),
    waitingFor: z.array(z.string()).describe('services that have not answered yet'),
    parts: z.array(ErasurePart),
  })
  .meta({ id: 'Erasure' });
export type ErasureView = z.infer<typeof ErasureView>;

export const Erasure = aggregate('erasure', {
  service: 'membership',
  resource: 'erasures',
  view: ErasureView,
  fields: ['person', 'state'],
});

export const StartErasure = Erasure.command('start.v1', z.object({ person: Id }), ErasureView, 'NEW');

/** What became of it in one service; sent by the product itself. */
export const NoteErased = Erasure.command('note-erased.v1', StepDone, ErasureView);

/** By its timer: asks again who has not answered, and sees to it that topics forget. */
export const GoOnErasing = Erasure.command('go-on.v1', z.object({}), ErasureView);

Erasure.refuses([StartErasure], {
  'ERASURE.START.ACTOR': ['NOT_YOURS', 'A person is erased by itself, by who recorded it, or by the platform.'],
  'ERASURE.START.PERSON': ['ABSENT', 'There is no such person.'],
});

Erasure.refuses([NoteErased, GoOnErasing], {
  'ERASURE.STEP.ACTOR': ['NOT_YOURS', 'The steps of an erasure are those of the product itself.'],
});

Erasure.refuses([], {
  'ERASURE.PART': ['RULE', 'Never refuses: what a service has erased, and what it keeps on which ground.'],
});

const Forgotten = z.object({ parts: z.array(ErasurePart) });

/** Asks a service to forget its copies of a person; it answers with its parts, and does it again when it is asked again. */
const forgetOf = (service: Service) =>
  aggregate(`${service}-copies`, { service, resource: 'copies', view: Forgotten }).command(
    'forget.v1',
    z.object({
      person: Id,
      version: Version.describe('the last of the person'),
      account: z.string().nullable().default(null).describe('who it was when it signed in; null: it never did, as far as was known'),
      mailbox: z.string().optional().describe('hash of its address, for what is still to be sent there'),
    }),
    Forgotten,
  );

export const forgetPerson: Record<Service, ReturnType<typeof forgetOf>> = {
  gateway: forgetOf('gateway'),
  membership: forgetOf('membership'),
  events: forgetOf('events'),
  exchanges: forgetOf('exchanges'),
  notifications: forgetOf('notifications'),
  worker: forgetOf('worker'),
};
