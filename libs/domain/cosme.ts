import type { PolicyTable } from '#libs/contracts/policy';
import { cosmeCountries } from '#libs/reference/countries';
import { bundled, explained, type Policies, type PolicyVersion } from './policy.js';

/** When and under what something is done; the list is keyed to the call first. */
export interface Occasion {
  /** Day, YYYY-MM-DD. */
  readonly on: string;
  readonly call?: string | null;
  readonly policies?: Policies | undefined;
}

/** With the version that decided: that of the list, or of the rule that the list leaves a country to. */
export type Eligibility = {
  readonly country: string;
  readonly eligible: boolean;
  readonly status: string;
  readonly reason: string;
} & ReturnType<typeof explained>;

/** One of the list. */
interface Listed {
  country: string;
  name: string;
  status: string;
  /** null: another rule decides. */
  eligible: boolean | null;
  memberStateUntil: string | null;
  policy: string | null;
}

const known = new Map(cosmeCountries.map(({ code, status }) => [code, status]));
const lists = new WeakMap<object, ReadonlyMap<string, Listed>>();

function rowsOf(version: PolicyVersion): ReadonlyMap<string, Listed> {
  const there = lists.get(version);
  if (there) return there;
  const rows = new Map((version.value as PolicyTable).rows.map((row) => [String(row.country), row as unknown as Listed]));
  lists.set(version, rows);
  return rows;
}

/** Whether a country counts as a COSME country on that occasion, and why. What runs under a call goes on under its list, whatever the date. */
export function eligibility(country: string, { on, call = null, policies = bundled }: Occasion): Eligibility {
  const owners = call === null ? [] : [call];
  const version = policies.inForce('COSME_COUNTRIES', on, owners);
  const list = version && (call === null || version.owner.level === 'CALL') ? version : null;
  const answer = (eligible: boolean, status: string, reason: string, by: PolicyVersion | null = list): Eligibility => ({
    country,
    eligible,
    status,
    reason,
    ...explained(by),
  });
  if (!list) return answer(false, known.get(country) ?? 'THIRD_COUNTRY', `The list of COSME countries does not hold for ${call ?? on}.`);
  const entry = rowsOf(list).get(country);
  if (!entry) return answer(false, 'THIRD_COUNTRY', `${country} is not on the list of COSME countries.`);
  if (entry.eligible !== null) return answer(entry.eligible, entry.status, `${entry.name} is on the list of COSME countries.`);
  if (on <= (entry.memberStateUntil ?? ''))
    return answer(true, 'EU_MEMBER_STATE', `${entry.name} was a Member State until ${entry.memberStateUntil}.`);
  const policy = (entry.policy && policies.inForce(entry.policy, on, owners)) || null;
  const reason = policy ? `Policy ${policy.code} of ${policy.owner.code} decides.` : `No policy decides about ${entry.name} on ${on}.`;
  return answer(policy?.value === true, entry.status, reason, policy ?? list);
}

/** `eligibility` without its reasons; a code that is on no list is not eligible. */
export const eligible = (country: string, occasion: Occasion): boolean => eligibility(country, occasion).eligible;
