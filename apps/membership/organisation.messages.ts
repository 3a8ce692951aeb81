import { Controller } from '@nestjs/common';
import {
  ChangeOrganisation,
  MergeOrganisation,
  NoteYielded,
  type OrganisationPatch,
  PutOrganisation,
  RecordOrganisation,
  RegisterOrganisation,
  RemoveOrganisation,
  YieldOrganisation,
} from '#libs/contracts/organisation';
import { under } from '#libs/domain/decision';
import { Handle, type Message } from '#libs/messaging/handle';
import { AgreementStore } from './agreement.store.js';
import { MembershipStore } from './membership.store.js';
import { blank, recordOrganisation } from './organisation.js';
import { OrganisationStore } from './organisation.store.js';
import { changeOrganisation, putOrganisation, registerOrganisation, removeOrganisation } from './organisation-change.js';
import { mergeOrganisation, noteYielded, yieldOrganisation } from './organisation-merge.js';
import { PersonStore } from './person.store.js';
import { PoliciesInForce } from './policies.js';

@Controller()
export class OrganisationMessages {
  constructor(
    private readonly organisations: OrganisationStore,
    private readonly persons: PersonStore,
    private readonly memberships: MembershipStore,
    private readonly agreements: AgreementStore,
    private readonly policies: PoliciesInForce,
  ) {}

  @Handle(RegisterOrganisation)
  async register(message: Message<typeof RegisterOrganisation>) {
    return this.organisations.change(message, under(await this.policies.current(), registerOrganisation(await this.likely(message.data))));
  }

  @Handle(ChangeOrganisation)
  async change(message: Message<typeof ChangeOrganisation>) {
    return this.organisations.change(message, under(await this.policies.current(), changeOrganisation));
  }

  @Handle(PutOrganisation)
  async put(message: Message<typeof PutOrganisation>) {
    return this.organisations.change(message, under(await this.policies.current(), putOrganisation(await this.likely(message.data))));
  }

  @Handle(RecordOrganisation)
  record(message: Message<typeof RecordOrganisation>) {
    return this.organisations.change(message, recordOrganisation);
  }

  @Handle(RemoveOrganisation)
  remove(message: Message<typeof RemoveOrganisation>) {
    return this.organisations.change(message, removeOrganisation);
  }

  @Handle(MergeOrganisation)
  async merge(message: Message<typeof MergeOrganisation>) {
    const other = await this.organisations.get(message.data.from);
    return this.organisations.change(message, mergeOrganisation(other?.state ?? null));
  }

  @Handle(YieldOrganisation)
  yield(message: Message<typeof YieldOrganisation>) {
    return this.organisations.change(message, yieldOrganisation);
  }

  @Handle(NoteYielded)
  async noteYielded(message: Message<typeof NoteYielded>) {
    const from = message.data.outcome.key;
    const [persons, memberships, agreements] = await Promise.all([
      this.persons.of(from),
      this.memberships.of(from),
      this.agreements.withParty(from),
    ]);
    return this.organisations.change(message, noteYielded({ persons, memberships, agreements }));
  }

  /** What a new one might be a second record of. */
  private likely({
    name = '',
    country = '',
    type = '',
    aliases = [],
    website = null,
    address = null,
    externalIds = [],
  }: OrganisationPatch) {
    return this.organisations.likely({ ...blank, name, country, type, aliases, website, address, externalIds });
  }
}
