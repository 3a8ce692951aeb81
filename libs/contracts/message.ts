import { z } from 'zod';
import type { Service } from './actor.js';

/** Whether a command needs its aggregate to be there (undefined), brings it into being, or takes both. */
export type Creates = 'NEW' | 'UPSERT';

export interface CommandContract<D extends z.ZodType = z.ZodType, A extends z.ZodType = z.ZodType> {
  readonly kind: 'command';
  /** `agreement.sign.v1` */
  readonly type: string;
  readonly aggregate: AggregateContract;
  /** What it takes. */
  readonly data: D;
  /** The view it answers with. */
  readonly answer: A;
  readonly creates?: Creates;
}

export interface FactDraft<D = unknown> {
  type: string;
  data: D;
}

export interface FactContract<D extends z.ZodType = z.ZodType> {
  readonly kind: 'fact';
  /** `agreement.signed.v1` */
  readonly type: string;
  readonly aggregate: AggregateContract;
  /** The public view: no personal data, and nobody needs to ask back. */
  readonly data: D;
  /** The fact about this state; what the contract does not name stays behind. */
  of(state: unknown): FactDraft<z.infer<D>>;
}

export interface AggregateContract<V extends z.ZodType = z.ZodType> {
  readonly name: string;
  /** Path segment under /v1, also the name of its collection and read model. */
  readonly resource: string;
  readonly service: Service;
  /** Its records are kept and decided by another aggregate of its service: the field of the view that says by which. */
  readonly within?: string;
  /** What its service publishes and the gateway redacts by visibility. */
  readonly view: V;
  /** Fields of the view that lists filter by and read models index: path in the view. */
  readonly fields: readonly string[];
  /** The state machines that move it. */
  readonly machines: readonly Moved[];
  readonly personal: readonly string[];
  /** Fields that the product needs and no reader is shown: the history leaves them out, as it does the personal ones. */
  readonly withheld: readonly string[];
  readonly scarce: readonly string[];
  readonly commands: CommandContract[];
  readonly facts: FactContract[];
  readonly refusals: RefusalContract[];
}

/** A machine of state-machines.json, and where its state stands in the view. */
export interface Moved {
  readonly machine: string;
  readonly field: string;
  /** Part of the path before its commands: `…/{id}/profile/publish` is the command `profile-publish`. */
  readonly under?: string;
}

/** What a failure means to the caller, gravest first: it decides between 403, 404, 409, 412 and 422. */
export type RefusalKind = 'NOT_YOURS' | 'ABSENT' | 'WRONG_STATE' | 'OUTDATED' | 'RULE';

/** A rule that may refuse commands; its code never changes its meaning. */
export interface RefusalContract {
  readonly code: string;
  readonly kind: RefusalKind;
  readonly means: string;
  /** Types of the commands it may refuse; none: it is told of among the verdicts, and never refuses. */
  readonly commands: readonly string[];
}

/**
 * Declares an aggregate once: owner, view and, through the functions it hands back, its commands, facts and refusals.
 * The catalogue, the topics, OpenAPI and AsyncAPI are read from here.
 */
export function aggregate<V extends z.ZodType>(
  name: string,
  about: {
    service: Service;
    resource: string;
    within?: string;
    view: V;
    fields?: readonly string[];
    machines?: readonly Moved[];
    personal?: readonly string[];
    withheld?: readonly string[];
    scarce?: readonly string[];
  },
) {
  const contract: AggregateContract<V> = {
    fields: [],
    machines: [],
    personal: [],
    withheld: [],
    scarce: [],
    ...about,
    name,
    commands: [],
    facts: [],
    refusals: [],
  };
  const command = <D extends z.ZodType, A extends z.ZodType>(
    verb: `${string}.v${number}`,
    data: D,
    answer: A,
    creates?: Creates,
  ): CommandContract<D, A> => {
    const made: CommandContract<D, A> = { kind: 'command', type: `${name}.${verb}`, aggregate: contract, data, answer, creates };
    contract.commands.push(made);
    return made;
  };
  const fact = <D extends z.ZodType>(verb: `${string}.v${number}`, data: D): FactContract<D> => {
    const type = `${name}.${verb}`;
    const made: FactContract<D> = { kind: 'fact', type, aggregate: contract, data, of: (state) => ({ type, data: data.parse(state) }) };
    contract.facts.push(made);
    return made;
  };
  /** The rules that may refuse these commands, beside those of state and actor that every machine has: code to kind and meaning. */
  const refuses = (commands: readonly CommandContract[], rules: Record<string, readonly [RefusalKind, string]>): void => {
    const types = commands.map(({ type }) => type);
    for (const [code, [kind, means]] of Object.entries(rules)) contract.refusals.push({ code, kind, means, commands: types });
  };
  return { contract, command, fact, refuses };
}

/** Where the answer to a command goes: to the gateway instance that waits, or on as a command (a process that spans aggregates). */
export const ReplyTo = z.union([
  z.object({ instance: z.string() }),
  z.object({ service: z.string(), type: z.string(), key: z.string(), step: z.string() }),
]);
export type ReplyTo = z.infer<typeof ReplyTo>;

export const RefusalShape = z.object({
  kind: z.enum(['NOT_YOURS', 'ABSENT', 'WRONG_STATE', 'OUTDATED', 'RULE']),
  code: z.string(),
  message: z.string(),
  verdicts: z.array(z.unknown()),
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })),
});
export type RefusalShape = z.infer<typeof RefusalShape>;

/** What became of a command: done with the view, refused with verdicts, or failed as a bug (shelved). */
export const Outcome = z.object({
  id: z.string(),
  status: z.enum(['DONE', 'REFUSED', 'FAILED']),
  aggregate: z.string(),
  key: z.string(),
  version: z.number(),
  /** Whether this command changed the aggregate; created when it did and the version is 1. */
  changed: z.boolean(),
  view: z.unknown().nullable(),
  verdicts: z.array(z.unknown()),
  refusal: RefusalShape.nullable(),
});
export type Outcome = z.infer<typeof Outcome>;

/** Data of the command by which a process hears what became of one of its steps. */
export const StepDone = z.object({ step: z.string(), outcome: Outcome });
export type StepDone = z.infer<typeof StepDone>;

/** One record of a `<service>.state` topic: the newest view of an aggregate. */
export interface StateRecord {
  aggregate: string;
  id: string;
  version: number;
  view: unknown;
}

/** A fact on the wire: CloudEvents 1.0, structured. `sequence` orders the facts of one subject as text. */
export interface FactRecord<D = unknown> {
  specversion: '1.0';
  id: string;
  type: string;
  source: string;
  /** `/v1/partnerships/{id}` */
  subject: string;
  time: string;
  /** version and index: `0000000012.000` */
  sequence: string;
  datacontenttype: 'application/json';
  /** Where the shape of `data` is told; the oldest facts stand without it. */
  dataschema?: string;
  data: D;
}

/** Where the shape of a fact’s data is told. */
export const schemaOf = (type: string) => `/v1/event-types/${type}`;

/** Version and place among the facts of that version, as text that sorts: `0000000012.000`. */
export const sequenceOf = (version: number, index: number) => `${String(version).padStart(10, '0')}.${String(index).padStart(3, '0')}`;
/** The version in a sequence. */
export const versionOf = (sequence: string) => Number(sequence.slice(0, 10));
