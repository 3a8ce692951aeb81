import { Controller } from '@nestjs/common';
import {
  AcceptDeliverable,
  ChangeDeliverable,
  PromiseDeliverable,
  PutDeliverable,
  RemoveDeliverable,
  ReturnDeliverable,
  SubmitDeliverable,
} from '#libs/contracts/deliverable';
import { Handle, type Message } from '#libs/messaging/handle';
import * as decide from './deliverable.js';
import { DeliverableStore } from './deliverable.store.js';
import { approvedOf } from './document.js';
import { DocumentStore } from './document.store.js';
import { MembershipStore } from './membership.store.js';
import { PartnershipStore } from './partnership.store.js';

@Controller()
export class DeliverableMessages {
  constructor(
    private readonly deliverables: DeliverableStore,
    private readonly documents: DocumentStore,
    private readonly partnerships: PartnershipStore,
    private readonly memberships: MembershipStore,
  ) {}

  @Handle(PromiseDeliverable)
  async promise(message: Message<typeof PromiseDeliverable>) {
    const { partnership, document } = message.data;
    return this.deliverables.change(message, decide.promiseDeliverable(await this.known(partnership, document)));
  }

  @Handle(ChangeDeliverable)
  async change(message: Message<typeof ChangeDeliverable>) {
    return this.deliverables.change(message, decide.changeDeliverable(await this.knownOf(message.key, message.data.document)));
  }

  @Handle(PutDeliverable)
  async put(message: Message<typeof PutDeliverable>) {
    const { partnership, document } = message.data;
    return this.deliverables.change(message, decide.putDeliverable(await this.knownOf(message.key, document, partnership)));
  }

  @Handle(RemoveDeliverable)
  remove(message: Message<typeof RemoveDeliverable>) {
    return this.deliverables.change(message, decide.removeDeliverable);
  }

  @Handle(SubmitDeliverable)
  async submit(message: Message<typeof SubmitDeliverable>) {
    return this.deliverables.change(message, decide.submitDeliverable(await this.knownOf(message.key, message.data.document)));
  }

  @Handle(AcceptDeliverable)
  accept(message: Message<typeof AcceptDeliverable>) {
    return this.deliverables.change(message, decide.acceptDeliverable);
  }

  @Handle(ReturnDeliverable)
  return(message: Message<typeof ReturnDeliverable>) {
    return this.deliverables.change(message, decide.returnDeliverable);
  }

  /** Of one that is there; `otherwise`: of the partnership that would have it. */
  private async knownOf(id: string, document: string | null | undefined, otherwise?: string): Promise<decide.Known> {
    const found = await this.deliverables.get(id);
    return this.known(found?.state.partnership ?? otherwise, document ?? found?.state.document);
  }

  private async known(partnership: string | undefined, document: string | null | undefined): Promise<decide.Known> {
    const [found, partners, named] = await Promise.all([
      partnership ? this.partnerships.get(partnership) : null,
      partnership ? this.memberships.clustersOf(partnership) : [],
      document ? this.documents.get(document) : null,
    ]);
    return {
      durationMonths: found?.state.durationMonths ?? null,
      partners,
      document: named && { partnership: named.state.partnership, approved: approvedOf(named.state) !== null },
    };
  }
}
