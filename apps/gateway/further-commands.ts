import { ConsentInMembership } from '#libs/contracts/membership';
import type { CommandContract } from '#libs/contracts/message';
import { GiveConsent, WithdrawConsent } from '#libs/contracts/person';
import { ReportOutcomes } from '#libs/contracts/planned-event';
import { CompleteRegistration } from '#libs/contracts/registration';

interface Further {
  command: CommandContract;
  /** Below the record. */
  path: string;
}

/** Commands that no machine tells the route of; their routes are like those of a machine: `POST …/{id}/give-consent`. */
export const furtherCommands: readonly Further[] = [
  { command: GiveConsent, path: 'give-consent' },
  { command: WithdrawConsent, path: 'withdraw-consent' },
  { command: ConsentInMembership, path: 'consent' },
  { command: ReportOutcomes, path: 'report-outcomes' },
  // `register` on seats that were held before: it makes nothing new.
  { command: CompleteRegistration, path: 'register' },
];
