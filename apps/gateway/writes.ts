import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import type { AggregateContract, CommandContract, Outcome } from '#libs/contracts/message';
import { ExternalId } from '#libs/contracts/values';
import { externalName } from '#libs/domain/external-ids';
import { sourceId } from '#libs/domain/ids';
import type { Verdict } from '#libs/domain/verdict';
import { isAdmin } from '#libs/domain/visibility';
import { Runtime } from '#libs/service/runtime';
import { Answer } from './answer.js';
import { type Asked, ifMatch, withPrecondition } from './asked.js';
import { type BatchItem, type ItemAnswer, isCreated, isLasting, itemOf, refusedItem } from './batch.js';
import { Commands } from './commands.js';
import { languageOf } from './languages.js';
import { addressOf } from './nested.js';
import { problemOf } from './problem.filter.js';
import { absent, malformed, Problem } from './problem.js';
import { ReadModels } from './read-models.js';
import { Reads } from './reads.js';
import { type IdOf, withIds } from './references.js';
import { byAggregate, resources, type View } from './resources.js';
import { faults } from './shape.pipe.js';
import type { OneByOne, Writable } from './writables.js';

/** A write that has been looked at, and is carried out when called. */
type Ready = () => Promise<Answer>;

interface Found {
  id: string;
  /** It is not there yet: an item of the same batch makes it. */
  awaited?: true;
}

/** What was looked up for all writes of a request. */
interface Known {
  /** By outside id. */
  found: ReadonlyMap<string, Found>;
  idOf: IdOf;
}

/** The writes that every writable resource takes alike. */
@Injectable()
export class Writes {
  constructor(
    private readonly commands: Commands,
    private readonly reads: Reads,
    private readonly models: ReadModels,
    private readonly runtime: Runtime,
  ) {}

  async create(to: OneByOne, draft: object, asked: Asked): Promise<Answer> {
    return (await this.readyToCreate(to, draft, asked, this.namedBy(asked.by)))();
  }

  change(to: Pick<Writable, 'contract' | 'change' | 'patch'>, id: string, patch: object, asked: Asked): Promise<Answer> {
    return this.orAsBefore(asked, async () => (await this.readyToChange(to, id, patch, asked, this.namedBy(asked.by)))());
  }

  /** A command that moves a record on; `If-Match` may be said. */
  move(command: CommandContract, idOrSlug: string, said: object, asked: Asked, within?: string): Promise<Answer> {
    const { resource } = command.aggregate;
    return this.orAsBefore(asked, async () => {
      const id =
        within === undefined ? await this.seenBy(resource, idOrSlug, asked.by) : (await this.below(command, idOrSlug, within, asked)).id;
      const data = await withIds(command.data, said, this.namedBy(asked.by));
      const its = within === undefined ? asked : { ...asked, within };
      return this.commands.ask(command, id, data, its, (outcome) => this.reads.written(resource, outcome, asked.by));
    });
  }

  /** A record that is kept by another: where its path says, and nowhere else. */
  private async below({ aggregate }: CommandContract, id: string, within: string, { by }: Asked): Promise<View> {
    const view = await this.reads.view(aggregate.resource, id, by);
    if (view[String(aggregate.within)] !== within) throw absent(`${aggregate.name} ${id.slice(0, 80)}`);
    return view;
  }

  /** A command that brings a record into being: 201 with its address. */
  async begin(command: CommandContract, said: object, asked: Asked, within?: string): Promise<Answer> {
    const idOf = this.namedBy(asked.by);
    const [data] = await Promise.all([
      withIds(command.data, said, idOf),
      within === undefined
        ? null
        : idOf(byAggregate.get(String(command.aggregate.within))!.contract.resource, within, `{${command.aggregate.within}}`),
    ]);
    return this.commands.create(
      command,
      () => data,
      within === undefined ? asked : { ...asked, within },
      (outcome) => this.written(command.aggregate, outcome, asked.by),
    );
  }

  /** Removes what no other record names; told with what does, so that its service can say so. */
  remove(to: OneByOne, idOrSlug: string, asked: Asked): Promise<Answer> {
    const { resource } = to.contract;
    return this.orAsBefore(asked, async () => {
      const told = withPrecondition(asked);
      const id = await this.seenBy(resource, idOrSlug, asked.by);
      const dependents = await this.models.naming(resource, id);
      const present = ({ view }: Outcome) => new Answer(asked.dryRun ? 200 : 204, view);
      return this.commands.ask(to.remove, id, { dependents }, told, present);
    });
  }

  /** A write about a record that the caller may see. */
  onSeen(resource: string, idOrSlug: string, asked: Asked, write: (id: string) => Promise<Answer>): Promise<Answer> {
    return this.orAsBefore(asked, async () => write((await this.reads.view(resource, idOrSlug, asked.by)).id));
  }

  /** Two records become one, each as the caller may see it; answered when the old address leads on. */
  async merge(command: CommandContract, idOrSlug: string, into: string, asked: Asked): Promise<Answer> {
    const { resource } = command.aggregate;
    const from = await this.reads.view(resource, idOrSlug, asked.by);
    const stays = await this.namedBy(asked.by)(resource, into, '/into');
    return this.commands.ask(command, stays, { from: from.id }, asked, async (outcome) => {
      if (!asked.dryRun) await this.models.reach([{ resource, id: from.id, version: from.version + 1 }]);
      return this.reads.written(resource, outcome, asked.by);
    });
  }

  /** What has the outside id; 404 for what the reader may not see. */
  async byExternalId(to: Writable, externalId: ExternalId, by: Actor) {
    const { resource } = to.contract;
    const found = await this.models.byExternalIds(resource, [externalId]);
    const view = found.get(externalName(externalId));
    if (!view) throw absent(`${to.contract.name} ${externalName(externalId).slice(0, 80)}`);
    return this.reads.one(resource, view.id, by);
  }

  async put(to: Writable, externalId: ExternalId, said: object, asked: Asked): Promise<Answer> {
    const found = await this.models.byExternalIds(to.contract.resource, [externalId]);
    return (await this.readyToPut(to, externalId, said, asked, { found, idOf: this.namedBy(asked.by) }))();
  }

  /**
   * Each item is answered for itself. All are looked at first, then handed over in their order, so that what is said of one
   * record twice is carried out in that order.
   */
  async batch(to: Writable, items: readonly BatchItem[], asked: Asked): Promise<Answer> {
    if (asked.ifMatch !== null) throw malformed('HEADER.IF_MATCH', 'A batch is of many versions: each item has its own ifMatch.');
    const write = async (part: (place: number) => Asked): Promise<Answer> => {
      const externalIds = items.flatMap(({ externalId }) => externalId ?? []);
      const found = await this.models.byExternalIds(to.contract.resource, externalIds);
      const parts = items.map((_, place) => part(place));
      const known = { found: withNew(items, parts, found), idOf: this.namedBy(asked.by) };
      const looks = items.map((item, place) =>
        this.ready(to, item, parts[place]!, known).catch((error: unknown) => () => Promise.reject(error)),
      );
      const ready = await Promise.all(looks);
      const answers = await Promise.all(ready.map((carryOut) => carryOut().then(itemOf, (error) => this.refused(error, asked))));
      asked.trail.parts = answers.map(({ status, problem }, place) => ({ ...parts[place]!.trail, status, code: problem?.code ?? null }));
      return new Answer(207, { items: answers });
    };
    return this.commands.together(asked, write, ({ body }) => isLasting((body as { items: ItemAnswer[] }).items));
  }

  private async ready(to: Writable, item: BatchItem, asked: Asked, known: Known): Promise<Ready> {
    const { id, externalId } = item;
    const its = { ...asked, body: item.body, ifMatch: ifMatch(item.ifMatch) };
    if (id !== undefined && externalId !== undefined)
      throw malformed('BODY.SHAPE', 'An item names its record by id or by externalId, not by both.');
    if (id !== undefined) return this.readyToChange(to, id, shaped(to.patch, item.body), its, known.idOf);
    if (externalId !== undefined) return this.readyToPut(to, externalId, shaped(to.said, item.body), its, known);
    return this.readyToCreate(to, shaped(to.draft, item.body), its, known.idOf);
  }

  private async readyToCreate(to: OneByOne, draft: object, asked: Asked, idOf: IdOf): Promise<Ready> {
    const data = await withIds(to.draft, draft, idOf);
    const present = (outcome: Outcome) => this.written(to.contract, outcome, asked.by);
    return () => this.commands.create(to.create, () => data, asked, present);
  }

  private async readyToChange(
    to: Pick<Writable, 'contract' | 'change' | 'patch'>,
    idOrSlug: string,
    patch: object,
    asked: Asked,
    idOf: IdOf,
  ): Promise<Ready> {
    const { resource } = to.contract;
    const told = withPrecondition(asked);
    const id = await this.seenBy(resource, idOrSlug, asked.by);
    const data = await withIds(to.patch, patch, idOf);
    return () => this.commands.ask(to.change, id, data, told, (outcome) => this.reads.written(resource, outcome, asked.by));
  }

  /** The same answer to the same key, also when the record is not to be seen any more. */
  private async orAsBefore(asked: Asked, write: () => Promise<Answer>): Promise<Answer> {
    try {
      return await write();
    } catch (error) {
      const before = error instanceof Problem && error.kind === 'absent' ? await this.commands.answered(asked) : null;
      if (before) return before;
      throw error;
    }
  }

  /** The id of the record; 404 for who may not see it, as if it were not there. The platform sees all, and need not look. */
  private async seenBy(resource: string, idOrSlug: string, by: Actor): Promise<string> {
    const { filters, merges } = resources[resource]!;
    if (isAdmin(by) && !filters.slug && !merges) return idOrSlug;
    return (await this.reads.view(resource, idOrSlug, by)).id;
  }

  /** Looks up each name once, however many items of a batch say it; what is not there for the caller is told with its place. */
  private namedBy(by: Actor): IdOf {
    const known = new Map<string, Promise<{ id: string }>>();
    return async (resource, idOrSlug, pointer) => {
      const name = `${resource}/${idOrSlug}`;
      const found = known.get(name) ?? this.reads.view(resource, idOrSlug, by);
      known.set(name, found);
      try {
        return (await found).id;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        throw new Problem(error.kind, { ...error.details, errors: [{ pointer, message: error.message }] });
      }
    };
  }

  /** What is not there yet is made under an id that follows from its outside id: so two who put it at once put the same. */
  private async readyToPut(to: Writable, externalId: ExternalId, said: object, asked: Asked, { found, idOf }: Known): Promise<Ready> {
    const name = externalName(externalId);
    const there = found.get(name);
    if (there && !there.awaited) await this.seenBy(to.contract.resource, there.id, asked.by);
    if (!there && asked.ifMatch !== null)
      throw new Problem('outdated', {
        code: 'RESOURCE.OUTDATED',
        detail: 'There is nothing yet that If-Match could match.',
        extra: { currentVersion: 0 },
      });
    const key = there?.id ?? sourceId(`external:${to.contract.resource}:${name}`);
    const data = { ...(await withIds(to.said, said, idOf)), externalId };
    return () => this.commands.ask(to.put, key, data, asked, (outcome) => this.written(to.contract, outcome, asked.by));
  }

  /** 201 with its address for what this write has made. */
  private async written(contract: AggregateContract, outcome: Outcome, by: Actor): Promise<Answer> {
    const { resource } = contract;
    const { status, body, headers } = await this.reads.written(resource, outcome, by);
    if (!isCreated(outcome)) return new Answer(status, body, headers);
    const location = addressOf(contract, { ...(outcome.view as View), id: outcome.key });
    return new Answer(201, withDuplicates(body, outcome), { ...headers, location });
  }

  private refused(error: unknown, { languages, trace }: Asked): ItemAnswer {
    const problem = problemOf(error);
    if (problem.kind === 'failed') this.runtime.log.error({ error: (error as Error).stack ?? String(error) }, 'A write of a batch failed');
    return refusedItem(problem.body(trace.slice(3, 35), languageOf(languages)));
  }
}

/** With the records that look like the one that was made, where its service has looked for them. */
function withDuplicates(body: unknown, { verdicts }: Outcome): unknown {
  const told = (verdicts as Verdict[]).find(({ rule }) => rule === 'ORGANISATION.DUPLICATES.SUSPECTED');
  return told ? { ...(body as object), duplicates: told.inputs.suspected ?? [] } : body;
}

/** With what items of the batch make under an outside id, so that other items may name it by that. */
function withNew(items: readonly BatchItem[], parts: readonly Asked[], found: ReadonlyMap<string, Found>): Map<string, Found> {
  const made = items.flatMap(({ id, externalId, body }, place): [string, Found][] => {
    if (id !== undefined || externalId !== undefined) return [];
    const { data = [] } = z.array(ExternalId).safeParse(body.externalIds);
    return data.map((each) => [externalName(each), { id: parts[place]!.ids!.aggregate, awaited: true }]);
  });
  return new Map([...made.reverse(), ...found]);
}

function shaped(shape: z.ZodType, body: unknown): object {
  const { success, data, error } = shape.safeParse(body);
  if (success) return data as object;
  throw malformed(
    'BODY.SHAPE',
    'The body does not have the shape this write takes.',
    error.issues.flatMap((issue) => faults(issue)).slice(0, 200),
  );
}
