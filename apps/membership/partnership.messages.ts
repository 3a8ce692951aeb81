import { Controller } from '@nestjs/common';
import { CompleteImport, RecordPartnership } from '#libs/contracts/partnership';
import { Handle, type Message } from '#libs/messaging/handle';
import { completeImport, recordPartnership } from './partnership.js';
import { PartnershipStore } from './partnership.store.js';

@Controller()
export class PartnershipMessages {
  constructor(private readonly partnerships: PartnershipStore) {}

  @Handle(RecordPartnership)
  record(message: Message<typeof RecordPartnership>) {
    return this.partnerships.change(message, recordPartnership);
  }

  @Handle(CompleteImport)
  completeImport(message: Message<typeof CompleteImport>) {
    return this.partnerships.change(message, completeImport);
  }
}
