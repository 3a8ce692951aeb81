import { IANAZone } from 'luxon';
import { instantOf } from '#libs/domain/local-time';
import { type Fault, failed, notApplicable, passed, rule } from '#libs/domain/verdict';
import { meanwhile, placedOf } from './meeting-plan.js';
import { type AskedOf, presence, slotAt, type Wanted } from './meeting-rules.js';

export interface AskedSlot extends AskedOf {
  readonly wanted: Wanted;
}

const source = 'state-machines.json#MEETING';
const NO_SLOT = 'It is no slot of the event.';

const mode = rule(
  'MEETING.SCHEDULE.MODE',
  ({ roles, setting: { rules, setBy } }: AskedSlot) => {
    const inputs = { scheduledBy: rules.scheduledBy, ...setBy.scheduledBy };
    const organises = roles.some((role) => ['EVENT_ORGANISER', 'SYSTEM', 'PLATFORM_ADMIN'].includes(role));
    if (organises) return passed('The organiser gives slots.');
    return rules.scheduledBy === 'PARTICIPANTS'
      ? passed('At this event the two may choose.', inputs)
      : failed('At this event the organiser gives slots.', inputs);
  },
  { kind: 'NOT_YOURS', source },
);

const knownZone = rule('MEETING.ZONE.KNOWN', ({ wanted: { zone } }: AskedSlot) => {
  if (zone === undefined) return notApplicable('It is the zone of the event.');
  return IANAZone.isValidZone(zone)
    ? passed('The zone is known.', { zone })
    : failed(`${zone} is no zone of the IANA database.`, { zone }, '/zone');
});

const realTime = rule('MEETING.START.REAL', ({ wanted, setting: { event } }: AskedSlot) => {
  const zone = wanted.zone ?? event.zone ?? '';
  if (!IANAZone.isValidZone(zone)) return notApplicable('The zone is not known.');
  const inputs = { start: wanted.start, zone };
  return instantOf(wanted.start, zone) === null
    ? failed(`${wanted.start} does not exist in ${zone}.`, inputs, '/start')
    : passed('The time exists.', inputs);
});

const withinHours = rule('MEETING.SLOT.HOURS', ({ wanted, setting }: AskedSlot) => {
  const slot = slotAt(setting, wanted);
  const inputs = { start: wanted.start, zone: wanted.zone ?? setting.event.zone };
  return slot
    ? passed('It is a slot of the event.', inputs)
    : failed(`${NO_SLOT} Slots lie in its opening hours, outside breaks.`, inputs, '/start');
});

const slotAhead = rule('MEETING.SLOT.AHEAD', ({ wanted, setting, at }: AskedSlot) => {
  const slot = slotAt(setting, wanted);
  if (!slot) return notApplicable(NO_SLOT);
  return at < slot.startsAt
    ? passed('The slot is ahead.', { startsAt: slot.startsAt })
    : failed('The slot has begun.', { startsAt: slot.startsAt }, '/start');
});

/** Who of the two it is, never whom the other meets. */
const sides = ({ requester, guest }: AskedOf['meeting']) => [
  { side: 'requester', person: requester.person, organisation: requester.organisation },
  { side: 'guest', person: guest.person, organisation: guest.organisation },
];

const personsFree = rule(
  'MEETING.PERSONS.FREE',
  ({ wanted, setting, plan, meeting }: AskedSlot) => {
    const slot = slotAt(setting, wanted);
    if (!slot) return notApplicable(NO_SLOT);
    const busy = new Set(meanwhile(plan, slot.startsAt, slot.endsAt, meeting.id).flatMap(({ persons }) => persons));
    const who = sides(meeting).flatMap(({ side, person }) => (busy.has(person) ? [side] : []));
    return who.length === 0
      ? passed('Both are free.')
      : failed(`In this slot another meeting has: ${who.join(', ')}.`, { busy: who }, '/start');
  },
  { source },
);

const personsPresent = rule(
  'MEETING.PERSONS.PRESENT',
  ({ wanted, setting, meeting }: AskedSlot) => {
    const slot = slotAt(setting, wanted);
    if (!slot) return notApplicable(NO_SLOT);
    const away = sides(meeting).flatMap(({ side, person }) =>
      presence(setting, person).some((at) => setting.slots[at] === slot) ? [] : [side],
    );
    return away.length === 0 ? passed('Both are there.') : failed(`In this slot is not there: ${away.join(', ')}.`, { away }, '/start');
  },
  { source },
);

const knownTable = rule('MEETING.TABLE.KNOWN', ({ wanted: { table }, setting: { tables } }: AskedSlot) => {
  if (table === undefined) return notApplicable('No table is said.');
  return tables?.includes(table)
    ? passed('The event has the table.', { table })
    : failed(`The event has no table ${table}.`, { table }, '/table');
});

const freeTable = rule(
  'MEETING.TABLE.FREE',
  (asked: AskedSlot) => {
    const { wanted, setting } = asked;
    const slot = slotAt(setting, wanted);
    if (!slot || setting.tables === null) return notApplicable('No table is needed, or it is no slot of the event.');
    const free = freeTables(asked);
    if (wanted.table === undefined)
      return free.length > 0
        ? passed('A table is free.', { free: free.length })
        : failed('Every table is taken in this slot.', {}, '/start');
    if (!setting.tables.includes(wanted.table)) return notApplicable('The event has no such table.');
    return free.includes(wanted.table)
      ? passed('The table is free.', { table: wanted.table })
      : failed(`Table ${wanted.table} is taken in this slot.`, { table: wanted.table, free: free.slice(0, 20) }, '/table');
  },
  { source },
);

/** Tables that nobody has in the slot. */
export function freeTables({ wanted, setting, plan, meeting }: Pick<AskedSlot, 'wanted' | 'setting' | 'plan' | 'meeting'>): string[] {
  const slot = slotAt(setting, wanted);
  if (!slot || setting.tables === null) return [];
  const taken = new Set(meanwhile(plan, slot.startsAt, slot.endsAt, meeting.id).map(({ table }) => table));
  return setting.tables.filter((table) => !taken.has(table));
}

const limit = (code: string, of: 'persons' | 'organisations') =>
  rule(code, ({ setting: { rules, setBy }, plan, meeting }: AskedSlot) => {
    const field = of === 'persons' ? 'perPerson' : 'perOrganisation';
    const most = rules[field];
    const inputs = { most, ...setBy[field] };
    if (most === null) return notApplicable('There is no limit.', inputs);
    const faults = sides(meeting).flatMap(({ side, person, organisation }): Fault[] =>
      placedOf(plan, of, of === 'persons' ? person : organisation, meeting.id) >= most
        ? [{ pointer: '', message: `The ${side} has ${most} meetings already.` }]
        : [],
    );
    return faults.length === 0
      ? passed('Nobody has too many.', inputs)
      : failed(`More than ${most} meetings are too many.`, inputs, faults);
  });

/** A slot and a table for one meeting: every rule by itself, so that who is refused hears all of it. */
export const slotRules = [
  mode,
  knownZone,
  realTime,
  withinHours,
  slotAhead,
  personsFree,
  personsPresent,
  knownTable,
  freeTable,
  limit('MEETING.LIMITS.PERSON', 'persons'),
  limit('MEETING.LIMITS.ORGANISATION', 'organisations'),
];
