import type { z } from 'zod';
import type { CalendarTokenView, IssueCalendarToken } from '#libs/contracts/calendar-token';
import type { Stamp } from '#libs/contracts/values';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { failed, judge, passed, rule } from '#libs/domain/verdict';
import { isAdmin } from '#libs/domain/visibility';

export type CalendarTokenState = Omit<CalendarTokenView, keyof Stamp>;
type Issue = z.output<(typeof IssueCalendarToken)['data']>;

const DAY_MS = 86_400_000;

interface Issuing {
  expiresAt: string;
  longest: string;
  context: Context;
}

/** What it opens is looked up by its record whenever it is used. */
const bySomebody = rule(
  'CALENDAR_TOKEN.ISSUE.ACTOR',
  ({ context: { by } }: Issuing) =>
    by.kind === 'PERSON' || (by.kind === 'CLIENT' && by.id !== 'bootstrap')
      ? passed('There is a calendar of whoever asks.')
      : failed('Whoever asks has no record: make a key or client, and ask as that.'),
  { kind: 'NOT_YOURS' },
);

const within = rule('CALENDAR_TOKEN.ISSUE.EXPIRY', ({ expiresAt, longest, context: { at } }: Issuing) => {
  const [ends, last] = [Date.parse(expiresAt), Date.parse(longest)];
  if (ends <= Date.parse(at)) return failed(`${expiresAt} has passed.`, { expiresAt, at }, '/expiresAt');
  return ends <= last
    ? passed('It is over in time.', { expiresAt, longest })
    : failed(`It lasts until ${longest} at most.`, { expiresAt, longest }, '/expiresAt');
});

/** `days`: how long one lasts at most. */
export const issuing =
  (days: number) =>
  (_: CalendarTokenState | null, { name, sha256, expiresAt: said }: Issue, context: Context): Decision<CalendarTokenState> => {
    const { by, at } = context;
    const longest = new Date(Date.parse(at) + days * DAY_MS).toISOString();
    const expiresAt = said ?? longest;
    const verdicts = judge([bySomebody, within], { expiresAt, longest, context });
    const kind = by.kind === 'PERSON' ? 'PERSON' : 'CLIENT';
    const standing = { owner: by.id, kind, roles: kind === 'PERSON' ? by.roles : [], scopes: by.scopes } as const;
    return { next: { name, expiresAt, sha256, ...standing, state: 'ACTIVE', createdAt: at }, facts: [], verdicts };
  };

const byOwner = rule(
  'CALENDAR_TOKEN.REVOKE.ACTOR',
  (token: CalendarTokenState, { by }: Context) =>
    isAdmin(by) || by.id === token.owner || 'Only whose calendar it opens or the platform administrator revokes it.',
  { kind: 'NOT_YOURS' },
);

export function revoke(token: CalendarTokenState | null, _: unknown, context: Context): Decision<CalendarTokenState> {
  const verdicts = judge([byOwner], token!, context);
  return token!.state === 'REVOKED' ? unchanged(token!, verdicts) : { next: { ...token!, state: 'REVOKED' }, facts: [], verdicts };
}

const byItself = rule(
  'CALENDAR_TOKEN.FORGET.ACTOR',
  ({ by }: Context) => by.kind === 'SYSTEM' || 'A token is forgotten with the person whose calendar it opens.',
  { kind: 'NOT_YOURS' },
);

/** It opens nothing from then on, and what it was called is gone. */
export function forgetCalendarToken(token: CalendarTokenState | null, _: object, context: Context): Decision<CalendarTokenState> {
  return { next: token!, facts: [], verdicts: judge([byItself], context), gone: true };
}
