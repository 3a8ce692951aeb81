import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { validate, version } from 'uuid';
import { messageId, newId, partId, sourceId } from './ids.js';

const millis = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);

describe('A new id', () => {
  it('is a UUIDv7 of its time and sorts by it', () => {
    const [earlier, later] = [newId(Date.UTC(2018, 8, 1)), newId(Date.UTC(2018, 8, 2))];
    expect(version(earlier)).toBe(7);
    expect(millis(earlier)).toBe(Date.UTC(2018, 8, 1));
    expect(earlier < later).toBe(true);
  });

  it('is given by the machine’s clock when no time is said', () => {
    expect(Math.abs(millis(newId()) - Date.now())).toBeLessThan(60_000);
    expect(newId()).not.toBe(newId());
  });
});

describe('A message id', () => {
  it('is a UUIDv5 that follows from its parts', () => {
    expect(version(messageId('client', 'POST', '/v1/imports', 'key'))).toBe(5);
    expect(messageId('a', 1, null)).toBe(messageId('a', 1, null));
  });

  it('never changes: what was answered yesterday is found today', () => {
    expect(messageId('client', 'POST', '/v1/imports', 'key')).toMatchInlineSnapshot(`"bc8dbb00-ba9c-502a-bf3b-ff240f5c9eae"`);
  });

  it('differs when the same letters are cut into other parts', () => {
    const parts = fc.array(fc.string({ maxLength: 6 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(messageId(...a) === messageId(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
    expect(messageId('a', 'b,c')).not.toBe(messageId('a,b', 'c'));
    expect(messageId('1')).not.toBe(messageId(1));
  });
});

describe('The id of a part', () => {
  it('is a UUIDv7 of the time of the whole, and no other part’s', () => {
    const places = fc.uniqueArray(fc.nat({ max: 100_000 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(fc.nat({ max: Date.UTC(2100, 0, 1) }), places, (now, all) => {
        const whole = newId(now);
        const ids = all.map((place) => partId(whole, place));
        expect(ids.map((id) => [version(id), validate(id), millis(id)])).toEqual(all.map(() => [7, true, now]));
        expect(new Set([whole, ...ids]).size).toBe(all.length + 1);
        expect(all.map((place) => partId(whole, place))).toEqual(ids);
      }),
    );
  });
});

describe('The id of a source key', () => {
  it('has the layout of UUIDv7 and lies before every id given by a clock', () => {
    fc.assert(
      fc.property(fc.string(), (key) => {
        const id = sourceId(key);
        expect(validate(id)).toBe(true);
        expect(version(id)).toBe(7);
        expect(millis(id)).toBe(Date.UTC(2014, 0, 1));
        expect(id < newId()).toBe(true);
      }),
    );
  });

  it('follows from the key alone', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => expect(sourceId(a) === sourceId(b)).toBe(a === b)));
  });

  it('never changes: an import of next year finds the records of this one', () => {
    expect(sourceId('DIA:plannedEvents:7')).toMatchInlineSnapshot(`"01434b19-8400-758d-a4dc-4c7e5388b90f"`);
  });
});
