import { describe, expect, it } from '@jest/globals';
import { dayIn, instantOf } from './local-time.js';

describe('A local time', () => {
  it.each([
    ['2027-05-12T09:00', 'Europe/Madrid', '2027-05-12T07:00:00.000Z'],
    ['2027-01-12T09:00', 'Europe/Madrid', '2027-01-12T08:00:00.000Z'],
    ['2027-10-31T02:30', 'Europe/Berlin', '2027-10-31T00:30:00.000Z'],
    ['2027-04-04T01:45', 'Australia/Lord_Howe', '2027-04-03T14:45:00.000Z'],
  ])('%s in %s is one instant', (local, zone, instant) => expect(instantOf(local, zone)).toBe(instant));

  it.each([
    ['2027-03-28T02:30', 'Europe/Berlin'],
    ['2027-03-14T02:00', 'America/New_York'],
    ['2027-02-30T10:00', 'Europe/Berlin'],
    ['2027-05-12T24:00', 'Europe/Berlin'],
    ['2027-05-12T09:00', 'Europe/Atlantis'],
  ])('%s in %s does not exist', (local, zone) => expect(instantOf(local, zone)).toBeNull());

  it('says which day it is there', () => {
    expect(dayIn('Pacific/Auckland', '2027-05-12T13:00:00.000Z')).toBe('2027-05-13');
    expect(dayIn(null, '2027-05-12T13:00:00.000Z')).toBe('2027-05-12');
  });
});
