import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Seeking, suggestionOf } from './meeting-suggestions.js';

const someone = (about: Partial<Seeking> = {}): Seeking => ({ offers: [], requests: [], classifications: null, country: null, ...about });
const entry = (title: string, ...technologyFields: string[]) => ({ title, technologyFields });

describe('A suggested counterpart', () => {
  it('scores by what they offer that is sought, what they seek, what both work on, and coming from elsewhere', () => {
    const none = { sectoralIndustries: null, s3PriorityAreas: null, emergingIndustries: null };
    const one = someone({
      requests: [entry('Lenses', 'OPTICS')],
      offers: [entry('Steel', 'METAL')],
      classifications: { ...none, technologyFields: ['A', 'B'] },
      country: 'ES',
    });
    const other = someone({
      offers: [entry('Fine lenses', 'OPTICS', 'GLASS')],
      requests: [entry('Rails', 'METAL')],
      classifications: { ...none, technologyFields: ['B', 'A'] },
      country: 'FI',
    });
    expect(suggestionOf(one, other)).toEqual({
      score: 51,
      parts: [
        { part: 'theyOfferWhatIsSought', points: 20, found: ['Fine lenses: technologyFields:OPTICS'] },
        { part: 'theySeekWhatIsOffered', points: 20, found: ['Steel: technologyFields:METAL'] },
        { part: 'sharedClassifications', points: 6, found: ['technologyFields:A', 'technologyFields:B'] },
        { part: 'otherCountry', points: 5, found: ['FI'] },
      ],
    });
  });

  it('has no points for the same letters of another vocabulary, nor for what is not known', () => {
    const one = someone({ requests: [{ title: 'x', technologyFields: ['A'] }], country: 'ES' });
    expect(suggestionOf(one, someone({ offers: [{ title: 'y', sectoralIndustries: ['A'] }] })).score).toBe(0);
  });

  it('has a score that is the sum of its parts, the same both ways but for who offers and who seeks', () => {
    const codes = fc.array(fc.constantFrom('A', 'B', 'C'), { maxLength: 3 });
    const entries = fc.array(fc.record({ title: fc.constantFrom('x', 'y'), technologyFields: codes, sectoralIndustries: codes }), {
      maxLength: 4,
    });
    const anyone = fc.record({
      offers: entries,
      requests: entries,
      classifications: fc.option(
        fc.record({ technologyFields: codes, sectoralIndustries: codes, s3PriorityAreas: codes, emergingIndustries: codes }),
      ),
      country: fc.constantFrom('ES', 'FI', null),
    });
    fc.assert(
      fc.property(anyone, anyone, (one, other) => {
        const [there, back] = [suggestionOf(one, other), suggestionOf(other, one)];
        expect(there.score).toBe(there.parts.reduce((sum, { points }) => sum + points, 0));
        expect(there.score).toBeLessThanOrEqual(100);
        expect(there.parts.slice(2).map(({ points }) => points)).toEqual(back.parts.slice(2).map(({ points }) => points));
      }),
    );
  });
});
