import { Injectable } from '@nestjs/common';
import { Policy as Contract, type PolicyOwner } from '#libs/contracts/policy';
import type { PolicyVersion } from '#libs/domain/policy';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import type { Policy } from './policy.js';
import type { Version } from './policy-moves.js';

@Injectable()
export class PolicyStore extends Store<Policy> {
  constructor(house: House) {
    super(house, Contract.contract, {
      uniques: [
        {
          path: 'line',
          code: 'POLICY.ENACT.OVERLAP',
          pointer: '/validFrom',
          message: () => 'Another version of the rule was put in force at this very moment.',
        },
      ],
    });
  }

  /** Versions of the rule of this owner that are, or were, in force, but for this one. */
  async lineOf(code: string, { level, code: owner }: PolicyOwner, but: string): Promise<Version[]> {
    const filter = {
      'state.code': code,
      'state.owner.level': level,
      'state.owner.code': owner,
      'state.state': { $ne: 'DRAFT' },
      _id: { $ne: but },
    };
    const found = await this.documents.find(filter as never).toArray();
    return found.flatMap(({ _id, state }) => (state ? [{ ...state, id: String(_id) }] : []));
  }

  /** All that are, or were, in force: some hundred. */
  async enacted(): Promise<PolicyVersion[]> {
    const found = await this.documents.find({ 'state.state': { $in: ['IN_FORCE', 'SUPERSEDED'] } } as never).toArray();
    return found.flatMap(({ _id, state }) => (state ? [{ ...state, id: String(_id) }] : []));
  }
}
