import { Controller } from '@nestjs/common';
import {
  BeginPolicy,
  ChangePolicy,
  ComparePolicy,
  DraftPolicy,
  EnactPolicy,
  RecordPolicy,
  RemovePolicy,
  SupersedePolicy,
} from '#libs/contracts/policy';
import { Handle, type Handled, type Message } from '#libs/messaging/handle';
import { PartnershipStore } from './partnership.store.js';
import { PastDecisions } from './past-decisions.js';
import { PoliciesInForce } from './policies.js';
import { recordPolicy } from './policy.js';
import { PolicyStore } from './policy.store.js';
import { comparison, mayCompare } from './policy-comparison.js';
import { beginPolicy, changePolicy, draftPolicy, enactPolicy, removePolicy, supersedePolicy, type Version } from './policy-moves.js';

@Controller()
export class PolicyMessages {
  constructor(
    private readonly policies: PolicyStore,
    private readonly inForce: PoliciesInForce,
    private readonly partnerships: PartnershipStore,
    private readonly decided: PastDecisions,
  ) {}

  @Handle(DraftPolicy)
  async draft(message: Message<typeof DraftPolicy>) {
    const { partnership } = message.data;
    const found = partnership === undefined ? null : await this.partnerships.get(partnership);
    return this.policies.change(message, draftPolicy(found?.state.code ?? null));
  }

  @Handle(ChangePolicy)
  change(message: Message<typeof ChangePolicy>) {
    return this.policies.change(message, changePolicy);
  }

  @Handle(RemovePolicy)
  remove(message: Message<typeof RemovePolicy>) {
    return this.policies.change(message, removePolicy);
  }

  @Handle(RecordPolicy)
  async record(message: Message<typeof RecordPolicy>) {
    // What the product brings with it is no news.
    return this.known(await this.policies.change(message, recordPolicy(message.data.partnership !== null)));
  }

  @Handle(EnactPolicy)
  async enact(message: Message<typeof EnactPolicy>) {
    return this.known(await this.policies.change(message, enactPolicy(await this.line(message.key))));
  }

  @Handle(BeginPolicy)
  async begin(message: Message<typeof BeginPolicy>) {
    return this.known(await this.policies.change(message, beginPolicy(await this.line(message.key))));
  }

  @Handle(SupersedePolicy)
  async supersede(message: Message<typeof SupersedePolicy>) {
    return this.known(await this.policies.change(message, supersedePolicy));
  }

  /** Nothing is changed: it is asked as a dry run, and answered with those who would be judged otherwise. */
  @Handle(ComparePolicy)
  async compare(message: Message<typeof ComparePolicy>): Promise<Handled> {
    const handled = await this.policies.change(message, mayCompare);
    const found = await this.policies.get(message.key);
    if (handled?.status !== 'DONE' || !found) return handled;
    const policies = await this.inForce.current();
    return { ...handled, view: await comparison({ ...found.state, id: message.key }, policies, this.decided, message.by.at) };
  }

  private async line(id: string): Promise<Version[]> {
    const found = await this.policies.get(id);
    return found ? this.policies.lineOf(found.state.code, found.state.owner, id) : [];
  }

  private known(handled: Handled): Handled {
    this.inForce.forget();
    return handled;
  }
}
