import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Jobs, jobIdOf, prefixOf } from './jobs.js';

describe('The id of a job', () => {
  it('is one BullMQ takes: no colon, no integer', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.nat().map(String)), (id) => /^[^:]*\D[^:]*$/s.test(jobIdOf(id))));
  });

  it('differs where the ids differ', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(':', '%', '3', 'A', '-') }),
        fc.string({ unit: fc.constantFrom(':', '%', '3', 'A', '-') }),
        (a, b) => {
          expect(jobIdOf(a) === jobIdOf(b)).toBe(a === b);
        },
      ),
    );
  });
});

describe('Several houses on one Redis', () => {
  it('keep their keys apart', () => {
    expect(prefixOf('a.', 'b')).not.toBe(prefixOf('a', '.b'));
    expect(prefixOf('', 'clusterbridge')).toBe('{/clusterbridge}');
  });
});

describe('A job that repeats', () => {
  it('does not compile: BullMQ would take it and run it once', () => {
    // @ts-expect-error there are no options
    const repeated = (jobs: Jobs) => jobs.add('reports', 'id', {}, { repeat: { every: 1000 } });
    expect(repeated).toBeInstanceOf(Function);
  });
});
