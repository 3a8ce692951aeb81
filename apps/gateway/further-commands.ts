import { NameSignatories } from '#libs/contracts/agreement';
import { ConsentToAgreement } from '#libs/contracts/agreement-moves';
import { AcceptDeliverable, ReturnDeliverable, SubmitDeliverable } from '#libs/contracts/deliverable';
import { ConsentToDocument, ReleaseDocument, ReviseDocument } from '#libs/contracts/document';
import { ConsentInMembership } from '#libs/contracts/membership';
import type { CommandContract } from '#libs/contracts/message';
import { GiveConsent, WithdrawConsent } from '#libs/contracts/person';
import { ReportOutcomes } from '#libs/contracts/planned-event';

/** Commands of records that no machine moves; their routes are like those of a machine: `POST …/{id}/give-consent`. */
export const furtherCommands: readonly CommandContract[] = [
  GiveConsent,
  WithdrawConsent,
  ConsentInMembership,
  ReportOutcomes,
  ConsentToAgreement,
  NameSignatories,
  ConsentToDocument,
  ReviseDocument,
  ReleaseDocument,
  SubmitDeliverable,
  AcceptDeliverable,
  ReturnDeliverable,
];
