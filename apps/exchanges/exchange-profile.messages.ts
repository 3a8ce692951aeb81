import { Controller } from '@nestjs/common';
import { RecordExchangeProfile } from '#libs/contracts/exchange-profile';
import { Handle, type Message } from '#libs/messaging/handle';
import { recordExchangeProfile } from './exchange-profile.js';
import { ExchangeProfileStore } from './exchange-profile.store.js';

@Controller()
export class ExchangeProfileMessages {
  constructor(private readonly profiles: ExchangeProfileStore) {}

  @Handle(RecordExchangeProfile)
  record(message: Message<typeof RecordExchangeProfile>) {
    return this.profiles.change(message, recordExchangeProfile);
  }
}
