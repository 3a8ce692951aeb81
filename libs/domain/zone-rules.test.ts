import { describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import { DateTime, IANAZone } from 'luxon';
import { vtimezone } from './zone-rules.js';

const [MINUTE, HOUR, WEEK] = [60_000, 3_600_000, 604_800_000];

/** The instant of a local time, by the rules as an independent reader understands them. */
function readerOf(lines: string[]): (local: string) => number {
  const component = new ICAL.Component(ICAL.parse(['BEGIN:VCALENDAR', ...lines, 'END:VCALENDAR'].join('\r\n')) as never);
  const zone = new ICAL.Timezone(component.getFirstSubcomponent('vtimezone')!);
  return (local) => {
    const time = ICAL.Time.fromDateTimeString(local);
    time.zone = zone;
    return time.toUnixTime() * 1000;
  };
}

const [from, to] = ['2018-01-15T00:00:00Z', '2022-06-15T00:00:00Z'];

/** Half hours around every change of the clocks of a zone, and a quarter of a year later. */
function momentsOf(zone: IANAZone): number[] {
  const moments: number[] = [];
  for (let at = Date.parse(from); at < Date.parse(to); at += WEEK) {
    if (zone.offset(at) === zone.offset(at + WEEK)) continue;
    const hours = [...Array(WEEK / HOUR).keys()].map((hour) => at + hour * HOUR);
    const hour = hours.find((each) => zone.offset(each) !== zone.offset(each + HOUR))!;
    moments.push(...[-2, -1, 0, 1, 2, 3, 4, 90 * 48].map((half) => hour + half * 30 * MINUTE));
  }
  return [Date.parse(from), ...moments.filter((at) => at < Date.parse(to))];
}

describe('A zone as VTIMEZONE', () => {
  it('has one rule for summer and one for winter where that is so', () => {
    expect(vtimezone('Europe/Brussels', '2027-03-28T00:00:00Z', '2027-10-31T12:00:00Z')).toEqual([
      'BEGIN:VTIMEZONE',
      'TZID:Europe/Brussels',
      'BEGIN:DAYLIGHT',
      'DTSTART:20260329T020000',
      'TZOFFSETFROM:+0100',
      'TZOFFSETTO:+0200',
      'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
      'END:DAYLIGHT',
      'BEGIN:STANDARD',
      'DTSTART:20261025T030000',
      'TZOFFSETFROM:+0200',
      'TZOFFSETTO:+0100',
      'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
      'END:STANDARD',
      'END:VTIMEZONE',
    ]);
  });

  it('is one time only where the clocks never change', () => {
    expect(vtimezone('Asia/Tokyo', from, to).filter((line) => !/^(BEGIN|END|TZID)/.test(line))).toEqual([
      'DTSTART:20170101T090000',
      'TZOFFSETFROM:+0900',
      'TZOFFSETTO:+0900',
    ]);
  });

  it('ends a rule that was given up', () => {
    const lines = vtimezone('America/Sao_Paulo', '2017-06-01T00:00:00Z', '2020-06-01T00:00:00Z');
    expect(lines.filter((line) => line.startsWith('RRULE')).every((line) => line.includes(';UNTIL='))).toBe(true);
  });

  it('is read by others as it is here, in every zone there is, before and after each change', () => {
    const every = Intl.supportedValuesOf('timeZone');
    expect(every.length).toBeGreaterThan(400);
    const seen = new Set<string>();
    const wrong = every.flatMap((name) => {
      const zone = IANAZone.create(name);
      const lines = vtimezone(name, from, to);
      const moments = momentsOf(zone);
      // Many zones are alike but for their names.
      const alike = JSON.stringify([lines.slice(2), moments]);
      if (seen.has(alike)) return [];
      seen.add(alike);
      const read = readerOf(lines);
      const misread = moments.find((at) => {
        const local = DateTime.fromMillis(at, { zone });
        // A time that comes twice may be either.
        const meant = local.getPossibleOffsets().map((each) => each.toMillis());
        return !meant.includes(read(local.toFormat("yyyy-MM-dd'T'HH:mm:ss")));
      });
      return misread === undefined ? [] : [`${name} ${new Date(misread).toISOString()}`];
    });
    expect(wrong).toEqual([]);
  }, 300_000);
});
