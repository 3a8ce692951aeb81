import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongoose';
import type { Actor } from '#libs/contracts/actor';
import { type CommandContract, type Outcome, Outcome as OutcomeShape } from '#libs/contracts/message';
import { isAway, onceBack, within } from '#libs/messaging/away';
import { Bus } from '#libs/messaging/bus';
import { Committer } from '#libs/messaging/committer';
import type { Incoming, Subscription } from '#libs/messaging/kafka';
import { REPLIES } from '#libs/messaging/topics';
import { House } from '#libs/persistence/house';
import { Runtime } from '#libs/service/runtime';
import { Answer } from './answer.js';
import { catalogue } from './catalogue.js';
import { ReadModels } from './read-models.js';

export interface Operation {
  _id: string;
  state: 'PENDING' | 'SUCCEEDED' | 'FAILED';
  type: string;
  owner: string;
  /** What was asked, to ask again should the answer be lost with a gateway. */
  message: { key: string; by: Actor; data: unknown; expected: number | null; keyed: boolean; trace: string | null };
  outcome: Outcome | null;
  at: Date;
  endedAt: Date | null;
  askedAt: Date;
}

export interface OperationsWanted {
  /** null: everybody's. */
  owner: string | null;
  states: string[] | null;
  after: { at: Date; id: string } | null;
  newestFirst: boolean;
  limit: number;
}

const KEPT_SECONDS = 7 * 86_400;
const ASK_AGAIN_MS = 30_000;
const SWEEP_MS = 5000;
const DRAIN_MS = 10_000;

/** Writes whose service is away: accepted, remembered, and completed by whichever gateway hears the answer. */
@Injectable()
export class Operations {
  private subscription: Subscription | null = null;
  private readonly committer: Committer;
  private timer: NodeJS.Timeout | null = null;
  private stopping = false;
  private readonly inHand = new Set<Promise<void>>();

  constructor(
    private readonly house: House,
    private readonly bus: Bus,
    private readonly models: ReadModels,
    private readonly runtime: Runtime,
  ) {
    this.committer = new Committer('gateway.operations', runtime.log);
    runtime.before.push(() => this.start());
    // Before Redis is let go: what is noted last is told.
    runtime.after.unshift(() => this.stop());
  }

  /** 202 with the place to look; the command itself is with the broker already. */
  async open(id: string, contract: CommandContract, asked: Omit<Operation['message'], never> & { id: string }): Promise<Answer> {
    const { key, by, data, expected, keyed, trace } = asked;
    const now = new Date();
    const operation: Operation = {
      _id: id,
      state: 'PENDING',
      type: contract.type,
      owner: by.id,
      message: { key, by, data, expected, keyed, trace },
      outcome: null,
      at: now,
      endedAt: null,
      askedAt: now,
    };
    const { _id, ...fields } = operation;
    await this.operations.updateOne({ _id: _id as never }, { $setOnInsert: fields as never }, { upsert: true });
    const late = this.bus.takeLate(id);
    if (late) await this.completeAll([late]);
    return new Answer(202, { id, state: 'PENDING', result: null, problem: null }, { location: `/v1/operations/${id}` });
  }

  /** All that was asked of a record, and what came of it: how many there were. */
  async forget(key: string): Promise<number> {
    return (await this.operations.deleteMany({ 'message.key': key } as never)).deletedCount;
  }

  async get(id: string): Promise<Operation | null> {
    return (await this.operations.findOne({ _id: id as never })) as unknown as Operation | null;
  }

  /** The newest first; `after` is where the page before ended. */
  async page({ owner, states, after, newestFirst, limit }: OperationsWanted): Promise<Operation[]> {
    const op = newestFirst ? '$lt' : '$gt';
    const behind = after ? { $or: [{ at: { [op]: after.at } }, { at: after.at, _id: { [op]: after.id } }] } : {};
    const filter = { ...(owner ? { owner } : {}), ...(states ? { state: { $in: states } } : {}), ...behind };
    const direction = newestFirst ? -1 : 1;
    const found = this.operations.find(filter as never).sort({ at: direction, _id: direction });
    return (await found.limit(limit).toArray()) as unknown as Operation[];
  }

  private async start(): Promise<void> {
    await this.operations.createIndex({ at: 1 }, { expireAfterSeconds: KEPT_SECONDS });
    await this.operations.createIndex({ state: 1, askedAt: 1 });
    await this.operations.createIndex({ owner: 1, at: 1 });
    this.subscription = await this.runtime.kafka.consume({
      group: 'gateway.operations',
      topics: [REPLIES],
      fromBeginning: true,
      paceMs: 200,
      onBatch: (messages) => {
        for (const message of messages) this.committer.began(message);
        const completing = this.complete(messages).finally(() => this.inHand.delete(completing));
        this.inHand.add(completing);
      },
      onAssigned: (partitions) => this.committer.assigned(partitions),
    });
    this.committer.start(this.subscription);
    this.timer = setInterval(
      () => void this.askAgain().catch((error) => this.runtime.log.warn({ error: String(error) }, 'Operations not looked after')),
      SWEEP_MS,
    );
  }

  private async stop(): Promise<void> {
    this.stopping = true;
    if (this.timer) clearInterval(this.timer);
    await within(DRAIN_MS, Promise.all(this.inHand));
    await this.committer.stop();
    await this.subscription?.stop();
  }

  /**
   * One group over all gateways hears every answer; those to nobody who still waits complete an operation. An answer is
   * behind us only when that is done: nobody asks again after a command without a key.
   */
  private async complete(messages: Incoming[]): Promise<void> {
    const answers = new Map(messages.flatMap((m) => (m.value !== null && m.headers.instance ? [[m.key, m.value] as const] : [])));
    await onceBack(this.runtime.log, () => this.note(answers)).catch((error) =>
      this.runtime.log.error({ error: (error as Error).stack }, 'Answers not noted'),
    );
    // At the end of the service what is not noted is left to who comes next.
    if (!this.stopping) for (const message of messages) this.committer.ended(message);
  }

  /** Nearly all of them are somebody's who waits: only those that are not are read. */
  private async note(answers: Map<string, string>): Promise<void> {
    if (this.stopping) return;
    const open = await this.pendingAmong([...answers.keys()]);
    await this.completeAll(open.flatMap((id) => this.outcomeIn(id, answers.get(id) as string)));
  }

  /** One that cannot be read is no answer, and keeps none of the others from being noted. */
  private outcomeIn(key: string, answer: string): Outcome[] {
    try {
      return [OutcomeShape.parse(JSON.parse(answer))];
    } catch (error) {
      this.runtime.log.error({ message: key, error: String(error) }, 'An answer cannot be read');
      return [];
    }
  }

  private async pendingAmong(ids: string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const open = await this.operations.find({ _id: { $in: ids as never[] }, state: 'PENDING' }, { projection: { _id: 1 } }).toArray();
    return open.map((operation) => String(operation._id));
  }

  private async completeAll(outcomes: Outcome[]): Promise<void> {
    for (const outcome of outcomes) {
      await this.show(outcome);
      const state = outcome.status === 'DONE' ? 'SUCCEEDED' : 'FAILED';
      await this.operations.updateOne(
        { _id: outcome.id as never, state: 'PENDING' },
        // Nobody asks again: what was asked, and whom it named, goes with that.
        { $set: { state, outcome, endedAt: this.runtime.clock.now(), 'message.data': null } as never },
      );
    }
  }

  /** A view that cannot be shown is no reason to keep who asked in the dark. */
  private async show(outcome: Outcome): Promise<void> {
    await this.models.show(outcome).catch((error) => {
      if (isAway(error)) throw error;
      this.runtime.log.error({ message: outcome.id, error: String(error) }, 'A view could not be shown');
    });
  }

  /** An answer may be lost with the gateway that heard it: a client-keyed command, asked again within the day, is answered and not carried out again. */
  private async askAgain(): Promise<void> {
    const before = new Date(Date.now() - ASK_AGAIN_MS);
    const open = (await this.operations
      .find({ state: 'PENDING', 'message.keyed': true as never, askedAt: { $lt: before } as never })
      .limit(100)
      .toArray()) as unknown as Operation[];
    for (const { _id, type, message } of open) {
      const contract = catalogue.commands.get(type);
      if (!contract) continue;
      await this.operations.updateOne({ _id: _id as never }, { $set: { askedAt: new Date() } });
      await this.bus.tell(contract, { ...message, data: message.data as never, id: _id, replyTo: { instance: this.bus.instance } });
    }
  }

  private get operations(): Collection<Operation> {
    return this.house.db.collection<Operation>('operations') as unknown as Collection<Operation>;
  }
}
