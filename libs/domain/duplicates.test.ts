import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Comparable, compare, signsOf, similarity, suspectedAmong } from './duplicates.js';

const company = (name: string, more: Partial<Comparable> = {}): Comparable => ({
  id: name,
  name,
  aliases: [],
  country: 'FI',
  type: 'SME',
  website: null,
  address: null,
  externalIds: [],
  ...more,
});
const codes = (a: Comparable, b: Comparable) => compare(a, b).parts.map(({ code }) => code);

describe('Two records', () => {
  it('are suspected to be one organisation by a sum of named parts', () => {
    const one = company('Northern Optics Oy', { website: 'https://www.optics.example/fi', address: { city: 'Oulu' } });
    const other = company('Northern Optics', { website: 'http://optics.example', address: { city: 'OULU' } });
    const { score, parts } = compare(one, other);
    expect(parts).toEqual([
      { code: 'NAME', score: 50, weight: 50 },
      { code: 'WEBSITE', score: 30, weight: 30 },
      { code: 'COUNTRY', score: 10, weight: 10 },
      { code: 'TOWN', score: 10, weight: 10 },
      { code: 'TYPE', score: 5, weight: 5 },
    ]);
    expect(score).toBe(100);
  });

  it('are compared without accents, case and legal form, and by each of their names', () => {
    expect(codes(company('Société Générale S.A.'), company('societe generale', { country: 'FR', type: 'LARGE_COMPANY' }))).toEqual([
      'NAME',
    ]);
    const renamed = company('Optics Nord', { aliases: ['Northern Optics'] });
    expect(compare(company('Northern Optics Oy'), renamed).parts[0]).toMatchObject({ code: 'NAME', score: 50 });
  });

  it('have one VAT number however it is written', () => {
    const vat = (id: string) => [{ system: 'VAT', id }];
    expect(codes(company('A', { externalIds: vat('FI 1234-5678') }), company('B', { externalIds: vat('fi12345678') }))).toContain('VAT');
    expect(codes(company('A', { externalIds: vat('FI1') }), company('B', { externalIds: [{ system: 'PIC', id: 'FI1' }] }))).not.toContain(
      'VAT',
    );
  });

  it('are not suspected for a country and a type', () => {
    expect(suspectedAmong(company('Aalto Paper'), [company('Lumi Robotics'), company('Aalto Paper')])).toEqual([]);
  });

  it('score alike whichever is asked about, never beyond 100, and fully with themselves', () => {
    const name = fc.string({ minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(name, name, (a, b) => {
        const [one, other] = [company(a), company(b)];
        expect(compare(one, other)).toEqual(compare(other, one));
        expect(compare(one, other).score).toBeLessThanOrEqual(100);
        expect(similarity(a, a)).toBe(1);
      }),
    );
  });

  it('that are suspected for their names share a sign they are found by, also where a word is misspelt at its end', () => {
    const signs = (name: string) => signsOf(company(name));
    expect(signs('Northern Optics Oy').some((sign) => signs('Norther Optiks').includes(sign))).toBe(true);
    expect(signs('Aalto Paper').some((sign) => signs('Lumi Robotics').includes(sign))).toBe(false);
  });
});
