import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { aggregate, ReplyTo, sequenceOf, versionOf } from './message.js';

describe('The sequence of a fact', () => {
  it('orders facts as text as version and index do', () => {
    const place = fc.tuple(fc.nat(9_999_999_999), fc.nat(999));
    fc.assert(
      fc.property(place, place, ([v, i], [w, j]) => {
        const isBefore = v < w || (v === w && i < j);
        expect(sequenceOf(v, i) < sequenceOf(w, j)).toBe(isBefore);
        expect(versionOf(sequenceOf(v, i))).toBe(v);
      }),
    );
  });
});

describe('An aggregate', () => {
  const View = z.object({ id: z.string(), version: z.number() });
  const { contract, command, fact } = aggregate('thing', { service: 'events', resource: 'things', view: View });
  const Make = command('make.v1', z.object({}), View, 'NEW');
  const Made = fact('made.v1', z.object({ size: z.number() }));

  it('names its commands and facts, and lists them', () => {
    expect([Make.type, Made.type]).toEqual(['thing.make.v1', 'thing.made.v1']);
    expect(contract).toMatchObject({ commands: [Make], facts: [Made], personal: [], scarce: [], fields: [] });
  });

  it('tells in a fact only what the contract names', () => {
    expect(Made.of({ size: 3, email: 'ada@example.org' })).toEqual({ type: 'thing.made.v1', data: { size: 3 } });
  });

  it('tells no fact that lacks what the contract names', () => {
    expect(() => Made.of({})).toThrow();
  });
});

describe('Where an answer goes', () => {
  it('is an instance, or a command of the aggregate that asked', () => {
    expect(ReplyTo.safeParse({ instance: 'g' }).success).toBe(true);
    expect(ReplyTo.safeParse({ service: 'events', type: 't', key: 'k', step: 's' }).success).toBe(true);
    expect(ReplyTo.safeParse({ service: 'events' }).success).toBe(false);
  });
});
