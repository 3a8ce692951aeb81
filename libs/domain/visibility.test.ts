import { describe, expect, it } from '@jest/globals';
import type { BoundRole } from '#libs/contracts/actor';
import { isAdmin, levelOf, parentsOf, partnersSeen, redact } from './visibility.js';

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
