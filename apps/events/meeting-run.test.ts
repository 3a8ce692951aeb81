import { describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { failedRules } from '#libs/domain/verdict';
import * as decisions from './meeting.js';
import { adoptSchedule, problemOf, startSchedule } from './meeting-run.js';
import { aSetting, Meetings, organiser, person, self } from './meeting-samples.js';
import { inTurns, scheduled } from './meeting-schedule.js';

function accepted(all: Meetings, one: number, other: number, priority: 'LOW' | 'HIGH' = 'LOW') {
  const id = newId();
  all.give(decisions.requestMeeting, id, { requester: person(one), guest: person(other), priority }, self(one));
  return all.give(decisions.acceptMeeting, id, {}, self(other));
}

const start = (all: Meetings, by = organiser) => all.take((plan, context) => startSchedule(all.setting)(plan, { seed: 7 }, context), by);

async function computed(all: Meetings) {
  const { slots, tables } = all.setting;
  const result = await inTurns(scheduled(problemOf(all.plan, all.setting, all.at), all.plan.run!.seed));
  const placed = result.placed.map(({ id, slot, table }) => ({
    meeting: id,
    startsAt: slots[slot]!.startsAt,
    table: table === null ? null : tables![table]!,
  }));
  return { ...result, placed, more: false, run: all.plan.run!.id };
}

describe('The schedule of an event', () => {
  it('gives accepted meetings slots and tables, and says how good it is', async () => {
    const all = new Meetings();
    const pairs = [
      [0, 1],
      [2, 3],
      [0, 2],
      [1, 3],
      [0, 4],
      [1, 5],
    ] as const;
    const meetings = pairs.map(([one, other]) => accepted(all, one, other));
    const begun = start(all);
    expect([begun.answer, all.plan.run]).toMatchObject(['LATER', { state: 'RUNNING', wished: { count: 6, weight: 30 }, met: null }]);
    const data = await computed(all);
    const { settles } = all.take((plan, context) => adoptSchedule(all.setting)(plan, data, context));
    expect(settles).toEqual([{ message: all.plan.run!.asked, refusal: null }]);
    expect(all.plan.run).toMatchObject({ state: 'DONE', seed: 7, met: { count: 6, weight: 30 }, bound: { count: 6, weight: 30 }, late: 0 });
    expect(meetings.map(({ id }) => all.view(id).state)).toEqual(Array(6).fill('SCHEDULED'));
    expect(all.facts.at(-1)).toBe('meeting-plan.computed.v1');
  });

  it('keeps what stands, and takes what counts more where not all can be had', async () => {
    const all = new Meetings(aSetting({ meetings: { tables: ['A'], breaks: [{ from: '2027-05-12T09:30', to: '2027-05-12T11:30' }] } }));
    const stands = accepted(all, 0, 1);
    all.give(decisions.scheduleMeeting, stands.id, { start: '2027-05-12T09:00' }, self(0));
    const [low, high] = [accepted(all, 0, 2), accepted(all, 1, 3, 'HIGH')];
    start(all);
    const data = await computed(all);
    all.take((plan, context) => adoptSchedule(all.setting)(plan, data, context));
    expect([stands, low, high].map(({ id }) => [all.view(id).state, all.view(id).start])).toEqual([
      ['SCHEDULED', '2027-05-12T09:00'],
      ['ACCEPTED', null],
      ['SCHEDULED', '2027-05-12T11:30'],
    ]);
    expect(all.plan.run).toMatchObject({ kept: 1, met: { count: 1, weight: 7 }, bound: { count: 1, weight: 7 } });
  });

  it('drops what has changed while it was computed', async () => {
    const all = new Meetings(aSetting({ meetings: { tables: ['A'], hours: [{ from: '2027-05-12T09:00', to: '2027-05-12T09:25' }] } }));
    const [one, other] = [accepted(all, 0, 1, 'HIGH'), accepted(all, 2, 3)];
    start(all);
    const data = await computed(all);
    expect(data.placed.map(({ meeting }) => meeting)).toEqual([one.id]);
    all.give(decisions.scheduleMeeting, other.id, { start: '2027-05-12T09:00' }, self(2));
    all.take((plan, context) => adoptSchedule(all.setting)(plan, data, context));
    expect([all.view(one.id).state, all.plan.run?.late]).toEqual(['ACCEPTED', 1]);
    const again = all.take((plan, context) => adoptSchedule(all.setting)(plan, data, context));
    expect([again.records ?? [], again.facts]).toEqual([[], []]);
  });

  it('is written in parts, the last of which ends it', async () => {
    const all = new Meetings();
    for (const [one, other] of [
      [0, 1],
      [2, 3],
      [0, 2],
    ] as const)
      accepted(all, one, other);
    start(all);
    const { placed, ...worth } = await computed(all);
    const part = (from: number, to: number, more: boolean) =>
      all.take((plan, context) => adoptSchedule(all.setting)(plan, { ...worth, placed: placed.slice(from, to), more }, context));
    const first = part(0, 2, true);
    expect([first.records?.length, first.settles, all.plan.run?.state]).toEqual([2, undefined, 'RUNNING']);
    const last = part(2, 3, false);
    expect([last.records?.length, last.settles?.length, all.plan.run?.state, all.plan.run?.late]).toEqual([1, 1, 'DONE', 0]);
  });

  it('is computed once at a time, for the organiser, while the event is on', () => {
    const all = new Meetings(aSetting({ event: { state: 'CANCELLED' }, meetings: { tables: [] } }));
    expect(failedRules(() => start(all, self(0)))).toEqual([
      'MEETING_PLAN.COMPUTE.ACTOR',
      'MEETING_PLAN.COMPUTE.EVENT',
      'MEETING_PLAN.COMPUTE.SLOTS',
    ]);
    all.setting = aSetting();
    expect(start(all).due).toMatchObject({ command: { type: 'meeting-plan.settle.v1' } });
    expect(failedRules(() => start(all))).toEqual(['MEETING_PLAN.COMPUTE.ONE']);
  });
});
