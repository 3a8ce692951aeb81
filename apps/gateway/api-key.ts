import type { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import type { ApiKeyView, IssueApiKey } from '#libs/contracts/api-key';
import type { Stamp } from '#libs/contracts/values';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { judge, rule } from '#libs/domain/verdict';
import { isAdmin } from '#libs/domain/visibility';
import { byAdmin, rolesAreKnown, scopesStayWithin } from './grants.js';

export type ApiKeyState = Omit<ApiKeyView, keyof Stamp>;
type Issue = z.output<(typeof IssueApiKey)['data']>;

const issueRules = [
  byAdmin('API_KEY.ISSUE.ACTOR', 'Only the platform administrator gives keys.'),
  rolesAreKnown('API_KEY.ISSUE.ROLE', () => '/role'),
  scopesStayWithin('API_KEY.ISSUE.SCOPE'),
];

const revokedByOwner = rule(
  'API_KEY.REVOKE.ACTOR',
  (key: ApiKeyState, by: Actor) => isAdmin(by) || by.id === key.owner || 'Only who made the key or the platform administrator revokes it.',
  {
    kind: 'NOT_YOURS',
  },
);

export function issue(_: ApiKeyState | null, data: Issue, { by, at }: Context): Decision<ApiKeyState> {
  const verdicts = judge(issueRules, data, by);
  return { next: { ...data, state: 'ACTIVE', owner: by.id, createdAt: at }, facts: [], verdicts };
}

export function revoke(key: ApiKeyState | null, _: unknown, { by }: Context): Decision<ApiKeyState> {
  const verdicts = judge([revokedByOwner], key!, by);
  return key!.state === 'REVOKED' ? unchanged(key!, verdicts) : { next: { ...key!, state: 'REVOKED' }, facts: [], verdicts };
}
