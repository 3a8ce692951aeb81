import { Duration } from 'luxon';
import { QueueMail, WithdrawMail } from '#libs/contracts/mail';
import type { MembershipInvitation } from '#libs/contracts/membership';
import type { Context, Send } from '#libs/domain/decision';
import { messageId } from '#libs/domain/ids';
import { linkRules, policyInForce } from '#libs/reference/policies';
import { dayOf } from './membership-periods.js';

/** What the mail names: never a person. */
export interface Named {
  partnership: string | null;
  cluster: string;
  organisation: string | null;
  /** Of whoever has the address among the persons of the organisation; null: nobody, or it is not said. */
  language: string | null;
}

const VALID = 'INVITATION_LINK_VALID';

const until = (at: string): string => {
  const { value } = policyInForce(VALID, dayOf(at), [], linkRules) as { value: string };
  return new Date(Date.parse(at) + Duration.fromISO(value).toMillis()).toISOString();
};

/**
 * A link by mail that lets whoever is invited answer without a token. The address goes with the mail and stays nowhere here; each
 * new link ends the one before.
 */
export function invited(
  named: Named,
  { email, language = named.language ?? 'en' }: { email: string; language?: string },
  { id, at, by, message }: Context,
): { invitation: MembershipInvitation; send: Send } {
  const mail = messageId('invitation', id, message);
  const expiresAt = until(at);
  const { partnership, cluster, organisation } = named;
  const values = partnership === null ? { joining: organisation ?? '', joined: cluster } : { joining: cluster, joined: partnership };
  const link = { purpose: 'MEMBERSHIP_INVITATION' as const, subject: id, expiresAt };
  const data = {
    template: 'MEMBERSHIP_INVITATION' as const,
    language,
    about: `/v1/memberships/${id}`,
    owner: by.id,
    until: expiresAt,
    letter: { to: email, person: null, values, link },
  };
  return { invitation: { mail, expiresAt }, send: { command: QueueMail, key: mail, data, step: `mail:${mail}` } };
}

/** A mail whose link holds no more is of no use: where it still waits to be sent, it is not. */
export function withdrawn({ invitation }: { invitation?: MembershipInvitation | null }): Send[] {
  if (!invitation) return [];
  const { mail } = invitation;
  return [{ command: WithdrawMail, key: mail, data: { reason: 'Its link does not hold any more.' }, step: `withdraw:${mail}` }];
}
