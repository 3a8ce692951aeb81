import { DateTime, Duration } from 'luxon';
import type { AgreementView } from '#libs/contracts/agreement';
import type { ReminderPlan } from '#libs/contracts/reminder';
import { edtfDate } from '#libs/domain/edtf-date';
import { holdsOn, type ReminderRule } from '#libs/reference/reminder-rules';

export type Agreement = Pick<AgreementView, 'id' | 'version' | 'partnership' | 'title' | 'state' | 'validTo' | 'inForceSince'>;

/** What a rule makes of an agreement as it is: its last day is in sight. The clock is no part of it. */
export function planForAgreement(rule: ReminderRule, { id, version, partnership, title, state, validTo }: Agreement): ReminderPlan {
  const due = validTo === null ? null : DateTime.fromISO(`${validTo}T${rule.at}`, { zone: 'utc' }).minus(Duration.fromISO(rule.offset));
  const until = validTo === null ? null : DateTime.fromISO(validTo, { zone: 'utc' }).plus({ days: 1 });
  const dueAt = due?.toISO() ?? null;
  return {
    subject: `/v1/agreements/${id}`,
    partnerships: [partnership],
    rule: rule.code,
    audience: [...rule.audience],
    title: Object.keys(title).length > 0 ? title : null,
    when: validTo === null ? null : edtfDate(validTo),
    dueAt,
    until: until?.toISO() ?? null,
    basis: version,
    drop: reasonAgainst(rule, state, dueAt),
  };
}

function reasonAgainst(rule: ReminderRule, state: string, dueAt: string | null): string | null {
  if (!rule.states.includes(state)) return `AGREEMENT_${state}`;
  if (dueAt === null) return 'NO_END';
  return holdsOn(rule, dueAt.slice(0, 10)) ? null : 'RULE_NOT_IN_FORCE';
}
