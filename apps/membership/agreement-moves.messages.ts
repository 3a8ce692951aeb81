import { Controller } from '@nestjs/common';
import {
  AbandonAgreement,
  AccedeToAgreement,
  AmendAgreement,
  BringAgreementIntoForce,
  ConsentToAgreement,
  DeclineAgreement,
  DraftAgreement,
  ExpireAgreement,
  FreezeAgreement,
  NegotiateAgreement,
  RecordPaperSignature,
  RenewAgreement,
  ReopenAgreement,
  SignAgreement,
  TerminateAgreement,
} from '#libs/contracts/agreement-moves';
import { under } from '#libs/domain/decision';
import { Handle, type Message } from '#libs/messaging/handle';
import { AgreementStore } from './agreement.store.js';
import { consentTo } from './agreement-consent.js';
import * as moves from './agreement-moves.js';
import { type Accounts, accedeToAgreement, declineAgreement, recordPaperSignature, signAgreement } from './agreement-sign.js';
import { type Narrower, narrowerOf } from './narrower.js';
import { PartnershipStore } from './partnership.store.js';
import { PersonStore } from './person.store.js';
import { PoliciesInForce } from './policies.js';

@Controller()
export class AgreementMoveMessages {
  constructor(
    private readonly agreements: AgreementStore,
    private readonly partnerships: PartnershipStore,
    private readonly persons: PersonStore,
    private readonly policies: PoliciesInForce,
  ) {}

  @Handle(DraftAgreement)
  draft(message: Message<typeof DraftAgreement>) {
    return this.agreements.change(message, moves.draftAgreement);
  }

  @Handle(NegotiateAgreement)
  negotiate(message: Message<typeof NegotiateAgreement>) {
    return this.agreements.change(message, moves.negotiateAgreement);
  }

  @Handle(ConsentToAgreement)
  consent(message: Message<typeof ConsentToAgreement>) {
    return this.agreements.change(message, consentTo);
  }

  @Handle(FreezeAgreement)
  async freeze(message: Message<typeof FreezeAgreement>) {
    const freeze = moves.freezeAgreement(await this.narrower(message.key));
    return this.agreements.change(message, under(await this.policies.current(), freeze));
  }

  @Handle(ReopenAgreement)
  reopen(message: Message<typeof ReopenAgreement>) {
    return this.agreements.change(message, moves.reopenAgreement);
  }

  @Handle(SignAgreement)
  async sign(message: Message<typeof SignAgreement>) {
    return this.agreements.change(message, signAgreement(await this.accounts(message.key)));
  }

  @Handle(RecordPaperSignature)
  recordPaperSignature(message: Message<typeof RecordPaperSignature>) {
    return this.agreements.change(message, recordPaperSignature);
  }

  @Handle(DeclineAgreement)
  decline(message: Message<typeof DeclineAgreement>) {
    return this.agreements.change(message, declineAgreement);
  }

  @Handle(BringAgreementIntoForce)
  bringIntoForce(message: Message<typeof BringAgreementIntoForce>) {
    return this.agreements.change(message, moves.bringIntoForce);
  }

  @Handle(ExpireAgreement)
  expire(message: Message<typeof ExpireAgreement>) {
    return this.agreements.change(message, moves.expireAgreement);
  }

  @Handle(AmendAgreement)
  amend(message: Message<typeof AmendAgreement>) {
    return this.agreements.change(message, moves.amendAgreement);
  }

  @Handle(RenewAgreement)
  async renew(message: Message<typeof RenewAgreement>) {
    const renew = moves.renewAgreement(await this.narrower(message.key));
    return this.agreements.change(message, under(await this.policies.current(), renew));
  }

  @Handle(AccedeToAgreement)
  async accede(message: Message<typeof AccedeToAgreement>) {
    const [accounts, narrower] = await Promise.all([this.accounts(message.key), this.narrower(message.key)]);
    return this.agreements.change(message, under(await this.policies.current(), accedeToAgreement(accounts, narrower)));
  }

  @Handle(TerminateAgreement)
  terminate(message: Message<typeof TerminateAgreement>) {
    return this.agreements.change(message, moves.terminateAgreement);
  }

  @Handle(AbandonAgreement)
  abandon(message: Message<typeof AbandonAgreement>) {
    return this.agreements.change(message, moves.abandonAgreement);
  }

  /** Who may say otherwise than the scheme. */
  private async narrower(id: string): Promise<Narrower> {
    const found = await this.agreements.get(id);
    return narrowerOf((found && (await this.partnerships.get(found.state.partnership)))?.state ?? null);
  }

  private async accounts(id: string): Promise<Accounts> {
    const found = await this.agreements.get(id);
    const persons = [...new Set((found?.state.signatories ?? []).flatMap(({ person }) => person ?? []))];
    const all = await Promise.all(
      persons.map(async (person) => [person, (await this.persons.get(person))?.state.account ?? null] as const),
    );
    return new Map(all);
  }
}
