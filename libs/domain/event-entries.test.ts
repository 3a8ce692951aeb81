import { describe, expect, it } from '@jest/globals';
import { edtfDate } from './edtf-date.js';
import { type EventSeen, entriesOf } from './event-entries.js';

const told = { languages: ['en'], language: 'en', urlOf: (id: string) => `https://api.example/v1/events/${id}` };
const seen = (more: Partial<EventSeen> = {}): EventSeen => ({
  id: '01976a00-0000-7000-8000-000000000001',
  version: 4,
  updatedAt: '2027-01-01T08:00:00.000Z',
  state: 'SCHEDULED',
  ...more,
});
const on = (edtf: string, more: Partial<EventSeen> = {}) => entriesOf(seen({ when: edtfDate(edtf), ...more }), told);

describe('An event in a calendar', () => {
  it.each([
    ['a month', '2018-09', '2018-09-01', '2018-09-30'],
    ['about a month', '2018-09~', '2018-09-01', '2018-09-30'],
    ['a year', '2018', '2018-01-01', '2018-12-31'],
    ['a season', '2018-21', '2018-03-01', '2018-05-31'],
    ['two months', '2018-09/2018-10', '2018-09-01', '2018-10-31'],
    ['about a day', '2018-09-12~', '2018-09-12', '2018-09-12'],
    ['an open end, of which its beginning is known', '2018-09/..', '2018-09-01', '2018-09-30'],
    ['an open beginning', '../2018-09', '2018-09-01', '2018-09-30'],
  ])('is tentative and leaves free all days of %s', (_, edtf, first, last) => {
    expect(on(edtf)).toMatchObject([{ time: { kind: 'DAYS', first, last }, status: 'TENTATIVE', busy: false }]);
  });

  it('says in words how far its date is known', () => {
    const [entry] = on('2018-09~');
    expect(entry?.description).toBe('The date is not fixed yet: about September 2018.');
    const [french] = entriesOf(seen({ when: edtfDate('2018-09') }), { ...told, languages: ['fr'], language: 'fr' });
    expect(french?.description).toBe('La date n’est pas encore fixée : septembre 2018.');
  });

  it('is certain when it is announced for days that are', () => {
    expect(on('2018-09-12/2018-09-14')).toMatchObject([
      { time: { first: '2018-09-12', last: '2018-09-14' }, status: 'CONFIRMED', busy: true },
    ]);
    expect(on('2018-09-12', { state: 'PLANNED' })).toMatchObject([{ status: 'TENTATIVE', busy: false }]);
  });

  it('has a time once start, end and zone are said', () => {
    const times = { zone: 'Europe/Madrid', startsAt: '2027-05-12T07:00:00.000Z', endsAt: '2027-05-12T15:00:00.000Z' };
    expect(on('2027-05-12', times)).toMatchObject([{ time: { kind: 'TIMES', ...times } }]);
  });

  it.each(['201X', '19XX'])('does not lie over all others when it is as vague as %s', (edtf) => {
    expect(on(edtf)).toEqual([]);
  });

  it('without a date stands in none', () => {
    expect(entriesOf(seen({ when: null }), told)).toEqual([]);
  });

  it('that is cancelled says so and why, on its day', () => {
    expect(on('2018-09-12', { state: 'CANCELLED', reason: 'No room' })).toMatchObject([
      { time: { first: '2018-09-12' }, status: 'CANCELLED', busy: false, description: 'Cancelled: No room' },
    ]);
  });

  it('that is postponed is off on the day it had, until it has another', () => {
    const formerly = { when: edtfDate('2027-05-12'), zone: 'Europe/Madrid', startsAt: null, endsAt: null };
    const postponed = { state: 'POSTPONED', reason: 'Strike', formerly } as const;
    expect(entriesOf(seen({ ...postponed, when: null }), told)).toMatchObject([
      { time: { first: '2027-05-12' }, status: 'CANCELLED', description: 'Postponed: Strike' },
    ]);
    expect(on('2027-09', postponed)).toMatchObject([{ time: { first: '2027-09-01' }, status: 'TENTATIVE' }]);
  });

  it('that goes to several places has an entry for each, in their order', () => {
    const stops = [
      { country: 'SE', city: 'Västerås', host: 'Robotdalen', from: '2027-05-12', to: '2027-05-12' },
      { country: 'DE', city: 'München', host: null, from: '2027-05-13', to: '2027-05-14' },
    ];
    const [whole, ...parts] = on('2027-05-12/2027-05-14', { stops, title: { en: 'Study visit' } });
    expect(whole!.description).toBe('Stops:\n2027-05-12: Robotdalen, Västerås, Sweden\n2027-05-13 – 2027-05-14: München, Germany');
    expect(parts).toMatchObject([
      { uid: `${whole!.uid}-1`, partOf: whole!.uid, time: { first: '2027-05-12' }, summary: 'Study visit: Västerås', busy: false },
      { uid: `${whole!.uid}-2`, partOf: whole!.uid, time: { first: '2027-05-13', last: '2027-05-14' }, location: 'München, Germany' },
    ]);
  });

  it('is told in the language that is asked for, as far as it is said in it', () => {
    const title = { en: 'Study visit', fr: 'Visite d’étude' };
    const french = { ...told, languages: ['fr', 'en'], language: 'fr' };
    expect(entriesOf(seen({ title, when: edtfDate('2018'), country: 'ES', city: 'Bilbao' }), french)).toMatchObject([
      { summary: 'Visite d’étude', location: 'Bilbao, Espagne' },
    ]);
    expect(on('2018', { typeLabel: 'Study Visits' })).toMatchObject([{ summary: 'Study Visits' }]);
    expect(on('2018', { type: 'STUDY_VISIT' })).toMatchObject([{ summary: 'Study Visits', categories: ['Study Visits'] }]);
    expect(on('2018')).toMatchObject([{ summary: 'Event' }]);
  });

  it('says how to join to whom it is not withheld', () => {
    expect(on('2018', { joinUrl: 'https://meet.example/a' })[0]!.description).toContain('https://meet.example/a');
    expect(JSON.stringify(on('2018', { mode: 'ONLINE' }))).not.toContain('meet.example');
  });
});
