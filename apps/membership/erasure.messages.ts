import { Controller } from '@nestjs/common';
import { GoOnErasing, NoteErased, StartErasure } from '#libs/contracts/erasure';
import { Handle, type Message } from '#libs/messaging/handle';
import { goOnErasing, noteErased, startErasure } from './erasure.js';
import { ErasureStore } from './erasure.store.js';
import { PersonStore } from './person.store.js';

@Controller()
export class ErasureMessages {
  constructor(
    private readonly erasures: ErasureStore,
    private readonly persons: PersonStore,
  ) {}

  @Handle(StartErasure)
  async start(message: Message<typeof StartErasure>) {
    const person = await this.persons.get(message.data.person);
    return this.erasures.change(message, startErasure(person?.state ?? null));
  }

  @Handle(NoteErased)
  note(message: Message<typeof NoteErased>) {
    return this.erasures.change(message, noteErased);
  }

  @Handle(GoOnErasing)
  goOn(message: Message<typeof GoOnErasing>) {
    return this.erasures.change(message, goOnErasing);
  }
}
