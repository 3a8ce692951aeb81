import { Controller } from '@nestjs/common';
import {
  ChangeOrganisation,
  type OrganisationPatch,
  PutOrganisation,
  RegisterOrganisation,
  RemoveOrganisation,
} from '#libs/contracts/organisation';
import { Handle, type Message } from '#libs/messaging/handle';
import { blank } from './organisation.js';
import { OrganisationStore } from './organisation.store.js';
import { changeOrganisation, putOrganisation, registerOrganisation, removeOrganisation } from './organisation-change.js';

@Controller()
export class OrganisationMessages {
  constructor(private readonly organisations: OrganisationStore) {}

  @Handle(RegisterOrganisation)
  async register(message: Message<typeof RegisterOrganisation>) {
    return this.organisations.change(message, registerOrganisation(await this.likely(message.data)));
  }

  @Handle(ChangeOrganisation)
  change(message: Message<typeof ChangeOrganisation>) {
    return this.organisations.change(message, changeOrganisation);
  }

  @Handle(PutOrganisation)
  async put(message: Message<typeof PutOrganisation>) {
    return this.organisations.change(message, putOrganisation(await this.likely(message.data)));
  }

  @Handle(RemoveOrganisation)
  remove(message: Message<typeof RemoveOrganisation>) {
    return this.organisations.change(message, removeOrganisation);
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
