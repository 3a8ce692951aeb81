import { describe, expect, it } from '@jest/globals';
import type { Actor } from '#libs/contracts/actor';
import { rolesTowards } from './standing.js';

const somebody: Actor = {
  kind: 'CLIENT',
  id: 'key',
  at: '2026-01-01T00:00:00.000Z',
  scopes: [],
  roles: [
    { role: 'SUPPORT_OFFICE', binding: null },
    { role: 'PARTNERSHIP_COORDINATOR', binding: { kind: 'PARTNERSHIP', id: 'dia' } },
    { role: 'EVENT_ORGANISER', binding: { kind: 'EVENT', id: 'dia' } },
  ],
};

describe('Roles towards a record', () => {
  it('are those bound to what the record belongs to, and those bound to nothing', () => {
    expect(rolesTowards(somebody, { PARTNERSHIP: ['pimap', 'dia'] })).toEqual(['SUPPORT_OFFICE', 'PARTNERSHIP_COORDINATOR']);
  });

  it('do not pass from one kind of binding to another that happens to have the same id', () => {
    expect(rolesTowards(somebody, { CLUSTER: ['dia'] })).toEqual(['SUPPORT_OFFICE']);
  });
});
