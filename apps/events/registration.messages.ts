import { Controller } from '@nestjs/common';
import type { CommandContract } from '#libs/contracts/message';
import * as contract from '#libs/contracts/registration';
import { FollowEvent, ForgetRegistrant, SettleSeats } from '#libs/contracts/seat-ledger';
import type { Context, Decision } from '#libs/domain/decision';
import { Handle, type Handled, type Message } from '#libs/messaging/handle';
import { aggregatesHolding } from '#libs/service/forgetting';
import { PolicyCopies } from '#libs/service/policy-copies';
import { Runtime } from '#libs/service/runtime';
import { Together } from '#libs/service/together';
import { ApplicantCopies } from './applicants.js';
import { formOf } from './form.js';
import { type WholeEvent, whole } from './planned-event.js';
import { PlannedEventStore } from './planned-event.store.js';
import * as decisions from './registration.js';
import { nobody, type Setting, settingOf } from './registration-setting.js';
import { SeatLedgerStore } from './seat-ledger.store.js';
import type { LedgerState } from './seat-records.js';

type Decide<D> = (id: string, setting: Setting) => (state: LedgerState | null, data: D, context: Context) => Decision<LedgerState>;

/** Commands of registrations are decided on the seats of their event. */
@Controller()
export class RegistrationMessages {
  private readonly eventOf: Together<WholeEvent>;

  constructor(
    private readonly ledgers: SeatLedgerStore,
    private readonly events: PlannedEventStore,
    private readonly applicants: ApplicantCopies,
    private readonly policies: PolicyCopies,
    private readonly runtime: Runtime,
  ) {
    runtime.places.push(
      aggregatesHolding(runtime, {
        code: 'REGISTRATIONS',
        message: 'Registrations forget answers and account; a seat of its own is given up.',
        holding: async (person, account) => [...(await ledgers.holding(person, account)).keys()],
        command: ForgetRegistrant,
        data: ({ person, account }) => ({ person, account }),
      }),
    );
    this.eventOf = new Together((ids) => this.wholes(ids));
  }

  @Handle(contract.HoldSeats)
  hold(message: Message<typeof contract.HoldSeats>) {
    return this.begun(message, decisions.holdSeats);
  }

  @Handle(contract.Register)
  register(message: Message<typeof contract.Register>) {
    return this.begun(message, decisions.register);
  }

  @Handle(contract.CompleteRegistration)
  complete(message: Message<typeof contract.CompleteRegistration>) {
    return this.decided(message, decisions.completeRegistration);
  }

  @Handle(contract.ApproveRegistration)
  approve(message: Message<typeof contract.ApproveRegistration>) {
    return this.decided(message, decisions.approveRegistration);
  }

  @Handle(contract.WaitlistRegistration)
  waitlist(message: Message<typeof contract.WaitlistRegistration>) {
    return this.decided(message, decisions.waitlistRegistration);
  }

  @Handle(contract.AcceptOffer)
  acceptOffer(message: Message<typeof contract.AcceptOffer>) {
    return this.decided(message, decisions.acceptOffer);
  }

  @Handle(contract.RejectRegistration)
  reject(message: Message<typeof contract.RejectRegistration>) {
    return this.decided(message, decisions.rejectRegistration);
  }

  @Handle(contract.TransferSeat)
  transfer(message: Message<typeof contract.TransferSeat>) {
    return this.decided(message, decisions.transferSeat);
  }

  @Handle(contract.CancelRegistration)
  cancel(message: Message<typeof contract.CancelRegistration>) {
    return this.decided(message, decisions.cancelRegistration);
  }

  @Handle(contract.MarkAttended)
  markAttended(message: Message<typeof contract.MarkAttended>) {
    return this.decided(message, decisions.markAttended);
  }

  @Handle(contract.MarkNoShow)
  markNoShow(message: Message<typeof contract.MarkNoShow>) {
    return this.decided(message, decisions.markNoShow);
  }

  @Handle(FollowEvent)
  follow(message: Message<typeof FollowEvent>) {
    return this.followed(message);
  }

  @Handle(SettleSeats)
  settle(message: Message<typeof SettleSeats>) {
    return this.followed(message);
  }

  @Handle(ForgetRegistrant)
  async forget(message: Message<typeof ForgetRegistrant>): Promise<Handled> {
    const event = await this.eventOf.get(message.key);
    const { person, account } = message.data;
    const held = (await this.ledgers.holding(person, account, message.key)).get(message.key) ?? [];
    return this.ledgers.change(message, decisions.forgetRegistrant(await this.setting(message.key, event, nobody), held));
  }

  private async begun<C extends typeof contract.HoldSeats | typeof contract.Register>(
    message: Message<C>,
    decide: Decide<Message<C>['data']>,
  ): Promise<Handled> {
    const event = await this.eventOf.get(String(message.within));
    const { organisation, persons } = message.data;
    const applicants = await this.applicants.of(organisation, persons, event?.partnerships ?? []);
    return this.ledgers.change(message, decide(message.key, await this.setting(message.within, event, applicants)));
  }

  private async decided<C extends CommandContract>(message: Message<C>, decide: Decide<Message<C>['data']>): Promise<Handled> {
    const event = await this.eventOf.get(String(message.within));
    const standing = await this.ledgers.registration(message.key);
    const data = message.data as { to?: string };
    const persons = [...(standing?.persons ?? []), ...(data.to ? [data.to] : [])];
    const applicants = standing ? await this.applicants.of(standing.organisation, persons, event?.partnerships ?? []) : nobody;
    return this.ledgers.change(message, decide(message.key, await this.setting(message.within, event, applicants)));
  }

  private async followed(message: Message<typeof FollowEvent> | Message<typeof SettleSeats>): Promise<Handled> {
    const event = await this.eventOf.get(message.key);
    return this.ledgers.change(message, decisions.followEvent(await this.setting(message.key, event, nobody), event?.reason ?? null));
  }

  private async setting(id: string | null, event: WholeEvent | null, applicants: typeof nobody): Promise<Setting> {
    const form = event?.form ? formOf(`${id}/${event.form.version}`, event.form) : null;
    return settingOf(event, form, applicants, this.runtime.clock.iso(), await this.policies.standing(event?.partnerships ?? []));
  }

  private async wholes(ids: readonly string[]): Promise<Map<string, WholeEvent>> {
    const found = await this.events.all(ids);
    return new Map([...found].map(([id, state]) => [id, whole(state)]));
  }
}
