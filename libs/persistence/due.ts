import type { Decision } from '#libs/domain/decision';
import type { Message } from '#libs/messaging/handle';
import type { Stored } from './document.js';
import { instant } from './entries.js';

type Timed = Pick<Stored<unknown>, 'dueAt' | 'dueType'>;

/** A timer that was taken and not set anew is over. */
export function setTimer(doc: Timed, message: Message, { due, gone }: Pick<Decision<unknown>, 'due' | 'gone'>): void {
  if (gone) endTimer(doc);
  else if (due) {
    doc.dueAt = instant(due.at);
    doc.dueType = due.command.type;
  } else if (due === null || message.due !== null) endTimer(doc);
}

/** Whether the message is of the timer as it stands now: it may have been moved meanwhile. */
export const isDue = ({ dueAt, dueType }: Timed, { due, type }: Message): boolean => due === dueAt?.toISOString() && type === dueType;

export function endTimer(doc: Timed): void {
  doc.dueAt = null;
  doc.dueType = null;
}
