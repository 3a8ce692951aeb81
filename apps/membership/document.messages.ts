import { Controller } from '@nestjs/common';
import {
  ApproveDocument,
  AttachToDocument,
  BeginDocument,
  ChangeDocument,
  ConsentToDocument,
  DetachFromDocument,
  FollowClusterInDocument,
  PutDocument,
  ReleaseDocument,
  RemoveDocument,
  RequestDocumentChanges,
  ReviseDocument,
  SubmitDocument,
} from '#libs/contracts/document';
import { under } from '#libs/domain/decision';
import { Handle, type Message } from '#libs/messaging/handle';
import { Attached } from './attached.js';
import { DocumentStore } from './document.store.js';
import { consentToDocument } from './document-consent.js';
import { attachToDocument, beginDocument, changeDocument, detachFromDocument, putDocument, removeDocument } from './document-draft.js';
import { followClusterInDocument } from './document-follow.js';
import * as moves from './document-moves.js';
import { MembershipStore } from './membership.store.js';
import { narrowerOf } from './narrower.js';
import { PartnershipStore } from './partnership.store.js';
import { PoliciesInForce } from './policies.js';

@Controller()
export class DocumentMessages {
  constructor(
    private readonly documents: DocumentStore,
    private readonly partnerships: PartnershipStore,
    private readonly memberships: MembershipStore,
    private readonly attached: Attached,
    private readonly policies: PoliciesInForce,
  ) {}

  @Handle(BeginDocument)
  async begin(message: Message<typeof BeginDocument>) {
    const { narrower, partners } = await this.known(message.data.partnership);
    return this.documents.change(message, under(await this.policies.current(), beginDocument(narrower, partners)));
  }

  @Handle(ChangeDocument)
  async change(message: Message<typeof ChangeDocument>) {
    const { narrower } = await this.knownOf(message.key);
    return this.documents.change(message, under(await this.policies.current(), changeDocument(narrower)));
  }

  @Handle(PutDocument)
  async put(message: Message<typeof PutDocument>) {
    const found = await this.documents.get(message.key);
    const { narrower, partners } = await this.known(found?.state.partnership ?? message.data.partnership);
    return this.documents.change(message, under(await this.policies.current(), putDocument(narrower, partners)));
  }

  @Handle(RemoveDocument)
  async remove(message: Message<typeof RemoveDocument>) {
    const { attachments = [] } = (await this.documents.get(message.key))?.state ?? {};
    return this.attached.leaving(message, { attachments }, () => this.documents.change(message, removeDocument));
  }

  @Handle(SubmitDocument)
  async submit(message: Message<typeof SubmitDocument>) {
    const submit = moves.submitDocument(await this.knownOf(message.key));
    return this.documents.change(message, under(await this.policies.current(), submit));
  }

  @Handle(RequestDocumentChanges)
  requestChanges(message: Message<typeof RequestDocumentChanges>) {
    return this.documents.change(message, moves.requestDocumentChanges);
  }

  @Handle(ApproveDocument)
  async approve(message: Message<typeof ApproveDocument>) {
    const approve = moves.approveDocument(await this.knownOf(message.key));
    return this.documents.change(message, under(await this.policies.current(), approve));
  }

  @Handle(ConsentToDocument)
  async consent(message: Message<typeof ConsentToDocument>) {
    return this.documents.change(message, consentToDocument(await this.knownOf(message.key)));
  }

  @Handle(ReviseDocument)
  revise(message: Message<typeof ReviseDocument>) {
    return this.documents.change(message, moves.reviseDocument);
  }

  @Handle(ReleaseDocument)
  release(message: Message<typeof ReleaseDocument>) {
    return this.documents.change(message, moves.releaseDocument);
  }

  @Handle(FollowClusterInDocument)
  followCluster(message: Message<typeof FollowClusterInDocument>) {
    return this.documents.change(message, followClusterInDocument);
  }

  @Handle(DetachFromDocument)
  detach(message: Message<typeof DetachFromDocument>) {
    return this.attached.letting(message, () => this.documents.change(message, detachFromDocument));
  }

  @Handle(AttachToDocument)
  attach(message: Message<typeof AttachToDocument>) {
    return this.attached.keeping(message, (there) => this.documents.change(message, attachToDocument(there)));
  }

  private async knownOf(id: string): Promise<moves.Known> {
    return this.known((await this.documents.get(id))?.state.partnership);
  }

  /** Of the partnership it belongs to, as it stands now. */
  private async known(partnership: string | null | undefined): Promise<moves.Known> {
    if (!partnership) return { narrower: narrowerOf(null), partners: [] };
    const [found, partners] = await Promise.all([this.partnerships.get(partnership), this.memberships.clustersOf(partnership)]);
    return { narrower: narrowerOf(found?.state ?? null), partners };
  }
}
