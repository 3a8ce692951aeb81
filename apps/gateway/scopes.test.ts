import { describe, expect, it } from '@jest/globals';
import { covers, within } from './scopes.js';

describe('A scope', () => {
  it.each([
    [[], 'events:write', true],
    [['events:read'], 'events:read', true],
    [['events:read'], 'events:write', false],
    [['events:write'], 'events:read', true],
    [['admin'], 'events:write', true],
    [['events:write'], 'admin', false],
    [['events:write'], 'event-types:read', false],
  ])('of %j covers %s: %s', (held, scope, covered) => {
    expect(covers(held, scope)).toBe(covered);
  });

  it('is narrowed to what is held', () => {
    expect(within(['events:write'], ['events:read', 'clusters:read'])).toEqual(['events:read']);
  });
});
