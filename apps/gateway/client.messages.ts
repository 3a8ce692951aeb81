import { Controller } from '@nestjs/common';
import { ChangeClient, DisableClient, EnableClient, RegisterClient, RotateClientSecret } from '#libs/contracts/client';
import { Handle, type Message } from '#libs/messaging/handle';
import { change, disable, enable, register, rotateSecret } from './client.js';
import { ClientStore } from './client.store.js';

@Controller()
export class ClientMessages {
  constructor(private readonly clients: ClientStore) {}

  @Handle(RegisterClient)
  register(message: Message<typeof RegisterClient>) {
    return this.clients.change(message, register);
  }

  @Handle(ChangeClient)
  change(message: Message<typeof ChangeClient>) {
    return this.clients.change(message, change);
  }

  @Handle(RotateClientSecret)
  rotateSecret(message: Message<typeof RotateClientSecret>) {
    return this.clients.change(message, rotateSecret);
  }

  @Handle(DisableClient)
  disable(message: Message<typeof DisableClient>) {
    return this.clients.change(message, disable);
  }

  @Handle(EnableClient)
  enable(message: Message<typeof EnableClient>) {
    return this.clients.change(message, enable);
  }
}
