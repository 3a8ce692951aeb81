import { describe, expect, it } from '@jest/globals';
import { hears, type Knowledge, levelFor, passes, references, seenAt } from './matching.js';

const dia = '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f';
const gaia = '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e60';
const time = '2020-09-01T08:00:00.000Z';
const knowledge: Knowledge = new Map([
  [dia, { slugs: ['dia', 'discp'], published: true }],
  [gaia, { slugs: [], published: false }],
]);

const aFact = (type: string, data: object, id = dia) => ({ type, subject: `/v1/${type.split('.')[0]}s/${id}`, time, data });
const imported = aFact('partnership.imported.v1', { slug: 'dia', formerSlugs: ['discp'], profile: 'PUBLISHED' });
const planned = aFact('event.recorded.v1', { partnerships: [dia], state: 'PLANNED' }, 'e1');
const rights = (role: string, bound = false) => ({
  owner: 'me',
  roles: [{ role, binding: bound ? { kind: 'PARTNERSHIP' as const, id: dia } : null }],
});

describe('A subscription', () => {
  it('hears what is told from its beginning on', () => {
    expect(hears({ eventTypes: ['*'], createdAt: time }, imported)).toBe(true);
    expect(hears({ eventTypes: ['*'], createdAt: '2020-09-01T08:00:00.001Z' }, imported)).toBe(false);
    expect(hears({ eventTypes: ['event.*'], createdAt: time }, imported)).toBe(false);
  });
});

describe('A filter', () => {
  it('finds the subject itself by id, by slug and by the slug it had before', () => {
    for (const name of [dia, 'dia', 'discp']) expect(passes({ partnership: [name] }, imported, new Map())).toBe(true);
    expect(passes({ partnership: ['pimap'] }, imported, knowledge)).toBe(false);
  });

  it('finds what a fact refers to, one or many, by id or by slug', () => {
    for (const name of [dia, 'dia']) expect(passes({ partnership: [name] }, planned, knowledge)).toBe(true);
    const joined = aFact('membership.recorded.v1', { partnership: dia, cluster: gaia });
    expect(passes({ partnership: ['dia'], cluster: [gaia] }, joined, knowledge)).toBe(true);
    expect(passes({ partnership: ['dia'], cluster: [dia] }, joined, knowledge)).toBe(false);
  });

  it('that names nothing lets everything pass', () => {
    expect(passes(null, planned, new Map())).toBe(true);
    expect(passes({}, planned, new Map())).toBe(true);
  });

  it('lets nothing pass that has no such reference', () => {
    expect(passes({ organisation: [dia] }, planned, knowledge)).toBe(false);
  });
});

describe('Everybody', () => {
  const anybody = rights('PUBLIC');
  const level = (fact: ReturnType<typeof aFact>, known = knowledge) => levelFor(anybody, fact, known);

  it('may learn of what is published', () => {
    for (const fact of [imported, planned]) expect(level(fact)).toBe('PUBLIC');
  });

  it('learns nothing of drafts, of what belongs to them, or of kinds that are not public', () => {
    expect(level(aFact('partnership.imported.v1', { profile: 'DRAFT' }))).toBe('NOTHING');
    expect(level(aFact('event.recorded.v1', { partnerships: [gaia] }))).toBe('NOTHING');
    expect(level(planned, new Map())).toBe('NOTHING');
    expect(level(aFact('membership.recorded.v1', { state: 'ACTIVE', partnership: dia, cluster: gaia }))).toBe('NOTHING');
    expect(level(aFact('report.ready.v1', {}))).toBe('NOTHING');
    expect(level(aFact('thing.made.v1', {}))).toBe('NOTHING');
  });
});

describe('Who runs a partnership', () => {
  const coordinator = rights('PARTNERSHIP_COORDINATOR', true);
  const due = (partnership: string) => aFact('reminder.due.v1', { partnerships: [partnership] }, 'r1');

  it('learns of its drafts and reminders, and of nobody else’s', () => {
    for (const fact of [aFact('partnership.recorded.v1', { profile: 'DRAFT' }), due(dia)])
      expect(levelFor(coordinator, fact, knowledge)).toBe('IN_CHARGE');
    expect(levelFor(coordinator, due(gaia), knowledge)).toBe('NOTHING');
    expect(levelFor(rights('PARTNERSHIP_COORDINATOR'), due(dia), knowledge)).toBe('NOTHING');
  });

  it('learns no more than the scopes of the key it subscribed with name', () => {
    expect(levelFor({ ...coordinator, scopes: ['subscriptions:write', 'reminders:read'] }, due(dia), knowledge)).toBe('IN_CHARGE');
    expect(levelFor({ ...coordinator, scopes: ['subscriptions:write'] }, due(dia), knowledge)).toBe('NOTHING');
  });

  it('is told fields that the public is not', () => {
    const told = aFact('partnership.recorded.v1', { profile: 'PUBLISHED', remarks: [] });
    expect(seenAt('IN_CHARGE', told).data).toEqual(told.data);
    expect(seenAt('PUBLIC', told).data).toEqual({ profile: 'PUBLISHED' });
  });
});

describe('Who asked for a report', () => {
  it('learns that it is ready, though the fact does not say whose it is', () => {
    const ready = aFact('report.ready.v1', {}, 'p1');
    expect(references(ready)).toEqual(['p1']);
    const known: Knowledge = new Map([['p1', { slugs: [], published: false, owner: 'me' }]]);
    expect(levelFor(rights('PUBLIC'), ready, known)).toBe('IN_CHARGE');
    expect(levelFor({ ...rights('PUBLIC'), owner: 'another' }, ready, known)).toBe('NOTHING');
  });
});

describe('The platform administrator', () => {
  it('sees all, unless the role is bound to a part', () => {
    const hidden = aFact('report.ready.v1', {});
    expect(levelFor(rights('PLATFORM_ADMIN'), hidden, new Map())).toBe('IN_CHARGE');
    expect(levelFor(rights('PLATFORM_ADMIN', true), hidden, new Map())).toBe('NOTHING');
  });
});
