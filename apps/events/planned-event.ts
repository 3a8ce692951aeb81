import { EventRecorded, type PlannedEventRecord, type PlannedEventView } from '#libs/contracts/planned-event';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { edtfDate } from '#libs/domain/edtf-date';
import { recording, stated } from '#libs/domain/record';
import { judge } from '#libs/domain/verdict';

export type PlannedEvent = Omit<PlannedEventView, 'id' | 'version'>;

/** Rows of a source may say the very same: each is an event of its own, told apart by its source key alone. */
export function recordEvent(event: PlannedEvent | null, said: PlannedEventRecord, { id, by }: Context): Decision<PlannedEvent> {
  const verdicts = judge(recording('EVENT'), by);
  const row = { ...said, when: said.when === null ? null : edtfDate(said.when) };
  const next = stated<PlannedEvent>(event ?? { ...row, state: 'PLANNED', externalIds: [] }, row);
  if (next === event) return unchanged(event, verdicts);
  return { next, facts: [EventRecorded.of({ ...next, id })], verdicts };
}
