import { Controller } from '@nestjs/common';
import {
  ArchivePartnership,
  CompletePartnership,
  ExtendPartnership,
  PartnershipProfile,
  StartImplementation,
  StartPreparation,
  SustainPartnership,
  TerminatePartnership,
} from '#libs/contracts/partnership';
import { under } from '#libs/domain/decision';
import { inWork } from '#libs/domain/drafts';
import { slug } from '#libs/domain/text';
import { Handle, type Message } from '#libs/messaging/handle';
import { AgreementStore } from './agreement.store.js';
import { DocumentStore } from './document.store.js';
import { PartnershipStore } from './partnership.store.js';
import {
  archivePartnership,
  completePartnership,
  extendPartnership,
  partnershipProfile,
  startImplementation,
  startPreparation,
  sustainPartnership,
  terminatePartnership,
} from './partnership-moves.js';
import type { KeptDocuments } from './partnership-phases.js';
import { PastDecisions } from './past-decisions.js';
import { PoliciesInForce } from './policies.js';

const { commands } = PartnershipProfile;

/** Commands of its phases and of the review of its profile. */
@Controller()
export class PartnershipMovesMessages {
  constructor(
    private readonly partnerships: PartnershipStore,
    private readonly decided: PastDecisions,
    private readonly agreements: AgreementStore,
    private readonly documents: DocumentStore,
    private readonly policies: PoliciesInForce,
  ) {}

  @Handle(StartPreparation)
  async startPreparation(message: Message<typeof StartPreparation>) {
    const [policies, partners] = await Promise.all([this.policies.current(), this.decided.partnersOf(message.key)]);
    return this.partnerships.change(message, under(policies, startPreparation(partners)));
  }

  @Handle(StartImplementation)
  async startImplementation(message: Message<typeof StartImplementation>) {
    const [policies, papers] = await Promise.all([this.policies.current(), this.papers(message.key)]);
    return this.partnerships.change(message, under(policies, startImplementation(papers)));
  }

  @Handle(ExtendPartnership)
  extend(message: Message<typeof ExtendPartnership>) {
    return this.partnerships.change(message, extendPartnership);
  }

  @Handle(CompletePartnership)
  complete(message: Message<typeof CompletePartnership>) {
    return this.partnerships.change(message, completePartnership);
  }

  @Handle(SustainPartnership)
  async sustain(message: Message<typeof SustainPartnership>) {
    const [policies, papers] = await Promise.all([this.policies.current(), this.papers(message.key)]);
    return this.partnerships.change(message, under(policies, sustainPartnership(papers)));
  }

  @Handle(TerminatePartnership)
  terminate(message: Message<typeof TerminatePartnership>) {
    return this.partnerships.change(message, terminatePartnership);
  }

  @Handle(ArchivePartnership)
  async archiveIt(message: Message<typeof ArchivePartnership>) {
    return this.partnerships.change(message, under(await this.policies.current(), archivePartnership));
  }

  @Handle(commands.submitForReview)
  submit(message: Message<typeof commands.submitForReview>) {
    return this.partnerships.change(message, profile.submitForReview);
  }

  @Handle(commands.requestChanges)
  requestChanges(message: Message<typeof commands.requestChanges>) {
    return this.partnerships.change(message, profile.requestChanges);
  }

  @Handle(commands.publish)
  async publish(message: Message<typeof commands.publish>) {
    const found = await this.partnerships.get(message.key);
    const owner = found?.state.draft ? await this.partnerships.ownerOf(slug(inWork(found.state).acronym)) : null;
    return this.partnerships.change(message, partnershipProfile(owner).publish);
  }

  @Handle(commands.unpublish)
  unpublish(message: Message<typeof commands.unpublish>) {
    return this.partnerships.change(message, profile.unpublish);
  }

  @Handle(commands.republish)
  republish(message: Message<typeof commands.republish>) {
    return this.partnerships.change(message, profile.republish);
  }

  @Handle(commands.archive)
  archive(message: Message<typeof commands.archive>) {
    return this.partnerships.change(message, profile.archive);
  }

  /** What it keeps here, whether it is asked for or not: a rule in force says that. */
  private async papers(partnership: string): Promise<KeptDocuments> {
    const [agreement, approved] = await Promise.all([
      this.agreements.isInForce(partnership, 'PARTNERSHIP_AGREEMENT'),
      this.documents.approvedKinds(partnership),
    ]);
    return { agreement, approved };
  }
}

const profile = partnershipProfile();
