import { EventChanged, type EventPatch, EventRemoved } from '#libs/contracts/planned-event';
import { canonicalJson } from '#libs/domain/canonical';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { edtfDate } from '#libs/domain/edtf-date';
import { patched } from '#libs/domain/merge-patch';
import { stated } from '#libs/domain/record';
import { removing } from '#libs/domain/removal';
import { rolesTowards } from '#libs/domain/standing';
import { failed, judge, notApplicable, passed, type Rule, rule } from '#libs/domain/verdict';
import { leadsOut, MISSION, missingFor } from './event-complete.js';
import { IN_CHARGE, saidRules } from './event-rules.js';
import { dateRules, followersOf, nextOf, timed } from './event-times.js';
import { type PlannedEvent, type WholeEvent, whole } from './planned-event.js';

/** What is asked, with the roles the asker holds towards this very event. */
interface Change {
  event: PlannedEvent;
  /** As it would be, but for its date. */
  after: WholeEvent;
  patch: EventPatch;
  roles: readonly string[];
  context: Pick<Context, 'policies'>;
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

/** Who has planned by what was announced may rely on its being there. */
const staysComplete = rule('EVENT.CHANGE.COMPLETE', ({ after }: Change) => {
  const missing = missingFor(after.state, after);
  return missing.length === 0
    ? passed('All that an event in this state says stands.', { state: after.state })
    : failed(
        `An event that is ${after.state} does not do without: ${missing.join(', ')}.`,
        { missing },
        missing.map((pointer) => ({ pointer, message: 'is changed, not taken away' })),
      );
});

const staysOut = rule(
  'EVENT.SCHEDULE.COUNTRY',
  ({ after, context }: Change) =>
    ['PLANNED', 'POSTPONED'].includes(after.state) ? notApplicable('It is looked at when it is scheduled.') : leadsOut(after, context),
  { source: MISSION },
);

export const changeRules = [mayChange, stillAhead, ...saidRules, ...dateRules, staysComplete, staysOut];

export const TEXTS = ['title', 'privacyNotice'] as const;

const rolesOf = ({ partnerships }: PlannedEvent, { id, by }: Pick<Context, 'id' | 'by'>) =>
  rolesTowards(by, { EVENT: [id], PARTNERSHIP: partnerships });

/** Each change of what is asked is a version of its own: answers name the one they were given to. */
export function formAfter({ form }: Pick<WholeEvent, 'form'>, schema: EventPatch['form']): WholeEvent['form'] {
  if (schema === undefined) return form;
  if (schema === null) return null;
  return form && canonicalJson(form.schema) === canonicalJson(schema) ? form : { version: (form?.version ?? 0) + 1, schema };
}

/** Firms an event up, step by step; what it was before is in its history. */
export function changeEvent(
  event: PlannedEvent | null,
  patch: EventPatch,
  context: Context,
  further: readonly Rule<[]>[] = [],
): Decision<PlannedEvent> {
  const { id, by } = context;
  const stored = event as PlannedEvent;
  const before = whole(stored);
  const { when, form, ...rest } = patch;
  const after = { ...patched(before, rest, TEXTS), form: formAfter(before, form) };
  const verdicts = judge([...changeRules, ...further], { event: before, after, patch, roles: rolesOf(before, { id, by }), context });
  const next = stated(before, timed(when === undefined ? after : { ...after, when: when ? edtfDate(when) : null }));
  if (next === before) return unchanged(stored, verdicts);
  return { next, facts: [EventChanged.of({ ...next, id })], verdicts, due: nextOf(next), sends: followersOf(stored, next, id) };
}

/** Planned by mistake: nobody has been told a day of it. */
export const removeEvent = removing<PlannedEvent>({
  name: 'EVENT',
  roles: rolesOf,
  actors: IN_CHARGE,
  stays: ({ state }) => (state === 'PLANNED' ? null : `The event is ${state}: it is cancelled, not removed.`),
  tell: (before, id) => EventRemoved.of({ ...before, id }),
});
