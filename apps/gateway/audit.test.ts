import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AuditEntry, type Chainable, chained, firstBroken, hashOf, ORIGIN, outcomeOf } from './audit.js';
import { type AuditAsked, auditAsked, isAsked, numberFrom } from './audit-query.js';
import { Problem } from './problem.js';

const attempt = (n: number): Chainable => ({
  id: `a${n}`,
  at: '2026-01-01T00:00:00.000Z',
  by: { kind: 'CLIENT', id: 'c' },
  method: 'PATCH',
  route: '/v1/events/:id',
  resource: 'events',
  subject: `e${n}`,
  status: 200,
  outcome: 'DONE',
  code: null,
  message: `m${n}`,
  trace: '4bf92f3577b34da6a3ce929d0e0e4736',
  dryRun: false,
  partnerships: ['p'],
});
const chain = (length: number) =>
  chained(
    ORIGIN,
    1,
    Array.from({ length }, (_, i) => attempt(i)),
  );
const begin = { ...ORIGIN, fence: 0 };
const length = fc.integer({ min: 1, max: 20 });
const within = fc.tuple(length, fc.nat()).map(([size, place]) => [chain(size), place % size] as const);

describe('The chain of the audit log', () => {
  it('holds as it was written, in one go or in several, and from any place on', () => {
    fc.assert(
      fc.property(within, ([entries, place]) => {
        expect(firstBroken(begin, entries)).toBeNull();
        expect(firstBroken(entries[place]!, entries.slice(place + 1))).toBeNull();
        const rest = chained(entries[place]!, 2, [attempt(99)]);
        expect(firstBroken(begin, [...entries.slice(0, place + 1), ...rest])).toBeNull();
      }),
    );
  });

  it('breaks where anything was changed, whatever it was', () => {
    const changes: [keyof AuditEntry, unknown][] = [
      ['by', { kind: 'CLIENT', id: 'other' }],
      ['at', '2026-01-01T00:00:01.000Z'],
      ['status', 403],
      ['subject', null],
      ['partnerships', []],
      ['fence', 3],
      ['trace', undefined],
    ];
    fc.assert(
      fc.property(within, fc.constantFrom(...changes), ([entries, place], [field, value]) => {
        const forged = entries.with(place, { ...entries[place]!, [field]: value });
        expect(firstBroken(begin, forged)).toMatchObject({ seq: place + 1 });
      }),
    );
  });

  it('breaks at the next link where an entry was rewritten with its hash', () => {
    const entries = chain(5);
    const forged = { ...entries[2]!, status: 403 };
    expect(firstBroken(begin, entries.with(2, { ...forged, hash: hashOf(forged) }))).toMatchObject({ seq: 4 });
  });

  it('breaks where an entry was taken out, put in, or moved', () => {
    const entries = chain(5);
    expect(firstBroken(begin, entries.toSpliced(2, 1))).toMatchObject({ seq: 3 });
    expect(firstBroken(begin, entries.toSpliced(2, 0, entries[1]!))).toMatchObject({ seq: 3 });
    expect(firstBroken(begin, [entries[1]!, entries[0]!])).toMatchObject({ seq: 1 });
  });

  it('breaks where a writer went on whose time was over', () => {
    const first = chained(ORIGIN, 2, [attempt(1)]);
    expect(firstBroken(begin, [...first, ...chained(first[0]!, 1, [attempt(2)])])).toMatchObject({ seq: 2 });
  });

  it('breaks at what has no canonical form', () => {
    const [entry] = chain(1);
    expect(firstBroken(begin, [{ ...entry!, at: new Date() as never }])).toMatchObject({ seq: 1 });
  });
});

describe('An outcome', () => {
  it.each([
    [200, 'DONE'],
    [201, 'DONE'],
    [202, 'ACCEPTED'],
    [401, 'REFUSED'],
    [422, 'REFUSED'],
    [503, 'FAILED'],
  ])('of status %i is %s', (status, outcome) => {
    expect(outcomeOf(status)).toBe(outcome);
  });
});

describe('What of the log is asked for', () => {
  const admin = { kind: 'CLIENT' as const, id: 'admin', roles: [{ role: 'PLATFORM_ADMIN', binding: null }], scopes: [], at: '' };
  const entry = { ...chain(1)[0]!, at: '2026-01-02T12:00:00.000Z' };
  const shows = (asked: AuditAsked) => isAsked(asked, entry);

  it('may be narrowed by who, what, when and how it ended', () => {
    for (const [fits, other] of [
      [{ actor: ['a', 'c'] }, { actor: ['a'] }],
      [{ resource: ['events'] }, { resource: ['imports'] }],
      [{ subject: ['e0'] }, { subject: ['e1'] }],
      [{ outcome: ['DONE', 'REFUSED'] }, { outcome: ['REFUSED'] }],
      [{ from: ['2026-01-02'] }, { from: ['2026-01-03'] }],
      [{ to: ['2026-01-02'] }, { to: ['2026-01-01'] }],
      [{ from: ['2026-01-02T14:00:00+02:00'] }, { from: ['2026-01-02T14:00:01+02:00'] }],
    ])
      expect([shows(auditAsked(fits!, admin)), shows(auditAsked(other!, admin))]).toEqual([true, false]);
  });

  it('is not shown by what an attempt does not say', () => {
    expect(isAsked({ actors: ['c'] }, { ...entry, by: null })).toBe(false);
    expect(isAsked({ subjects: ['e0'] }, { ...entry, subject: null })).toBe(false);
    expect(isAsked({}, { ...entry, by: null, subject: null })).toBe(true);
  });

  it.each([{ from: ['yesterday'] }, { to: ['2026-13-01'] }, { from: ['2026-01-01', '2026-01-02'] }, { outcome: ['GOOD'] }])(
    'is refused where it cannot be read: %j',
    (filters) => {
      expect(() => auditAsked(filters, admin)).toThrow(Problem);
    },
  );

  it('begins at a number', () => {
    expect(numberFrom(undefined)).toBe(1);
    expect(numberFrom('12')).toBe(12);
    for (const wrong of ['0', '-1', 'x', ['1', '2']]) expect(() => numberFrom(wrong)).toThrow(Problem);
  });

  it('is one’s own, that of the partnership one runs, or for the platform all', () => {
    const by = (role: string, id: string | null, name = 'me') => ({
      kind: 'CLIENT' as const,
      id: name,
      roles: [{ role, binding: id ? { kind: 'PARTNERSHIP' as const, id } : null }],
      scopes: [],
      at: '',
    });
    expect(shows(auditAsked({}, admin))).toBe(true);
    expect(shows(auditAsked({}, by('CLUSTER_MANAGER', null, 'c')))).toBe(true);
    expect(shows(auditAsked({}, by('CLUSTER_MANAGER', 'p')))).toBe(false);
    expect(shows(auditAsked({}, by('PARTNERSHIP_COORDINATOR', null)))).toBe(false);
    expect(shows(auditAsked({}, by('PARTNERSHIP_COORDINATOR', 'other')))).toBe(false);
    expect(shows(auditAsked({}, by('PARTNERSHIP_COORDINATOR', 'p')))).toBe(true);
  });
});
