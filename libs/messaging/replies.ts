import { type Actor, type Service, system } from '#libs/contracts/actor';
import { type Outcome, Outcome as OutcomeShape, type ReplyTo, type StepDone } from '#libs/contracts/message';
import { messageId } from '#libs/domain/ids';
import type { Clock } from '#libs/service/clock';
import { encode, type Signer } from './envelope.js';
import type { Kafka, Subscription } from './kafka.js';
import { commandsOf, REPLIES } from './topics.js';

/** Sends answers: to the gateway instance that waits, or on as a command to the aggregate that asked. */
export class Replies {
  constructor(
    private readonly service: Service,
    private readonly kafka: Kafka,
    private readonly signer: Signer,
    private readonly clock: Clock,
  ) {}

  async send(to: ReplyTo, outcome: Outcome): Promise<void> {
    if ('instance' in to) {
      await this.kafka.send(REPLIES, [{ key: outcome.id, value: JSON.stringify(outcome), headers: { instance: to.instance } }]);
      return;
    }
    const by: Actor = system(this.service, this.clock.iso());
    const { view, ...rest } = outcome;
    const data = { step: to.step, outcome: { ...rest, view: brief(view) } } satisfies StepDone;
    const id = messageId('answer', outcome.id, to.key, to.step);
    const envelope = {
      id,
      type: to.type,
      key: to.key,
      within: null,
      by,
      data,
      expected: null,
      dryRun: false,
      // A step that is delivered again answers again, maybe long after its answer was taken.
      keyed: true,
      replyTo: null,
      trace: null,
      due: null,
    };
    await this.kafka.send(commandsOf(to.service), [encode(envelope, this.signer)]);
  }
}

/** A process needs to know that its step is done and at which version, not the whole view. */
const brief = (view: unknown) => (view && typeof view === 'object' && 'id' in view ? { id: view.id } : null);

export type OnReply = (outcome: Outcome, instance: string) => void;

/** Reads the reply topic to its end and on, in a group of this instance alone. */
export class ReplyReader {
  private subscription: Subscription | null = null;
  private heard = false;

  constructor(
    private readonly kafka: Kafka,
    private readonly instance: string,
    private readonly onReply: OnReply,
  ) {}

  /** Resolves when a message sent to itself has come back: from then on no reply is missed. */
  async start(): Promise<void> {
    this.subscription = await this.kafka.consume({
      group: `replies.${this.instance}`,
      topics: [REPLIES],
      fromBeginning: false,
      onBatch: (messages) => {
        for (const { headers, value } of messages) {
          if (headers.ping === this.instance) this.heard = true;
          else if (value && headers.instance === this.instance) this.take(value);
        }
      },
    });
    await this.hearOneself();
  }

  ready(): boolean {
    return this.heard && this.subscription?.assigned() === true;
  }

  async stop(): Promise<void> {
    await this.subscription?.stop();
  }

  /** What cannot be read is no answer: it must not deafen who reads on. */
  private take(value: string): void {
    const outcome = OutcomeShape.safeParse(parsed(value));
    if (outcome.success) this.onReply(outcome.data, this.instance);
  }

  private async hearOneself(): Promise<void> {
    while (!this.heard) {
      const partitions = await this.kafka.endOffsets(REPLIES);
      for (const key of pingKeys(partitions.size)) await this.kafka.send(REPLIES, [{ key, value: null, headers: { ping: this.instance } }]);
      for (let i = 0; i < 20 && !this.heard; i += 1) await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

/** Enough different keys that every partition is likely met. */
const pingKeys = (partitions: number) => Array.from({ length: partitions * 3 }, (_, i) => `ping-${i}`);

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
