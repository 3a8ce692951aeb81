import { describe, expect, it } from '@jest/globals';
import type { BoundRole } from '#libs/contracts/actor';
import type { Context } from '#libs/domain/decision';
import { failedRules } from '#libs/domain/verdict';
import { changeEvent } from './event-change.js';
import type { PlannedEvent } from './planned-event.js';

const id = '01976a00-0000-7000-8000-000000000001';
const dia = '01976a00-0000-7000-8000-00000000000d';

const anEvent = (over: Partial<PlannedEvent> = {}): PlannedEvent => ({
  title: null,
  partnerships: [dia],
  type: null,
  typeLabel: null,
  targetGroups: ['CLUSTER_ORGANISATIONS'],
  openToSmes: true,
  when: { edtf: '2018-09', precision: 'month', earliest: '2018-09-01', latest: '2018-09-30' },
  whenLabel: 'September 2018',
  zone: null,
  mode: null,
  country: null,
  city: null,
  cityAsPrinted: null,
  state: 'PLANNED',
  no: 1,
  sourceKey: 'DIA:plannedEvents:1',
  externalIds: [],
  ...over,
});

const as = (...roles: BoundRole[]): Context => ({
  id,
  at: '2018-01-01T00:00:00.000Z',
  message: 'm1',
  by: { kind: 'PERSON', id: 'p', roles, scopes: [], at: '2018-01-01T00:00:00.000Z' },
});
const organiser = as({ role: 'EVENT_ORGANISER', binding: { kind: 'EVENT', id } });

describe('Changing an event', () => {
  it('firms up its date and place and tells it as a fact', () => {
    const { next, facts } = changeEvent(anEvent(), { when: '2018-09-12/2018-09-14', city: 'Bilbao', country: 'ES' }, organiser);
    expect(next).toMatchObject({
      city: 'Bilbao',
      country: 'ES',
      when: { edtf: '2018-09-12/2018-09-14', earliest: '2018-09-12', latest: '2018-09-14' },
    });
    expect(facts).toEqual([expect.objectContaining({ type: 'event.changed.v1' })]);
  });

  it('changes nothing when it says what is so already', () => {
    const event = anEvent();
    expect(changeEvent(event, { when: '2018-09', openToSmes: true }, organiser)).toMatchObject({ next: event, facts: [] });
  });

  it.each(['UTC', 'Europe/Kyiv', 'Europe/Kiev', 'America/Argentina/Buenos_Aires'])('takes a zone by any name it has: %s', (zone) => {
    expect(changeEvent(anEvent(), { zone }, organiser).next.zone).toBe(zone);
  });

  it('is for its organiser and for those who run one of its partnerships', () => {
    const coordinator = as({ role: 'PARTNERSHIP_COORDINATOR', binding: { kind: 'PARTNERSHIP', id: dia } });
    expect(failedRules(() => changeEvent(anEvent(), { city: 'Bilbao' }, coordinator))).toEqual([]);
    const stranger = as({ role: 'PARTNERSHIP_COORDINATOR', binding: { kind: 'PARTNERSHIP', id: 'pimap' } });
    expect(failedRules(() => changeEvent(anEvent(), { city: 'Bilbao' }, stranger))).toEqual(['EVENT.CHANGE.ACTOR']);
  });

  it('tells every rule it breaks, with the pointer to each fault', () => {
    const targetGroups = ['CLUSTER_ORGANISATIONS', 'OPEN_TO_SMES'];
    const patch = { type: 'PARTY', targetGroups, when: '2018-13', zone: 'Europe/Atlantis', country: 'QQ' };
    const change = () => changeEvent(anEvent({ state: 'HELD' }), patch, as());
    expect(failedRules(change)).toEqual([
      'EVENT.CHANGE.ACTOR',
      'EVENT.CHANGE.STATE',
      'EVENT.TYPE.KNOWN',
      'EVENT.TARGET_GROUPS.KNOWN',
      'EVENT.WHEN.READABLE',
      'EVENT.ZONE.KNOWN',
      'EVENT.COUNTRY.KNOWN',
    ]);
    expect(change).toThrow(
      expect.objectContaining({
        errors: expect.arrayContaining([
          expect.objectContaining({ pointer: '/targetGroups/1' }),
          expect.objectContaining({ pointer: '/when' }),
        ]),
      }),
    );
  });
});
