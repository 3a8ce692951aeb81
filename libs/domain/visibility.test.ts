import { describe, expect, it } from '@jest/globals';
import type { BoundRole } from '#libs/contracts/actor';
import { isAdmin, isTold, levelOf, membershipsFor, neededFor, parentsOf, partnersSeen, redact, seenAt } from './visibility.js';

const reader = (role: string, kind: 'PARTNERSHIP' | 'EVENT' | 'CLUSTER', id: string) => bound({ role, binding: { kind, id } });
const bound = (...roles: BoundRole[]) => ({ id: 'me', roles, scopes: [] as string[] });
const anybody = bound();
const published = { id: 'a', profile: 'PUBLISHED' };
const draft = { id: 'b', profile: 'DRAFT' };
const reminder = { id: 'r1', partnerships: ['dia'], subject: '/v1/events/e1' };

describe('A view', () => {
  it('is public by itself, by one of its parents, or by all of them', () => {
    expect(levelOf('clusters', published, anybody, [])).toBe('PUBLIC');
    expect(levelOf('clusters', draft, anybody, [])).toBe('NOTHING');
    expect(levelOf('events', { id: 'e1' }, anybody, [draft, published])).toBe('PUBLIC');
    const membership = { id: 'm1', state: 'ACTIVE', partnership: 'p', cluster: 'c' };
    expect(parentsOf('memberships', membership)).toEqual(['p', 'c']);
    expect(levelOf('memberships', membership, anybody, [published, published])).toBe('PUBLIC');
    expect(levelOf('memberships', membership, anybody, [published, draft])).toBe('NOTHING');
  });

  it('that is not named is seen by nobody', () => {
    expect(levelOf('weather', { id: 'w1' }, bound({ role: 'PLATFORM_ADMIN', binding: null }), [])).toBe('NOTHING');
  });

  it('is seen in full by the roles bound to what it belongs to, and by whoever owns it', () => {
    expect(levelOf('reminders', reminder, reader('PARTNERSHIP_COORDINATOR', 'PARTNERSHIP', 'dia'), [])).toBe('IN_CHARGE');
    expect(levelOf('reminders', reminder, reader('PARTNERSHIP_COORDINATOR', 'PARTNERSHIP', 'pimap'), [])).toBe('NOTHING');
    expect(levelOf('reports', { id: 'p1', owner: 'me' }, anybody, [])).toBe('IN_CHARGE');
  });

  it('that names the event by its path is seen by who organises it', () => {
    expect(levelOf('reminders', reminder, reader('EVENT_ORGANISER', 'EVENT', 'e1'), [])).toBe('IN_CHARGE');
    expect(levelOf('reminders', reminder, reader('EVENT_ORGANISER', 'EVENT', 'e11'), [])).toBe('NOTHING');
  });

  it('is not seen through scopes that do not name it', () => {
    const coordinator = reader('PARTNERSHIP_COORDINATOR', 'PARTNERSHIP', 'dia');
    expect(levelOf('reminders', reminder, { ...coordinator, scopes: ['events:read'] }, [])).toBe('NOTHING');
    expect(levelOf('reminders', reminder, { ...coordinator, scopes: ['reminders:read'] }, [])).toBe('IN_CHARGE');
  });

  it('leaves out what a level does not see, and nothing else', () => {
    const view = { id: 'p1', name: 'DIA', remarks: [], operationalManager: null };
    expect(redact('partnerships', view, 'PUBLIC')).toEqual({ id: 'p1', name: 'DIA' });
    expect(redact('partnerships', view, 'IN_CHARGE')).toBe(view);
  });
});

describe('A profile with a draft', () => {
  const view = { id: 'p1', profile: 'PUBLISHED', name: 'DIA', draft: { name: 'DIA Europe', profile: 'DRAFT' } };
  const belonging = { id: 'm1', state: 'ACTIVE', partnership: 'p1', cluster: 'c1' };

  it('is read as it stands by the public, as it is written by those who belong to it', () => {
    expect(seenAt('partnerships', view, 'PUBLIC')).toEqual({ id: 'p1', profile: 'PUBLISHED', name: 'DIA' });
    const written = { id: 'p1', profile: 'DRAFT', draftOf: 'PUBLISHED', name: 'DIA Europe' };
    expect(seenAt('partnerships', view, 'MEMBER')).toEqual(written);
    expect(seenAt('partnerships', { ...view, draft: null }, 'MEMBER')).toEqual({ id: 'p1', profile: 'PUBLISHED', name: 'DIA' });
  });

  it('is its members’ by memberships that are active', () => {
    const member = reader('CLUSTER_MANAGER', 'CLUSTER', 'c1');
    expect(levelOf('partnerships', view, member, [belonging])).toBe('MEMBER');
    expect(levelOf('partnerships', { ...view, profile: 'DRAFT' }, member, [belonging])).toBe('MEMBER');
    expect(levelOf('partnerships', view, member, [{ ...belonging, state: 'ENDED' }])).toBe('PUBLIC');
    expect(levelOf('partnerships', view, member, [{ ...belonging, partnership: 'p2' }])).toBe('PUBLIC');
    expect(levelOf('partnerships', view, reader('EVENT_ORGANISER', 'CLUSTER' as never, 'c1'), [belonging])).toBe('PUBLIC');
    const coordinator = reader('PARTNERSHIP_COORDINATOR', 'PARTNERSHIP', 'p1');
    expect(levelOf('clusters', { id: 'c1', profile: 'DRAFT' }, coordinator, [belonging])).toBe('MEMBER');
    expect(membershipsFor('clusters', coordinator)).toEqual({ field: 'partnership', ids: ['p1'] });
    expect(membershipsFor('events', coordinator).ids).toEqual([]);
  });

  it('is told of to those who see it; the public is told what was public', () => {
    const needed = (type: string, profile: string) => neededFor('partnerships', { type: `partnership.${type}.v1`, data: { profile } });
    expect(needed('changed', 'PUBLISHED')).toBe('PUBLIC');
    expect(needed('changed', 'DRAFT')).toBe('MEMBER');
    expect(needed('draft-changed', 'PUBLISHED')).toBe('MEMBER');
    expect(needed('profile-submitted', 'PUBLISHED')).toBe('MEMBER');
    expect(neededFor('events', { type: 'event.changed.v1', data: {} })).toBe('PUBLIC');
    expect(isTold('MEMBER', 'MEMBER')).toBe(true);
    expect(isTold('PUBLIC', 'MEMBER')).toBe(false);
    expect(isTold('NOTHING', 'NOTHING')).toBe(false);
  });
});

describe('The clusters of a partnership', () => {
  const clusters = [published, draft];

  it('count for the public when they are published, and for who runs the partnership in any case', () => {
    expect(partnersSeen(clusters, 'PUBLIC', anybody)).toEqual([published]);
    expect(partnersSeen(clusters, 'IN_CHARGE', anybody)).toEqual(clusters);
  });

  it('count for who manages them, whatever the scopes: the partnership may be read', () => {
    const manager = { ...reader('CLUSTER_MANAGER', 'CLUSTER', 'b'), scopes: ['partnerships:read'] };
    expect(partnersSeen(clusters, 'PUBLIC', manager)).toEqual(clusters);
  });
});

describe('The platform administrator', () => {
  it('is one only where the role is bound to nothing', () => {
    expect(isAdmin(bound({ role: 'PLATFORM_ADMIN', binding: null }))).toBe(true);
    expect(isAdmin(reader('PLATFORM_ADMIN', 'PARTNERSHIP', 'dia'))).toBe(false);
  });
});
