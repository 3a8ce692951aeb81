import { EventChanged, type EventPatch, EventRemoved } from '#libs/contracts/planned-event';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { edtfDate } from '#libs/domain/edtf-date';
import { patched } from '#libs/domain/merge-patch';
import { stated } from '#libs/domain/record';
import { removing } from '#libs/domain/removal';
import { rolesTowards } from '#libs/domain/standing';
import { failed, judge, passed, type Rule, rule } from '#libs/domain/verdict';
import { IN_CHARGE, saidRules } from './event-rules.js';
import type { PlannedEvent } from './planned-event.js';

/** What is asked, with the roles the asker holds towards this very event. */
interface Change {
  event: PlannedEvent;
  patch: EventPatch;
  roles: readonly string[];
}

/** What is over is put right by corrections, not by changes. */
const OVER = ['HELD', 'EVALUATED', 'CANCELLED'];

const mayChange = rule(
  'EVENT.CHANGE.ACTOR',
  ({ roles }: Change) => {
    const may = roles.some((role) => IN_CHARGE.includes(role));
    return may
      ? passed('The event is yours to change.', { roles })
      : failed('An event is changed by its organiser or by those who run one of its partnerships.', { roles });
  },
  { kind: 'NOT_YOURS' },
);

const stillAhead = rule(
  'EVENT.CHANGE.STATE',
  ({ event: { state } }: Change) =>
    OVER.includes(state)
      ? failed(`The event is ${state}; what is over is not changed any more.`, { state })
      : passed('The event is not over.', { state }),
  { kind: 'WRONG_STATE' },
);

export const changeRules = [mayChange, stillAhead, ...saidRules];

const rolesOf = ({ partnerships }: PlannedEvent, { id, by }: Pick<Context, 'id' | 'by'>) =>
  rolesTowards(by, { EVENT: [id], PARTNERSHIP: partnerships });

/** Firms an event up, step by step; what it was before is in its history. */
export function changeEvent(
  event: PlannedEvent | null,
  patch: EventPatch,
  { id, by }: Context,
  further: readonly Rule<[]>[] = [],
): Decision<PlannedEvent> {
  const before = event as PlannedEvent;
  const roles = rolesOf(before, { id, by });
  const verdicts = judge([...changeRules, ...further], { event: before, patch, roles });
  const { when, ...rest } = patch;
  const said = when === undefined ? rest : { ...rest, when: when && edtfDate(when) };
  const next = stated(before, patched(before, said, ['title']));
  return next === before ? unchanged(before, verdicts) : { next, facts: [EventChanged.of({ ...next, id })], verdicts };
}

/** Planned by mistake: nobody has been told a day of it. */
export const removeEvent = removing<PlannedEvent>({
  name: 'EVENT',
  roles: rolesOf,
  actors: IN_CHARGE,
  stays: ({ state }) => (state === 'PLANNED' ? null : `The event is ${state}: it is cancelled, not removed.`),
  tell: (before, id) => EventRemoved.of({ ...before, id }),
});
