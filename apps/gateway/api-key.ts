import type { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import type { ApiKeyView, IssueApiKey } from '#libs/contracts/api-key';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { failed, judge, passed, rule } from '#libs/domain/verdict';
import { isRole } from '#libs/reference/roles';

export type ApiKeyState = Omit<ApiKeyView, 'id' | 'version'>;
type Issue = z.output<(typeof IssueApiKey)['data']>;

const isAdmin = (by: Actor) => by.roles.some((r) => r.role === 'PLATFORM_ADMIN');

const issuedByAdmin = rule('API_KEY.ISSUE.ACTOR', (_: Issue, by: Actor) => isAdmin(by) || 'Only the platform administrator gives keys.', {
  kind: 'NOT_YOURS',
});

const knownRoles = rule('API_KEY.ISSUE.ROLE', ({ roles }: Issue) => {
  const unknown = roles.flatMap(({ role }, i) =>
    isRole(role) ? [] : [{ pointer: `/roles/${i}/role`, message: `${role} is not a role of roles.json.` }],
  );
  return unknown.length === 0 ? passed('Every role is known.') : failed('A role is not known.', {}, unknown);
});

const revokedByOwner = rule(
  'API_KEY.REVOKE.ACTOR',
  (key: ApiKeyState, by: Actor) => isAdmin(by) || by.id === key.owner || 'Only who made the key or the platform administrator revokes it.',
  {
    kind: 'NOT_YOURS',
  },
);

export function issue(_: ApiKeyState | null, data: Issue, { by, at }: Context): Decision<ApiKeyState> {
  const verdicts = judge([issuedByAdmin, knownRoles], data, by);
  return { next: { ...data, state: 'ACTIVE', owner: by.id, createdAt: at }, facts: [], verdicts };
}

export function revoke(key: ApiKeyState | null, _: unknown, { by }: Context): Decision<ApiKeyState> {
  const verdicts = judge([revokedByOwner], key!, by);
  return key!.state === 'REVOKED' ? unchanged(key!, verdicts) : { next: { ...key!, state: 'REVOKED' }, facts: [], verdicts };
}
