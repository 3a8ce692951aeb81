import { Module } from '@nestjs/common';
import { ExchangeProfileMessages } from './exchange-profile.messages.js';
import { ExchangeProfileStore } from './exchange-profile.store.js';

@Module({ controllers: [ExchangeProfileMessages], providers: [ExchangeProfileStore] })
export class ExchangesModule {}
