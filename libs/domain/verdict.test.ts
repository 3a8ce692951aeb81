import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evaluate, failed, failedRules, judge, type Kind, notApplicable, passed, Refusal, rule } from './verdict.js';

interface Agreement {
  readonly state: string;
  readonly signedBy: readonly string[];
}
interface Sign {
  readonly party: string;
}

const oncePerParty = rule(
  'AGREEMENT.SIGN.ONCE_PER_PARTY',
  (agreement: Agreement, { party }: Sign) => !agreement.signedBy.includes(party) || `Party ${party} has signed already.`,
);
const open = rule('AGREEMENT.SIGN.STATE', ({ state }: { readonly state: string }) => state === 'OPEN' || 'It is not open.', {
  kind: 'WRONG_STATE',
});
const known = rule('AGREEMENT.SIGN.ACTOR', (_: Agreement, { party }: Sign) => party !== 'stranger' || 'It is not yours.', {
  kind: 'NOT_YOURS',
});

describe('Judging', () => {
  it('answers with every verdict when no rule has failed', () => {
    expect(judge([open, [oncePerParty, known]], { state: 'OPEN', signedBy: [] }, { party: 'gaia' })).toEqual([
      { rule: 'AGREEMENT.SIGN.STATE', version: 1, outcome: 'PASSED', message: 'Holds.', inputs: {}, source: null },
      { rule: 'AGREEMENT.SIGN.ONCE_PER_PARTY', version: 1, outcome: 'PASSED', message: 'Holds.', inputs: {}, source: null },
      { rule: 'AGREEMENT.SIGN.ACTOR', version: 1, outcome: 'PASSED', message: 'Holds.', inputs: {}, source: null },
    ]);
  });

  it('judges every rule before it refuses', () => {
    const sign = () => judge([open, oncePerParty, known], { state: 'SIGNED', signedBy: ['stranger'] }, { party: 'stranger' });
    expect(failedRules(sign)).toEqual(['AGREEMENT.SIGN.STATE', 'AGREEMENT.SIGN.ONCE_PER_PARTY', 'AGREEMENT.SIGN.ACTOR']);
  });

  it('keeps version, source and inputs of each rule', () => {
    const limit = rule('LIMIT', (n: number) => (n > 4 ? failed('At most 4.', { n, limit: 4 }, '/items/4') : passed('At most 4.', { n })), {
      version: 3,
      source: 'seed',
    });
    expect(evaluate([limit], 5)).toEqual([
      { rule: 'LIMIT', version: 3, outcome: 'FAILED', message: 'At most 4.', inputs: { n: 5, limit: 4 }, source: 'seed' },
    ]);
  });

  it('does not refuse for what is not applicable', () => {
    const imported = rule('IMPORTED', () => notApplicable('An import records, it does not decide.'));
    expect(judge([imported])[0]?.outcome).toBe('NOT_APPLICABLE');
  });

  it('does not compile with rules about something else', () => {
    const about = rule('TEXT', (text: string) => text.length > 0 || 'Empty.');
    // @ts-expect-error a number is no text
    expect(judge([about, []], 'a').length + evaluate([rule('NUMBER', (n: number) => n > 0 || 'No.')], '1').length).toBe(2);
  });

  it('lets a rule that breaks be a fault of the product, not a refusal', () => {
    const broken = rule('BROKEN', () => {
      throw new TypeError('undefined is not a function');
    });
    expect(() => judge([broken])).toThrow(TypeError);
    expect(() => failedRules(() => judge([broken]))).toThrow(TypeError);
  });
});

describe('A refusal', () => {
  const kinds = ['NOT_YOURS', 'ABSENT', 'WRONG_STATE', 'OUTDATED', 'RULE'] as const;
  const refusalOf = (failing: readonly Kind[]): Refusal => {
    try {
      judge(failing.map((kind, index) => rule(`R${index}`, () => failed(`No ${index}.`, {}, `/${index}`), { kind })));
    } catch (error) {
      return error as Refusal;
    }
    throw new Error('nothing was refused');
  };

  it('is of the gravest kind and tells the first failed rule of that kind', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 8 }), (failing) => {
        const refusal = refusalOf(failing);
        expect(refusal.kind).toBe(kinds.find((kind) => failing.includes(kind)));
        expect(refusal.code).toBe(`R${failing.indexOf(refusal.kind)}`);
        expect(refusal.message).toBe(`No ${failing.indexOf(refusal.kind)}.`);
        expect(refusal.verdicts).toHaveLength(failing.length);
      }),
    );
  });

  it('points at every fault of every failed rule', () => {
    const codes = rule('CODES', () =>
      failed('2 unknown codes.', {}, [
        { pointer: '/a/0', message: 'x' },
        { pointer: '/a/1', message: 'y' },
      ]),
    );
    const title = rule('TITLE', () => failed('A title is needed.', {}, '/title'));
    expect(() => judge([codes, title])).toThrow(
      expect.objectContaining({
        errors: [
          { pointer: '/a/0', message: 'x' },
          { pointer: '/a/1', message: 'y' },
          { pointer: '/title', message: 'A title is needed.' },
        ],
      }),
    );
  });

  it('is the same after a journey as JSON', () => {
    const refusal = refusalOf(['RULE', 'WRONG_STATE']);
    const back = Refusal.from(JSON.parse(JSON.stringify(refusal)));
    expect(back).toBeInstanceOf(Refusal);
    expect(back.toJSON()).toEqual(refusal.toJSON());
    expect(back.message).toBe('No 1.');
  });

  it('can be given for one reason alone', () => {
    const refusal = Refusal.because('PARTNERSHIP.SLUG.UNIQUE', 'The slug dia is taken.', { pointer: '/slug' });
    expect(refusal.kind).toBe('RULE');
    expect(refusal.errors).toEqual([{ pointer: '/slug', message: 'The slug dia is taken.' }]);
    expect(
      failedRules(() => {
        throw refusal;
      }),
    ).toEqual(['PARTNERSHIP.SLUG.UNIQUE']);
  });
});
