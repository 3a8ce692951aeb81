import { Injectable } from '@nestjs/common';
import { system } from '#libs/contracts/actor';
import { RecordPolicy } from '#libs/contracts/policy';
import { messageId } from '#libs/domain/ids';
import { bundled, bundledPolicies, type Policies, policyKey, withBundled } from '#libs/domain/policy';
import { onceBack } from '#libs/messaging/away';
import { Fresh } from '#libs/service/fresh';
import { Runtime } from '#libs/service/runtime';
import { PolicyStore } from './policy.store.js';

/** The rules in force, for the decisions of this service, which owns them. What the product brings is recorded at the first start. */
@Injectable()
export class PoliciesInForce {
  private readonly known: Fresh<Policies>;

  constructor(
    private readonly store: PolicyStore,
    private readonly runtime: Runtime,
  ) {
    this.known = new Fresh(bundled, async () => withBundled(await store.enacted()));
    runtime.before.push(() => this.open());
  }

  /** As they are now: a decision gets them as an argument. */
  current(): Promise<Policies> {
    return this.known.current();
  }

  /** As they were known last, for views, which are made without waiting. */
  get last(): Policies {
    return this.known.last;
  }

  /** One of them has changed here: what is decided next knows it. */
  forget(): void {
    this.known.forget();
  }

  /** Before the first command: whatever is decided then is decided by what is in force. */
  private async open(): Promise<void> {
    const ids = new Set((await this.store.enacted()).map(({ id }) => id));
    const by = system('membership', this.runtime.clock.iso());
    const missing = bundledPolicies.filter(({ id }) => !ids.has(id));
    const tell = ({ id: key, state: _, ...policy }: (typeof missing)[number]) => {
      const data = { ...policy, partnership: null, sourceKey: policyKey(policy.code, policy.owner, policy.validFrom) };
      return this.runtime.bus.tell(RecordPolicy, { key, id: messageId('bundled', key), by, data });
    };
    // A broker that has just come up takes nothing yet.
    await onceBack(this.runtime.log, () => Promise.all(missing.map(tell)));
    await this.known.current();
  }
}
