import { Injectable } from '@nestjs/common';
import { Partnership, type PartnershipView } from '#libs/contracts/partnership';
import { Policy } from '#libs/contracts/policy';
import { bundled, type Policies, type PolicyVersion, withBundled } from '#libs/domain/policy';
import type { ReadState } from '#libs/messaging/state-reader';
import { Views } from '#libs/persistence/views';
import { Fresh } from './fresh.js';
import { Runtime } from './runtime.js';

type Owner = Pick<PartnershipView, 'code' | 'call'>;

/** The rules in force, and who may say otherwise than the scheme. */
export interface Standing {
  policies: Policies;
  /** Codes of the partnerships in question, and of their calls. */
  owners: readonly string[];
}

/** What membership last published of its policies, for a service that decides by them. It belongs to the copies of that service: `views` and `apply`. */
@Injectable()
export class PolicyCopies {
  private readonly policies: Views<PolicyVersion>;
  private readonly partnerships: Views<Owner>;
  private readonly inForce: Fresh<Policies>;
  private readonly owners: Fresh<ReadonlyMap<string, Owner>>;

  constructor(runtime: Runtime) {
    const { db } = runtime.house;
    this.policies = new Views(db, 'policyCopies');
    this.partnerships = new Views(db, 'policyOwnerCopies');
    this.inForce = new Fresh(bundled, async () =>
      withBundled((await this.policies.where({})).map(({ _id, view }) => ({ ...view, id: _id }))),
    );
    this.owners = new Fresh(new Map(), async () => new Map((await this.partnerships.where({})).map(({ _id, view }) => [_id, view])));
  }

  get views(): Views<object>[] {
    return [this.policies, this.partnerships] as Views<object>[];
  }

  async apply(records: readonly ReadState[]): Promise<void> {
    const of = (name: string) => records.filter(({ aggregate }) => aggregate === name);
    const [policies, partnerships] = [of(Policy.contract.name), of(Partnership.contract.name)];
    await Promise.all([this.policies.apply(policies), this.partnerships.apply(partnerships.map(asOwner))]);
    if (policies.length > 0) this.inForce.forget();
    if (partnerships.length > 0) this.owners.forget();
  }

  /** As they are now, for something that belongs to these partnerships. */
  async standing(partnerships: readonly string[]): Promise<Standing> {
    const [policies, known] = await Promise.all([this.inForce.current(), this.owners.current()]);
    const owners = partnerships.flatMap((id) => known.get(id) ?? []).flatMap(({ code, call }) => [code, ...(call ? [call] : [])]);
    return { policies, owners };
  }
}

const asOwner = (record: ReadState): ReadState => {
  const { code, call } = (record.view ?? {}) as Partial<Owner>;
  return record.view === null ? record : { ...record, view: { code, call } };
};
