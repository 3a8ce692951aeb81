import type { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import type { ApiKeyView, IssueApiKey } from '#libs/contracts/api-key';
import type { Stamp } from '#libs/contracts/values';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { failed, judge, notApplicable, passed, rule } from '#libs/domain/verdict';
import { isAdmin } from '#libs/domain/visibility';
import { byAdmin, rolesAreKnown, scopesStayWithin } from './grants.js';

export type ApiKeyState = Omit<ApiKeyView, keyof Stamp>;
type Issue = z.output<(typeof IssueApiKey)['data']>;

const notOverAlready = rule('API_KEY.ISSUE.EXPIRY', ({ expiresAt }: Issue, _: Actor, at: string) => {
  if (expiresAt === null) return notApplicable('It does not expire.');
  return Date.parse(expiresAt) > Date.parse(at)
    ? passed('It expires in the future.', { expiresAt, at })
    : failed(`${expiresAt} has passed: the key could never be used.`, { expiresAt, at }, '/expiresAt');
});

const issueRules = [
  byAdmin('API_KEY.ISSUE.ACTOR', 'Only the platform administrator gives keys.'),
  rolesAreKnown('API_KEY.ISSUE.ROLE', () => '/role'),
  scopesStayWithin('API_KEY.ISSUE.SCOPE'),
  notOverAlready,
];

const revokedByOwner = rule(
  'API_KEY.REVOKE.ACTOR',
  (key: ApiKeyState, by: Actor) => isAdmin(by) || by.id === key.owner || 'Only who made the key or the platform administrator revokes it.',
  {
    kind: 'NOT_YOURS',
  },
);

export function issue(_: ApiKeyState | null, data: Issue, { by, at }: Context): Decision<ApiKeyState> {
  const verdicts = judge(issueRules, data, by, at);
  return { next: { ...data, state: 'ACTIVE', owner: by.id, createdAt: at }, facts: [], verdicts };
}

export function revoke(key: ApiKeyState | null, _: unknown, { by }: Context): Decision<ApiKeyState> {
  const verdicts = judge([revokedByOwner], key!, by);
  return key!.state === 'REVOKED' ? unchanged(key!, verdicts) : { next: { ...key!, state: 'REVOKED' }, facts: [], verdicts };
}
