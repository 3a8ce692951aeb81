import { ConsentInMembership } from '#libs/contracts/membership';
import type { CommandContract } from '#libs/contracts/message';
import { GiveConsent, WithdrawConsent } from '#libs/contracts/person';
import { ReportOutcomes } from '#libs/contracts/planned-event';
import { CompleteRegistration } from '#libs/contracts/registration';

/** Commands of records that no machine moves; their routes are like those of a machine: `POST …/{id}/give-consent`. */
export const furtherCommands: readonly CommandContract[] = [GiveConsent, WithdrawConsent, ConsentInMembership, ReportOutcomes, CompleteRegistration];
