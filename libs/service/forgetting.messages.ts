import { setTimeout as pause } from 'node:timers/promises';
import { Controller, type Type } from '@nestjs/common';
import type { Service } from '#libs/contracts/actor';
import { forgetPerson } from '#libs/contracts/erasure';
import type { Outcome } from '#libs/contracts/message';
import { Handle, type Handled, type Message } from '#libs/messaging/handle';
import { commandsOf } from '#libs/messaging/topics';
import { type Forgotten, type Place, partsOf, verdictOf } from './forgetting.js';
import { Runtime } from './runtime.js';

const WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 50;
const RETAINED = 'seven days';

/** Each service forgets a person when it is asked: what it keeps of messages, then the places its app has named. */
export function forgettingOf(service: Service): Type {
  const Forget = forgetPerson[service];

  @Controller()
  class ForgettingMessages {
    constructor(private readonly runtime: Runtime) {}

    /**
     * Answered when all is forgotten. It counts as handled at once: two that waited for each other's place in the topic would wait
     * for ever. What a crash or a failure leaves undone is asked for again.
     */
    @Handle(Forget)
    async forget(message: Message<typeof Forget>): Promise<Handled> {
      message.arrived();
      this.carryOut(message).catch((error) =>
        this.runtime.log.warn({ command: message.id, error: String(error) }, 'Not all of a person is forgotten yet; it is asked for again'),
      );
      return null;
    }

    private async carryOut({ id, key, data, replyTo }: Message<typeof Forget>): Promise<void> {
      const { places, clock, replies } = this.runtime;
      const asked = { mailbox: null, ...data, at: clock.iso() };
      const parts = await partsOf(service, [this.keptMessages, ...places, this.commands], asked);
      const answered = { aggregate: Forget.aggregate.name, version: 0, changed: false, refusal: null };
      const outcome: Outcome = { id, key, status: 'DONE', view: { parts }, verdicts: parts.map(verdictOf), ...answered };
      if (replyTo) await replies.send(replyTo, outcome);
    }

    private get keptMessages(): Place {
      return {
        code: 'KEPT_MESSAGES',
        forget: async ({ person }: Forgotten) => {
          const count = await this.runtime.kept.forget(person);
          const message = 'Messages about the person that could not be handled.';
          return count > 0 ? { outcome: 'ERASED', count, message } : { outcome: 'NOTHING', count, message };
        },
      };
    }

    /**
     * What was asked about a person lies on the topic of commands, also what was refused or only tried: all that was decided is cut
     * off. It goes from every partition, since what was only tried has another key.
     */
    private get commands(): Place {
      return {
        code: 'COMMANDS',
        forget: async () => {
          const { kafka } = this.runtime;
          const topic = commandsOf(service);
          const ends = await kafka.endOffsets(topic);
          const goals = new Map([...ends].map(([number, { high }]) => [number, high]));
          const count = [...goals].reduce((sum, [number, goal]) => sum + Math.max(0, goal - (ends.get(number)?.low ?? 0)), 0);
          await this.decided(topic, goals);
          await kafka.truncate(topic, goals);
          const message = `All commands decided so far cannot be read any more; the broker drops their bytes within ${RETAINED}.`;
          return { outcome: 'ERASED', count, message };
        },
      };
    }

    /** Waits until none of them can come again; throws when that takes too long: then the erasure asks again. */
    private async decided(topic: string, goals: ReadonlyMap<number, number>): Promise<void> {
      const until = Date.now() + WITHIN_MS;
      for (;;) {
        const next = await this.runtime.kafka.groupOffsets(topic, topic);
        if ([...goals].every(([number, goal]) => goal === 0 || (next.get(number) ?? -1) >= goal)) return;
        if (Date.now() > until) throw new Error(`commands of ${topic} are not decided within ${WITHIN_MS} ms`);
        await pause(LOOK_EVERY_MS);
      }
    }
  }
  return ForgettingMessages;
}
