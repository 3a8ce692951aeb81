import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fresh, lying, type OutboxEntry, type Recent, taken } from './document.js';
import { unremembered } from './recent.js';

const recents = fc.array(
  fc
    .record({ id: fc.uuid(), version: fc.nat(), failure: fc.string() })
    .map(({ id, version, failure }): Recent => ({ ...unremembered(id, version), failure })),
);
const entries = fc.array(fc.nat().map((seq): OutboxEntry => ({ seq, kind: 'state' })));

describe('A document', () => {
  it('is taken as it was laid', () => {
    fc.assert(
      fc.property(recents, entries, (recent, outbox) => {
        const doc = { ...fresh<object>('d'), rev: 1, state: { any: ['thing'] }, recent, outbox };
        expect(taken(lying(doc))).toEqual(doc);
      }),
    );
  });

  it('holds what is read whole as texts', () => {
    const doc = { ...fresh<object>('d'), outbox: [{ seq: 7, kind: 'state' as const }] };
    expect(lying(doc)).toMatchObject({ outbox: ['{"seq":7,"kind":"state"}'], recent: [] });
  });
});
