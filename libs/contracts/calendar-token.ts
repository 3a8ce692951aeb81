import { z } from 'zod';
import { BoundRole } from './actor.js';
import { aggregate } from './message.js';
import { Id, Instant, Sha256, UpdatedAt, Version } from './values.js';

const said = {
  name: z.string().min(1).max(200).describe('where it is used: "My phone"'),
  expiresAt: Instant.describe('it opens nothing from then on'),
};

/** What opens a calendar of one's own to a program that cannot say who it is. The token is shown once and is nowhere stored: only its hash. */
export const CalendarTokenView = z
  .object({
    ...said,
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    sha256: Sha256,
    state: z.enum(['ACTIVE', 'REVOKED']),
    owner: z.string().describe('id of the person, client or key whose calendar it opens'),
    kind: z.enum(['PERSON', 'CLIENT']),
    roles: z.array(BoundRole).describe('of a person, as they were when it was made; a client or key has those it has now'),
    scopes: z.array(z.string()).describe('of who made it; empty = what the roles may'),
    createdAt: Instant,
  })
  .meta({ id: 'CalendarToken' });
export type CalendarTokenView = z.infer<typeof CalendarTokenView>;

export const CalendarToken = aggregate('calendar-token', {
  service: 'gateway',
  resource: 'calendar-tokens',
  view: CalendarTokenView,
  fields: ['owner', 'state', 'sha256'],
  withheld: ['sha256'],
  personal: ['name'],
});

export const CalendarTokenDraft = z
  .strictObject({ name: said.name, expiresAt: Instant.optional().describe('as late as may be unless said') })
  .meta({ id: 'CalendarTokenDraft', example: { name: 'My phone' } });
export type CalendarTokenDraft = z.infer<typeof CalendarTokenDraft>;

export const IssueCalendarToken = CalendarToken.command(
  'issue.v1',
  CalendarTokenDraft.extend({ sha256: Sha256 }),
  CalendarTokenView,
  'NEW',
);
export const RevokeCalendarToken = CalendarToken.command('revoke.v1', z.object({}), CalendarTokenView);

/** Whose calendar it opens is erased. */
export const ForgetCalendarToken = CalendarToken.command('forget.v1', z.object({ person: Id }), CalendarTokenView);

CalendarToken.refuses([ForgetCalendarToken], {
  'CALENDAR_TOKEN.FORGET.ACTOR': ['NOT_YOURS', 'A calendar token is forgotten with the person whose calendar it opens.'],
});

CalendarToken.refuses([IssueCalendarToken], {
  'CALENDAR_TOKEN.ISSUE.ACTOR': [
    'NOT_YOURS',
    'A calendar is that of a person, a client or an API key; the first key of the house has none.',
  ],
  'CALENDAR_TOKEN.ISSUE.EXPIRY': ['RULE', 'It would be over already, or last longer than calendar tokens do here.'],
});

CalendarToken.refuses([RevokeCalendarToken], {
  'CALENDAR_TOKEN.REVOKE.ACTOR': ['NOT_YOURS', 'A calendar token is revoked by whose calendar it opens, or the platform.'],
});
