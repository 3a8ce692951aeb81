import type { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import type { CommandContract, Outcome, ReplyTo } from '#libs/contracts/message';
import { newId } from '#libs/domain/ids';
import { encode, type Signer } from './envelope.js';
import type { Kafka } from './kafka.js';
import { ReplyReader } from './replies.js';
import { commandsOf } from './topics.js';

const LATE_KEPT = 1000;

export interface Asking<C extends CommandContract> {
  key: string;
  within?: string | null;
  by: Actor;
  data: z.input<C['data']>;
  /** Message id; the same id is decided once. */
  id?: string;
  expected?: number | null;
  dryRun?: boolean;
  keyed?: boolean;
  trace?: string | null;
  due?: string | null;
  replyTo?: ReplyTo | null;
}

/** The patience of the asker is over; the command is accepted and will be decided. */
export class StillPending extends Error {
  constructor(readonly id: string) {
    super('The service has not answered yet; what was accepted is carried out when it returns');
  }
}

/** The broker did not take the command: nothing is accepted, nothing will happen. */
export class NotAccepted extends Error {}

/** Sends commands: `tell` and go on, or `ask` and wait for what became of it. */
export class Bus {
  private readonly waiting = new Map<string, Set<(outcome: Outcome) => void>>();
  private readonly late = new Map<string, Outcome>();
  private readonly replies: ReplyReader;

  constructor(
    private readonly kafka: Kafka,
    private readonly signer: Signer,
    readonly instance: string,
  ) {
    this.replies = new ReplyReader(kafka, instance, (outcome) => this.heard(outcome));
  }

  /** Needed before the first `ask`; who only tells need not listen. */
  listen(): Promise<void> {
    return this.replies.start();
  }

  ready(): boolean {
    return this.replies.ready();
  }

  stop(): Promise<void> {
    return this.replies.stop();
  }

  /** Resolves when the broker has the command; throws NotAccepted when it has not. */
  async tell<C extends CommandContract>(contract: C, asking: Asking<C>): Promise<string> {
    const id = asking.id ?? newId();
    const {
      key,
      within = null,
      by,
      data,
      expected = null,
      dryRun = false,
      keyed = false,
      trace = null,
      due = null,
      replyTo = null,
    } = asking;
    const message = encode({ id, type: contract.type, key, within, by, data, expected, dryRun, keyed, trace, due, replyTo }, this.signer);
    try {
      await this.kafka.send(commandsOf(contract.aggregate.service), [message]);
    } catch (error) {
      throw new NotAccepted(`${contract.type}: ${String(error)}`, { cause: error });
    }
    return id;
  }

  /** The outcome, or StillPending after `patienceMs`. */
  async ask<C extends CommandContract>(contract: C, asking: Asking<C>, patienceMs: number): Promise<Outcome> {
    const id = asking.id ?? newId();
    const answer = this.expect(id, patienceMs);
    answer.catch(() => undefined);
    await this.tell(contract, { ...asking, id, replyTo: { instance: this.instance } });
    return answer;
  }

  private expect(id: string, patienceMs: number): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const listeners = this.waiting.get(id) ?? new Set();
      this.waiting.set(id, listeners);
      const heard = (outcome: Outcome) => {
        clearTimeout(timer);
        resolve(outcome);
      };
      const timer = setTimeout(() => {
        listeners.delete(heard);
        if (listeners.size === 0) this.waiting.delete(id);
        reject(new StillPending(id));
      }, patienceMs);
      listeners.add(heard);
    });
  }

  private heard(outcome: Outcome): void {
    const listeners = this.waiting.get(outcome.id);
    this.waiting.delete(outcome.id);
    if (!listeners) return this.keepLate(outcome);
    for (const heard of listeners) heard(outcome);
  }

  /** An answer that came just as the patience ended is kept for who asks now. */
  takeLate(id: string): Outcome | null {
    const outcome = this.late.get(id) ?? null;
    this.late.delete(id);
    return outcome;
  }

  private keepLate(outcome: Outcome): void {
    this.late.set(outcome.id, outcome);
    for (const oldest of this.late.keys()) {
      if (this.late.size <= LATE_KEPT) return;
      this.late.delete(oldest);
    }
  }
}
