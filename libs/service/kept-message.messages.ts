import { Controller, type Type } from '@nestjs/common';
import type { Service } from '#libs/contracts/actor';
import { keptMessages } from '#libs/contracts/kept-message';
import { Handle, type Message } from '#libs/messaging/handle';
import { KeptMessageStore } from '#libs/persistence/kept-message.store';
import { discard, keep, noteAnswer, noteReplayed, replay } from './kept-message.js';
import { Replayer } from './replayer.js';

/** The same in every service, by its own commands. */
export function keptMessagesOf(service: Service): Type {
  const { Keep, Replay, NoteAnswer, NoteReplayed, Discard } = keptMessages[service];

  @Controller()
  class KeptMessageMessages {
    constructor(
      private readonly store: KeptMessageStore,
      private readonly replayer: Replayer,
    ) {}

    @Handle(Keep)
    keep(message: Message<typeof Keep>) {
      return this.store.change(message, keep);
    }

    /** It is in the hand of this instance until it is carried out: after a crash it comes again, and goes on. */
    @Handle(Replay)
    async replay(message: Message<typeof Replay>) {
      const { key, id, dryRun } = message;
      const first = await this.replayer.before(key);
      const preview = dryRun ? await this.replayer.preview(key) : null;
      const handled = await this.store.change(message, replay(first, preview));
      if (!dryRun && (await this.store.get(key))?.state.asked === id) await this.replayer.carryOut(key, id);
      return handled;
    }

    @Handle(NoteAnswer)
    async noteAnswer(message: Message<typeof NoteAnswer>) {
      const handled = await this.store.change(message, noteAnswer);
      await this.replayer.forget(message.key);
      return handled;
    }

    @Handle(NoteReplayed)
    noteReplayed(message: Message<typeof NoteReplayed>) {
      return this.store.change(message, noteReplayed);
    }

    @Handle(Discard)
    async discard(message: Message<typeof Discard>) {
      const handled = await this.store.change(message, discard(await this.replayer.before(message.key)));
      if (!message.dryRun && handled?.status === 'DONE') await this.replayer.forget(message.key);
      return handled;
    }
  }
  return KeptMessageMessages;
}
