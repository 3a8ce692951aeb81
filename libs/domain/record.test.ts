import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stated } from './record.js';

describe('What a source states', () => {
  it('leaves what it does not mention, and takes null as a statement', () => {
    expect(stated({ name: 'MITC', smes: 12, members: 20 }, { smes: undefined, members: null } as never)).toEqual({
      name: 'MITC',
      smes: 12,
      members: null,
    });
  });

  it('gives the very same object when it is stated again', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()), (before, said) => {
        const after = stated(before, said);
        expect(stated(after, said)).toBe(after);
      }),
    );
  });

  it('does not mind the order of members', () => {
    const before = { region: { code: 'SE12', label: 'Östra Mellansverige' } };
    expect(stated(before, { region: { label: 'Östra Mellansverige', code: 'SE12' } })).toBe(before);
  });
});
