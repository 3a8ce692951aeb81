import { z } from 'zod';
import { BoundRole } from './actor.js';
import { aggregate } from './message.js';
import { Id, Instant, Sha256, UpdatedAt, Version } from './values.js';

const fields = {
  name: z.string().min(1).max(200),
  roles: z.array(BoundRole).min(1).max(20),
  scopes: z
    .array(z.string().regex(/^([a-z-]+:(read|write)|admin)$/))
    .max(100)
    .describe('<resource>:read, <resource>:write, admin; empty = what the roles may'),
  expiresAt: Instant.nullable(),
  test: z.boolean().describe('cb_test_ keys work with embedded engines only'),
};

/** The key itself is shown once, when it is made, and is nowhere stored: only its hash. */
export const ApiKeyView = z
  .object({
    ...fields,
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    prefix: z.string().describe('how it begins, to tell keys apart'),
    sha256: Sha256,
    state: z.enum(['ACTIVE', 'REVOKED']),
    owner: z.string().describe('id of who made it'),
    createdAt: Instant,
  })
  .meta({ id: 'ApiKey' });
export type ApiKeyView = z.infer<typeof ApiKeyView>;

export const ApiKey = aggregate('api-key', {
  service: 'gateway',
  resource: 'api-keys',
  view: ApiKeyView,
  fields: ['owner', 'state', 'sha256'],
  withheld: ['sha256'],
});

export const IssueApiKey = ApiKey.command('issue.v1', z.object({ ...fields, prefix: z.string(), sha256: Sha256 }), ApiKeyView, 'NEW');
export const RevokeApiKey = ApiKey.command('revoke.v1', z.object({}), ApiKeyView);

ApiKey.refuses([IssueApiKey], {
  'API_KEY.TEST': ['RULE', 'Test keys exist with embedded engines only.'],
  'API_KEY.ISSUE.ACTOR': ['NOT_YOURS', 'Keys are given by the platform administrator.'],
  'API_KEY.ISSUE.ROLE': ['RULE', 'A role is not one of roles.json.'],
  'API_KEY.ISSUE.SCOPE': ['RULE', 'A scope is none, exceeds the roles, or what the own token may.'],
  'API_KEY.ISSUE.EXPIRY': ['RULE', 'The key would be over before it is given.'],
});

ApiKey.refuses([RevokeApiKey], {
  'API_KEY.REVOKE.ACTOR': ['NOT_YOURS', 'A key is revoked by who made it or the platform.'],
});
