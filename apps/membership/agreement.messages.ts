import { Controller } from '@nestjs/common';
import {
  AttachToAgreement,
  ChangeAgreement,
  DetachFromAgreement,
  FollowInAgreement,
  ForgetSignatory,
  NameSignatories,
  ProspectAgreement,
  PutAgreement,
  RecordAgreement,
  RemoveAgreement,
} from '#libs/contracts/agreement';
import { Handle, type Message } from '#libs/messaging/handle';
import { aggregatesHolding } from '#libs/service/forgetting';
import { Runtime } from '#libs/service/runtime';
import { AgreementStore } from './agreement.store.js';
import { attachToAgreement, detachFromAgreement, forgetSignatory, nameSignatories } from './agreement-aside.js';
import { changeAgreement, prospectAgreement, putAgreement, recordAgreement, removeAgreement } from './agreement-draft.js';
import { followInAgreement } from './agreement-follow.js';
import { Attached } from './attached.js';

/** What an agreement is; what moves it stands beside. */
@Controller()
export class AgreementMessages {
  constructor(
    private readonly agreements: AgreementStore,
    private readonly attached: Attached,
    runtime: Runtime,
  ) {
    runtime.places.push(
      aggregatesHolding(runtime, {
        code: 'SIGNATORIES',
        message: 'Parties of agreements had named the person to sign for them; an id is left.',
        holding: (person) => agreements.naming(person),
        command: ForgetSignatory,
      }),
    );
  }

  @Handle(ForgetSignatory)
  forgetSignatory(message: Message<typeof ForgetSignatory>) {
    return this.agreements.change(message, forgetSignatory);
  }

  @Handle(FollowInAgreement)
  follow(message: Message<typeof FollowInAgreement>) {
    return this.agreements.change(message, followInAgreement);
  }

  @Handle(ProspectAgreement)
  prospect(message: Message<typeof ProspectAgreement>) {
    return this.agreements.change(message, prospectAgreement());
  }

  @Handle(ChangeAgreement)
  change(message: Message<typeof ChangeAgreement>) {
    return this.agreements.change(message, changeAgreement());
  }

  @Handle(PutAgreement)
  put(message: Message<typeof PutAgreement>) {
    return this.agreements.change(message, putAgreement);
  }

  @Handle(RecordAgreement)
  record(message: Message<typeof RecordAgreement>) {
    return this.agreements.change(message, recordAgreement);
  }

  @Handle(RemoveAgreement)
  async remove(message: Message<typeof RemoveAgreement>) {
    const { attachments = [] } = (await this.agreements.get(message.key))?.state ?? {};
    return this.attached.leaving(message, { attachments }, () => this.agreements.change(message, removeAgreement));
  }

  @Handle(NameSignatories)
  nameSignatories(message: Message<typeof NameSignatories>) {
    return this.agreements.change(message, nameSignatories);
  }

  @Handle(DetachFromAgreement)
  detach(message: Message<typeof DetachFromAgreement>) {
    return this.attached.letting(message, () => this.agreements.change(message, detachFromAgreement));
  }

  @Handle(AttachToAgreement)
  attach(message: Message<typeof AttachToAgreement>) {
    return this.attached.keeping(message, (there) => this.agreements.change(message, attachToAgreement(there)));
  }
}
