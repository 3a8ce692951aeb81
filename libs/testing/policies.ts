import type { PolicyOwner, PolicyValue } from '#libs/contracts/policy';
import { sourceId } from '#libs/domain/ids';
import { bundledPolicies, type Policies, type PolicyVersion, policiesOf, policyKey } from '#libs/domain/policy';

export const ofDia: PolicyOwner = { level: 'PARTNERSHIP', code: 'DIA' };

/** A version in force, without bounds, beside those that the product brings. */
export const aPolicy = (code: string, value: PolicyValue, owner: PolicyOwner = ofDia): PolicyVersion => ({
  id: sourceId(`test:${policyKey(code, owner, null)}`),
  ...{ code, owner, value, no: 1, unit: null, validFrom: null, validTo: null },
  ...{ source: 'test', confidence: 'PROJECT', state: 'IN_FORCE' },
});

/** What the product brings, and these. */
export const policiesWith = (...versions: readonly PolicyVersion[]): Policies => policiesOf([...bundledPolicies, ...versions]);
