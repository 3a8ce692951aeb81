import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { CommandContract, Outcome } from '#libs/contracts/message';
import { messageId, newId, partId } from '#libs/domain/ids';
import { Bus, NotAccepted, StillPending } from '#libs/messaging/bus';
import type { Config } from '#libs/service/config';
import { Runtime } from '#libs/service/runtime';
import { Answer } from './answer.js';
import type { Asked } from './asked.js';
import { Idempotency } from './idempotency.store.js';
import { Operations } from './operations.store.js';
import { Problem, refused } from './problem.js';
import { ReadModels } from './read-models.js';

/** How a finished command is answered: the view for this reader, and what else the route wants to say. */
export type Present = (outcome: Outcome) => Promise<Answer> | Answer;

/** Carries a write to its service and its outcome back: idempotency, preconditions, patience and dry runs, once for every route. */
@Injectable()
export class Commands {
  private readonly patienceMs: number;

  constructor(
    runtime: Runtime,
    private readonly bus: Bus,
    private readonly models: ReadModels,
    private readonly idempotency: Idempotency,
    private readonly operations: Operations,
  ) {
    this.patienceMs = (runtime.config as Config<'gateway'>).PATIENCE_SECONDS * 1000;
    runtime.before.push(() => bus.listen());
    runtime.health.add('replies', async () => {
      if (!bus.ready()) throw new Error('not listening for replies');
    });
  }

  /** A command to an aggregate that is there. */
  ask<C extends CommandContract>(contract: C, key: string, data: z.input<C['data']>, asked: Asked, present: Present): Promise<Answer> {
    if (asked.dryRun) return this.dryRun(contract, key, data, asked, present);
    return this.once(asked, (id) => this.send(id, contract, key, data, asked, present));
  }

  /** A command that creates: the id of the new aggregate stays the same when the request is repeated with its key, and so does what is made from it. */
  async create<C extends CommandContract>(
    contract: C,
    dataOf: (id: string) => z.input<C['data']> | Promise<z.input<C['data']>>,
    asked: Asked,
    present: Present,
  ): Promise<Answer> {
    if (asked.dryRun) {
      const id = newId();
      return this.dryRun(contract, id, await dataOf(id), asked, present);
    }
    return this.once(asked, (id, aggregate) => {
      const data = dataOf(aggregate);
      const send = (known: z.input<C['data']>) => this.send(id, contract, aggregate, known, asked, present);
      // At once where it can be: several writes asked for as one are handed over in their order.
      return data instanceof Promise ? data.then(send) : send(data);
    });
  }

  /** A write of the gateway's own, which no aggregate takes. */
  async here(asked: Asked, { write, preview }: { write(id: string): Promise<Answer>; preview(): Promise<unknown> }): Promise<Answer> {
    if (asked.dryRun) return new Answer(200, { dryRun: true, changed: true, verdicts: [], view: await preview() });
    return this.once(asked, (id) => write(id));
  }

  /**
   * Several writes asked for as one: answered together, and once. `part` asks for the write at a place (0, 1, …); its message and
   * what it creates have the same ids when the whole is repeated with its key. What is not `lasting` is not kept: a repetition
   * carries out what is missing.
   */
  together(
    asked: Asked,
    write: (part: (place: number) => Asked) => Promise<Answer>,
    lasting: (answer: Answer) => boolean,
  ): Promise<Answer> {
    const partsOf = (message: string, aggregate: string) => (place: number) => ({
      ...asked,
      trail: {},
      ids: { message: messageId(message, place), aggregate: partId(aggregate, place) },
    });
    return this.once(asked, (id, aggregate) => write(partsOf(id, aggregate)), lasting);
  }

  /** What was answered to this key already; null: nothing yet, or it bears none. */
  async answered(asked: Asked): Promise<Answer | null> {
    return asked.idempotencyKey === null ? null : this.idempotency.answered(messageOf(asked, asked.idempotencyKey), asked.body);
  }

  private once(
    asked: Asked,
    write: (id: string, aggregate: string) => Promise<Answer>,
    lasting?: (answer: Answer) => boolean,
  ): Promise<Answer> {
    if (asked.ids) return write(asked.ids.message, asked.ids.aggregate);
    if (asked.idempotencyKey === null || asked.dryRun) return write(newId(), newId());
    const id = messageOf(asked, asked.idempotencyKey);
    asked.trail.message = id;
    return this.idempotency.once(
      id,
      asked.body,
      (aggregate) => write(id, aggregate),
      lasting,
      () => subjectsOf(asked),
    );
  }

  private async send<C extends CommandContract>(
    id: string,
    contract: C,
    key: string,
    data: z.input<C['data']>,
    asked: Asked,
    present: Present,
  ): Promise<Answer> {
    const patience = asked.waitMs ?? this.patienceMs;
    Object.assign(asked.trail, { message: id, subject: key });
    const message = {
      key,
      within: asked.within ?? null,
      by: asked.by,
      data,
      id,
      expected: expected(asked),
      keyed: asked.idempotencyKey !== null,
      trace: asked.trace,
    };
    try {
      return await this.finish(await this.bus.ask(contract, message, patience), present);
    } catch (error) {
      if (error instanceof NotAccepted)
        throw new Problem('unavailable', {
          code: 'SERVICE.UNAVAILABLE',
          detail: 'The command could not be handed over; nothing was accepted.',
          headers: { 'retry-after': '2' },
        });
      if (!(error instanceof StillPending)) throw error;
      return this.operations.open(id, contract, message);
    }
  }

  /** Shows the new view on every gateway before it is answered. */
  private async finish(outcome: Outcome, present: Present): Promise<Answer> {
    await this.models.show(outcome);
    return this.present(outcome, present);
  }

  private async present(outcome: Outcome, present: Present): Promise<Answer> {
    if (outcome.status === 'DONE') return present(outcome);
    if (outcome.status === 'REFUSED' && outcome.refusal) throw refused(outcome.refusal, outcome.version);
    throw new Problem('failed', {
      code: 'COMMAND.FAILED',
      detail: 'The command failed on our side and was set aside with its reason; nothing of it was carried out.',
    });
  }

  private async dryRun<C extends CommandContract>(
    contract: C,
    key: string,
    data: z.input<C['data']>,
    asked: Asked,
    present: Present,
  ): Promise<Answer> {
    try {
      const outcome = await this.bus.ask(
        contract,
        { key, within: asked.within ?? null, by: asked.by, data, expected: expected(asked), dryRun: true, trace: asked.trace },
        asked.waitMs || this.patienceMs,
      );
      const answer = await this.present(outcome, present);
      return new Answer(200, { dryRun: true, changed: outcome.changed, verdicts: outcome.verdicts, view: answer.body });
    } catch (error) {
      if (!(error instanceof StillPending || error instanceof NotAccepted)) throw error;
      throw new Problem('unavailable', {
        code: 'SERVICE.UNAVAILABLE',
        detail: 'A dry run needs the service, which does not answer now.',
        headers: { 'retry-after': '5' },
      });
    }
  }
}

const messageOf = ({ by, method, path }: Asked, key: string) => messageId(by.id, method, path, key);

/** Which records an answer is about, as far as it is known when it is given. */
const subjectsOf = ({ trail: { subject, parts = [] } }: Asked) => [subject, ...parts.map((part) => part.subject)].flatMap((id) => id ?? []);

/** The version the record must have; 0: it must not be there. */
const expected = ({ ifMatch, ifNone }: Asked) => {
  if (ifNone) return 0;
  return typeof ifMatch === 'number' ? ifMatch : null;
};
