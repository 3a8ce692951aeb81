import { Controller } from '@nestjs/common';
import { RecordMembership } from '#libs/contracts/membership';
import { Handle, type Message } from '#libs/messaging/handle';
import { recordMembership } from './membership.js';
import { MembershipStore } from './membership.store.js';

@Controller()
export class MembershipMessages {
  constructor(private readonly memberships: MembershipStore) {}

  @Handle(RecordMembership)
  record(message: Message<typeof RecordMembership>) {
    return this.memberships.change(message, recordMembership);
  }
}
