import { Controller } from '@nestjs/common';
import {
  ChangePerson,
  FollowOrganisation,
  ForgetOneself,
  GiveConsent,
  PutPerson,
  RecordPerson,
  RemovePerson,
  WithdrawConsent,
} from '#libs/contracts/person';
import { Handle, type Message } from '#libs/messaging/handle';
import { mailboxOf } from './person.js';
import { PersonStore } from './person.store.js';
import {
  changePerson,
  erasePerson,
  followOrganisation,
  giveConsent,
  putPerson,
  recordPerson,
  removePerson,
  withdrawConsent,
} from './person-change.js';

type Said = Message<typeof RecordPerson | typeof ChangePerson | typeof PutPerson>;

@Controller()
export class PersonMessages {
  constructor(private readonly persons: PersonStore) {}

  @Handle(RecordPerson)
  async record(message: Message<typeof RecordPerson>) {
    return this.persons.change(message, recordPerson(await this.mailboxOwner(message)));
  }

  @Handle(ChangePerson)
  async change(message: Message<typeof ChangePerson>) {
    return this.persons.change(message, changePerson(await this.mailboxOwner(message)));
  }

  @Handle(PutPerson)
  async put(message: Message<typeof PutPerson>) {
    return this.persons.change(message, putPerson(await this.mailboxOwner(message)));
  }

  @Handle(RemovePerson)
  remove(message: Message<typeof RemovePerson>) {
    return this.persons.change(message, removePerson);
  }

  @Handle(GiveConsent)
  give(message: Message<typeof GiveConsent>) {
    return this.persons.change(message, giveConsent);
  }

  @Handle(WithdrawConsent)
  withdraw(message: Message<typeof WithdrawConsent>) {
    return this.persons.change(message, withdrawConsent);
  }

  @Handle(ForgetOneself)
  erase(message: Message<typeof ForgetOneself>) {
    return this.persons.change(message, erasePerson);
  }

  @Handle(FollowOrganisation)
  follow(message: Message<typeof FollowOrganisation>) {
    return this.persons.change(message, followOrganisation);
  }

  /** Who has the address that is said, in the organisation it would belong to. */
  private async mailboxOwner({ key, data }: Said): Promise<string | null> {
    if (data.email === undefined) return null;
    const said = 'organisation' in data ? data.organisation : undefined;
    const organisation = said ?? (await this.persons.get(key))?.state.organisation;
    return organisation === undefined ? null : this.persons.ownerOf(mailboxOf(organisation, data.email));
  }
}
