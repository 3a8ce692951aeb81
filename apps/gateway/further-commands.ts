import { NameSignatories } from '#libs/contracts/agreement';
import { ConsentToAgreement } from '#libs/contracts/agreement-moves';
import { AcceptDeliverable, ReturnDeliverable, SubmitDeliverable } from '#libs/contracts/deliverable';
import { ConsentToDocument, ReleaseDocument, ReviseDocument } from '#libs/contracts/document';
import { ConsentInMembership, SendInvitation } from '#libs/contracts/membership';
import type { CommandContract } from '#libs/contracts/message';
import { GiveConsent, WithdrawConsent } from '#libs/contracts/person';
import { ReportOutcomes } from '#libs/contracts/planned-event';
import { CompleteRegistration } from '#libs/contracts/registration';

interface Further {
  command: CommandContract;
  /** Below the record, where it is not the command's name. */
  path?: string;
}

/** Commands that no machine tells the route of; their routes are like those of a machine: `POST …/{id}/give-consent`. */
export const furtherCommands: readonly Further[] = [
  { command: GiveConsent },
  { command: WithdrawConsent },
  { command: ConsentInMembership },
  { command: SendInvitation },
  { command: ReportOutcomes },
  // On seats that were held before: it makes nothing new.
  { command: CompleteRegistration, path: 'register' },
  { command: ConsentToAgreement },
  { command: NameSignatories },
  { command: ConsentToDocument },
  { command: ReviseDocument },
  { command: ReleaseDocument },
  { command: SubmitDeliverable },
  { command: AcceptDeliverable },
  { command: ReturnDeliverable },
];
