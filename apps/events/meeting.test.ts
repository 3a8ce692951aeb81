import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Meeting } from '#libs/contracts/meeting';
import { newId } from '#libs/domain/ids';
import { failedRules, type Refusal } from '#libs/domain/verdict';
import { aPolicy, policiesWith } from '#libs/testing/policies';
import * as decisions from './meeting.js';
import { followEvent } from './meeting-follow.js';
import { forgetInMeetings, saysMore } from './meeting-forget.js';
import { aSetting, colleagueOf, Meetings, organisation, organiser, person, self } from './meeting-samples.js';

const between = (one: number, other: number) => ({ requester: person(one), guest: person(other) });
const requested = (all: Meetings, one: number, other: number, id = newId()) =>
  all.give(decisions.requestMeeting, id, between(one, other), self(one));
function accepted(all: Meetings, one: number, other: number) {
  const { id } = requested(all, one, other);
  return all.give(decisions.acceptMeeting, id, {}, self(other));
}
const at = (time: string) => ({ start: `2027-05-12T${time}` });
const refused = (all: Meetings, one: number, other: number, by = self(one)) =>
  failedRules(() => all.give(decisions.requestMeeting, newId(), between(one, other), by));

describe('A meeting', () => {
  it('goes its way from a request to what came of it, each step told', () => {
    const all = new Meetings();
    const { id, state, kind, until } = requested(all, 0, 1);
    expect([state, kind, until]).toEqual(['PENDING', 'B2B', '2027-05-04T08:00:00.000Z']);
    all.give(decisions.acceptMeeting, id, {}, colleagueOf(1));
    const scheduled = all.give(decisions.scheduleMeeting, id, at('09:30'), self(0));
    expect(scheduled).toMatchObject({
      state: 'SCHEDULED',
      start: '2027-05-12T09:30',
      end: '2027-05-12T09:55',
      startsAt: '2027-05-12T07:30:00.000Z',
      table: 'A',
    });
    all.at = '2027-05-12T08:00:00.000Z';
    expect(all.give(decisions.markMeetingHeld, id, { outcome: 'FOLLOW_UP' }, organiser)).toMatchObject({
      state: 'HELD',
      outcome: 'FOLLOW_UP',
    });
    expect(all.facts).toEqual(['meeting.requested.v1', 'meeting.accepted.v1', 'meeting.scheduled.v1', 'meeting.held.v1']);
  });

  it('is of the kind that both organisations are', () => {
    const types = { 0: 'CLUSTER_ORGANISATION', 1: 'CLUSTER_ORGANISATION', 2: 'START_UP', 3: 'UNIVERSITY' };
    const all = new Meetings(aSetting({ types }));
    expect([requested(all, 0, 1), requested(all, 0, 2), requested(all, 2, 4), requested(all, 3, 4)].map(({ kind }) => kind)).toEqual([
      'C2C',
      'MIXED',
      'B2B',
      'MIXED',
    ]);
  });

  it('never tells in a fact who meets', () => {
    const all = new Meetings();
    let told = '';
    all.take((plan, context) => {
      const decision = decisions.requestMeeting(newId(), all.setting)(
        plan,
        { ...between(0, 1), message: 'We make lenses.' },
        { ...context, by: self(0) },
      );
      told = JSON.stringify(decision.records?.flatMap(({ facts }) => facts));
      return decision;
    });
    expect(told).toContain(organisation(0));
    expect(told).not.toContain(person(0));
    expect(told).not.toContain('lenses');
  });

  it('is refused with everything that is wrong with it', () => {
    const all = new Meetings();
    expect(refused(all, 0, 0)).toEqual(['MEETING.REQUEST.SELF']);
    expect(refused(all, 4, 5)).toEqual(['MEETING.REQUEST.ORGANISATION']);
    expect(refused(all, 0, 1, self(2))).toEqual(['MEETING.REQUEST.ACTOR']);
    requested(all, 0, 1);
    expect(refused(all, 1, 0)).toEqual(['MEETING.REQUEST.PAIR']);
    const closed = new Meetings(aSetting({ event: { booking: 'CLOSED' }, gone: [1], meetings: { requests: 'OPT_IN' } }));
    expect(refused(closed, 0, 1)).toEqual(['MEETING.REQUEST.BOOKING', 'MEETING.REQUEST.ADMITTED', 'MEETING.REQUEST.WILLING']);
    const away = new Meetings(
      aSetting({
        wanting: [
          [0, { away: [{ from: '2027-05-12T09:00', to: '2027-05-12T10:30' }] }],
          [1, { away: [{ from: '2027-05-12T10:45', to: '2027-05-12T12:00' }], takesRequests: false }],
        ],
      }),
    );
    expect(refused(away, 0, 1)).toEqual(['MEETING.REQUEST.WILLING', 'MEETING.REQUEST.AVAILABLE']);
  });

  it('is answered by who was asked, in time', () => {
    const all = new Meetings();
    const { id } = requested(all, 0, 1);
    expect(failedRules(() => all.give(decisions.acceptMeeting, id, {}, self(0)))).toEqual(['MEETING.ACCEPT.ACTOR']);
    all.at = '2027-05-04T08:00:00.000Z';
    expect(failedRules(() => all.give(decisions.acceptMeeting, id, {}, self(1)))).toEqual(['MEETING.UNTIL.AHEAD']);
    const { due } = all.take((plan, context) => followEvent(all.setting)(plan, {}, context));
    expect([all.view(id).state, due]).toEqual(['EXPIRED', null]);
    expect(failedRules(() => all.give(decisions.acceptMeeting, id, {}, self(1)))).toEqual(['MEETING.ACCEPT.STATE']);
  });

  it.each([
    ['outside the hours', { start: '2027-05-12T12:00' }, ['MEETING.SLOT.HOURS']],
    ['in a break', { start: '2027-05-12T10:30' }, ['MEETING.SLOT.HOURS']],
    ['between two slots', { start: '2027-05-12T09:15' }, ['MEETING.SLOT.HOURS']],
    ['at a table that is not there', { ...at('09:00'), table: 'C' }, ['MEETING.TABLE.KNOWN']],
    ['at a table that is taken', { ...at('09:00'), table: 'A' }, ['MEETING.TABLE.FREE']],
    ['where one of the two meets somebody else', at('09:30'), ['MEETING.PERSONS.FREE']],
    ['where one of the two is away', at('11:30'), ['MEETING.PERSONS.PRESENT']],
    ['in a zone that does not exist', { ...at('09:00'), zone: 'Europe/Atlantis' }, ['MEETING.ZONE.KNOWN', 'MEETING.SLOT.HOURS']],
    ['at a time that does not exist', { start: '2027-03-28T02:30' }, ['MEETING.START.REAL', 'MEETING.SLOT.HOURS']],
  ])('has no slot %s', (_, wanted, codes) => {
    const all = new Meetings(aSetting({ wanting: [[0, { away: [{ from: '2027-05-12T11:20', to: '2027-05-12T13:00' }] }]] }));
    const others = accepted(all, 2, 3).id;
    all.give(decisions.scheduleMeeting, others, { ...at('09:00'), table: 'A' }, self(2));
    all.give(decisions.scheduleMeeting, accepted(all, 0, 4).id, at('09:30'), self(0));
    const { id } = accepted(all, 0, 1);
    const before = all.plan;
    expect(failedRules(() => all.give(decisions.scheduleMeeting, id, wanted, self(0)))).toEqual(codes);
    expect(all.plan).toBe(before);
  });

  it('has a slot said in another zone too', () => {
    const all = new Meetings();
    const { id } = accepted(all, 0, 1);
    expect(all.give(decisions.scheduleMeeting, id, { start: '2027-05-12T10:00', zone: 'Europe/Helsinki' }, self(1))).toMatchObject({
      start: '2027-05-12T09:00',
    });
  });

  it('is given its slot by the organiser alone where that is the mode', () => {
    const all = new Meetings(aSetting({ meetings: { scheduledBy: 'ORGANISER' } }));
    const { id } = accepted(all, 0, 1);
    expect(failedRules(() => all.give(decisions.scheduleMeeting, id, at('09:00'), self(0)))).toEqual(['MEETING.SCHEDULE.MODE']);
    expect(all.give(decisions.scheduleMeeting, id, at('09:00'), organiser).state).toBe('SCHEDULED');
  });

  it('is as the rules in force say where the event does not, and the verdict names them', () => {
    const [most, mode] = [aPolicy('EVENT_MEETINGS_PER_PERSON', 1), aPolicy('EVENT_MEETINGS_SCHEDULED_BY', 'ORGANISER')];
    const policies = policiesWith(most, mode, aPolicy('EVENT_MEETINGS_ANSWER_HOURS', 24), aPolicy('EVENT_MEETINGS_REQUESTS', 'OPT_IN'));
    expect(refused(new Meetings(aSetting({ policies })), 0, 1)).toEqual(['MEETING.REQUEST.WILLING']);
    const all = new Meetings(aSetting({ policies, wanting: [0, 1, 2].map((n) => [n, { takesRequests: true }]) }));
    expect(requested(all, 2, 0).until).toBe('2027-05-02T08:00:00.000Z');
    const [one, other] = [accepted(all, 0, 1), accepted(all, 1, 2)];
    expect(failedRules(() => all.give(decisions.scheduleMeeting, one.id, at('09:00'), self(0)))).toEqual(['MEETING.SCHEDULE.MODE']);
    all.give(decisions.scheduleMeeting, one.id, at('09:00'), organiser);
    const schedule = () => all.give(decisions.scheduleMeeting, other.id, at('09:30'), organiser);
    expect(failedRules(schedule)).toEqual(['MEETING.LIMITS.PERSON']);
    try {
      schedule();
    } catch (error) {
      const told = (error as Refusal).verdicts.find(({ rule }) => rule === 'MEETING.LIMITS.PERSON');
      expect(told?.inputs).toMatchObject({ most: 1, policyVersion: { id: most.id, no: 1 }, owner: most.owner });
    }
    expect.assertions(5);
  });

  it('is marked when its slot is over, with who was absent', () => {
    const all = new Meetings();
    const { id } = accepted(all, 0, 1);
    all.give(decisions.scheduleMeeting, id, at('09:00'), self(0));
    const mark = (...absent: string[]) => all.give(decisions.markMeetingNoShow, id, { absent }, organiser);
    expect(failedRules(() => mark(person(2)))).toEqual(['MEETING.SLOT.OVER', 'MEETING.ABSENT.SIDES']);
    all.at = '2027-05-12T07:25:00.000Z';
    expect(mark(person(1))).toMatchObject({ state: 'NO_SHOW', absent: [person(1)] });
  });

  it('follows its event and its participants', () => {
    const all = new Meetings();
    const [one, two, three] = [accepted(all, 0, 1), accepted(all, 2, 3), requested(all, 2, 4)];
    for (const { id } of [one, two]) all.give(decisions.scheduleMeeting, id, at('10:00'), organiser);
    const follow = () => all.take((plan, context) => followEvent(all.setting)(plan, {}, context));
    const states = () => [one, two, three].map(({ id }) => all.view(id).state);
    all.setting = aSetting({ gone: [1] });
    follow();
    expect(states()).toEqual(['CANCELLED', 'SCHEDULED', 'PENDING']);
    all.setting = aSetting({ meetings: { hours: [{ from: '2027-05-12T11:00', to: '2027-05-12T12:00' }] } });
    follow();
    expect(states()).toEqual(['CANCELLED', 'ACCEPTED', 'PENDING']);
    expect(all.view(two.id)).toMatchObject({ startsAt: null, formerly: { startsAt: '2027-05-12T08:00:00.000Z', zone: 'Europe/Madrid' } });
    all.setting = aSetting({ event: { state: 'CANCELLED', reason: 'Strike' } });
    follow();
    expect(states()).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED']);
    expect([all.view(two.id).reason, all.plan.entries]).toEqual(['Strike', []]);
    expect(failedRules(() => all.take((plan, context) => followEvent(all.setting)(plan, {}, context), organiser))).toEqual([
      'MEETING_PLAN.ACTOR',
    ]);
  });

  it('is off when somebody leaves, or gives their seat to a colleague, and says which', () => {
    const all = new Meetings();
    const [left, passedOn] = [accepted(all, 0, 1), accepted(all, 2, 3)];
    all.give(decisions.scheduleMeeting, passedOn.id, at('10:00'), organiser);
    all.setting = aSetting({ gone: [1, 3] });
    const { registration, organisation: its } = all.view(passedOn.id).guest;
    const colleague = { person: newId(), organisation: its, registration };
    all.setting = { ...all.setting, attendees: new Map([...all.setting.attendees, [colleague.person, colleague]]) };
    all.take((plan, context) => followEvent(all.setting)(plan, {}, context));
    expect([left, passedOn].map(({ id }) => [all.view(id).state, all.view(id).reason])).toEqual([
      ['CANCELLED', 'One of the two does not take part any more.'],
      ['CANCELLED', 'One of the two has given their seat to a colleague.'],
    ]);
  });

  it('forgets what a person said when the person is erased, and stays as one that was', () => {
    const all = new Meetings();
    const held = accepted(all, 0, 1);
    all.give(decisions.scheduleMeeting, held.id, at('09:00'), self(0));
    const open = requested(all, 2, 0);
    all.at = '2027-05-12T07:30:00.000Z';
    all.give(decisions.markMeetingHeld, held.id, {}, organiser);
    const forget = () => all.take((plan, context) => forgetInMeetings([held.id, open.id])(plan, { person: person(0) }, context));
    forget();
    expect([held, open].map(({ id }) => all.view(id).state)).toEqual(['HELD', 'CANCELLED']);
    for (const { id } of [held, open]) expect(JSON.stringify(all.view(id))).not.toContain(`account of ${person(0)}`);
    expect(all.view(held.id).accounts).toEqual([`account of ${person(1)}`]);
    expect([held, open].some(({ id }) => saysMore(all.view(id), person(0)))).toBe(false);
    expect(forget().records ?? []).toEqual([]);
  });

  it('never crosses another, whatever is asked for', () => {
    const command = fc.record({
      what: fc.constantFrom('request', 'accept', 'schedule', 'unschedule', 'cancel'),
      one: fc.nat(5),
      other: fc.nat(5),
      which: fc.nat(20),
      time: fc.constantFrom('09:00', '09:30', '10:00', '11:00', '11:30'),
      table: fc.constantFrom('A', 'B', undefined),
    });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const all = new Meetings(aSetting({ meetings: { perPerson: 3, perOrganisation: 4 } }));
        for (const { what, one, other, which, time, table } of commands) {
          const id = [...all.records.keys()][which] ?? newId();
          const guest = all.view(id)?.guest.person ?? person(1);
          const by = self([0, 1, 2, 3, 4, 5].find((n) => person(n) === guest) ?? 0);
          const give = {
            request: () => requested(all, one, other),
            accept: () => all.give(decisions.acceptMeeting, id, {}, by),
            schedule: () => all.give(decisions.scheduleMeeting, id, { ...at(time), table }, by),
            unschedule: () => all.give(decisions.unscheduleMeeting, id, { reason: 'Ill' }, organiser),
            cancel: () => all.give(decisions.cancelMeeting, id, {}, by),
          }[what as 'request'];
          if (what === 'request' || all.view(id)) failedRules(give);
        }
        const placed = [...all.records.values()]
          .filter(({ view }) => view.state === 'SCHEDULED')
          .map(({ view }) => view as unknown as ReturnType<Meetings['view']>);
        const distinct = (keys: string[]) => expect(new Set(keys).size).toBe(keys.length);
        distinct(placed.flatMap(({ persons, startsAt }) => persons.map((each) => `${each} ${startsAt}`)));
        distinct(placed.map(({ table, startsAt }) => `${table} ${startsAt}`));
        for (const n of [0, 1, 2, 3, 4, 5])
          expect(placed.filter(({ persons }) => persons.includes(person(n))).length).toBeLessThanOrEqual(3);
        expect(placed.filter(({ organisations }) => organisations.includes(organisation(4))).length).toBeLessThanOrEqual(4);
        expect(all.plan.entries.filter(({ state }) => state === 'SCHEDULED')).toHaveLength(placed.length);
        for (const { view, version } of all.records.values()) expect(Meeting.contract.view.parse({ ...view, version })).toBeDefined();
      }),
      { numRuns: 100 },
    );
  });
});

describe('Whoever was given no role', () => {
  it('moves no meeting', () => {
    const all = new Meetings();
    const { id } = requested(all, 0, 1);
    for (const decide of [decisions.declineMeeting, decisions.cancelMeeting])
      expect(failedRules(() => all.give(decide, id, {}, self(3)))).toHaveLength(1);
    expect(all.view(id).state).toBe('PENDING');
  });
});
