import { EventChanged, type EventPatch } from '#libs/contracts/planned-event';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { edtfDate, isEdtf } from '#libs/domain/edtf-date';
import { patched } from '#libs/domain/merge-patch';
import { stated } from '#libs/domain/record';
import { rolesTowards } from '#libs/domain/standing';
import { failed, judge, notApplicable, passed, rule } from '#libs/domain/verdict';
import { vocabulary } from '#libs/reference/vocabulary';
import type { PlannedEvent } from './planned-event.js';

/** What is asked, with the roles the asker holds towards this very event. */
interface Change {
  event: PlannedEvent;
  patch: EventPatch;
  roles: readonly string[];
}

const MAY_CHANGE = ['PLATFORM_ADMIN', 'EVENT_ORGANISER', 'PARTNERSHIP_COORDINATOR', 'PARTNERSHIP_MANAGER'];
/** What is over is put right by corrections, not by changes. */
const OVER = ['HELD', 'EVALUATED', 'CANCELLED'];

const mayChange = rule(
  'EVENT.CHANGE.ACTOR',
  ({ roles }: Change) => {
    const may = roles.some((role) => MAY_CHANGE.includes(role));
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

const knownType = rule('EVENT.CHANGE.TYPE', ({ patch: { type } }: Change) => {
  if (type === undefined || type === null) return notApplicable('No type is stated.');
  const known = vocabulary('event-types').has(type);
  return known ? passed('The type is known.', { type }) : failed(`${type} is not a code of event-types.`, { type }, '/type');
});

const knownGroups = rule('EVENT.CHANGE.TARGET_GROUPS', ({ patch: { targetGroups } }: Change) => {
  if (!targetGroups) return notApplicable('No target groups are stated.');
  const groups = vocabulary('target-groups');
  const unknown = targetGroups.flatMap((code, i) =>
    groups.findItem(code)?.code === code ? [] : [{ pointer: `/targetGroups/${i}`, message: `${code} is not a code of target-groups.` }],
  );
  return unknown.length === 0
    ? passed('The target groups are known.', { targetGroups })
    : failed('A target group is not known.', { targetGroups }, unknown);
});

const realDate = rule('EVENT.CHANGE.WHEN', ({ patch: { when } }: Change) => {
  if (when === undefined) return notApplicable('No date is stated.');
  return isEdtf(when)
    ? passed('The date can be read.', { when })
    : failed(`${when} is not a date of EDTF level 0 or 1.`, { when }, '/when');
});

const realZone = rule('EVENT.CHANGE.ZONE', ({ patch: { zone } }: Change) => {
  if (!zone) return notApplicable('No time zone is stated.');
  const known = Intl.supportedValuesOf('timeZone').includes(zone) || zone === 'UTC';
  return known
    ? passed('The time zone is known.', { zone })
    : failed(`${zone} is not a time zone of the IANA database.`, { zone }, '/zone');
});

export const changeRules = [mayChange, stillAhead, knownType, knownGroups, realDate, realZone];

/** Firms an event up, step by step; what it was before is in its history. */
export function changeEvent(event: PlannedEvent | null, patch: EventPatch, { id, by }: Context): Decision<PlannedEvent> {
  const before = event as PlannedEvent;
  const roles = rolesTowards(by, { EVENT: [id], PARTNERSHIP: before.partnerships });
  const verdicts = judge(changeRules, { event: before, patch, roles });
  const { when, ...rest } = patch;
  const said = when === undefined ? rest : { ...rest, when: edtfDate(when) };
  const next = stated(before, patched(before, said));
  return next === before ? unchanged(before, verdicts) : { next, facts: [EventChanged.of({ ...next, id })], verdicts };
}
