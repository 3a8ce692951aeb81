import { describe, expect, it } from '@jest/globals';
import { ourScopes, rolesOf } from './oidc-roles.js';

describe('The roles in a claim', () => {
  it('are bound as they say', () => {
    expect(rolesOf(['PARTNERSHIP_COORDINATOR:PARTNERSHIP:p1', 'PLATFORM_ADMIN'])).toEqual([
      { role: 'PARTNERSHIP_COORDINATOR', binding: { kind: 'PARTNERSHIP', id: 'p1' } },
      { role: 'PLATFORM_ADMIN', binding: null },
    ]);
    expect(rolesOf('EVENT_ORGANISER:EVENT:e1 ALUMNUS')).toHaveLength(2);
  });

  it.each([
    ['no role of ours', ['WIZARD', 'openid', '', 'SYSTEM']],
    ['a binding that is none', ['CLUSTER_MANAGER:PLANET:x', 'CLUSTER_MANAGER:', 'CLUSTER_MANAGER:CLUSTER:', 'CLUSTER_MANAGER:CLUSTER']],
    ['no text', [7, null, { role: 'PLATFORM_ADMIN' }]],
    ['nothing', undefined],
    ['an object', { PLATFORM_ADMIN: true }],
  ])('that are %s give nothing', (_, claim) => {
    expect(rolesOf(claim)).toEqual([]);
  });
});

describe('The scopes in a token of an issuer', () => {
  it('are those of ours', () => {
    expect(ourScopes('openid profile events:read admin')).toEqual(['events:read', 'admin']);
    expect(ourScopes(undefined)).toEqual([]);
  });
});
