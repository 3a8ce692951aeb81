import { z } from 'zod';
import { BoundRole } from './actor.js';
import { ApiKeyView } from './api-key.js';
import { aggregate } from './message.js';
import { Id, Instant, Sha256, UpdatedAt, Version } from './values.js';

const grants = {
  name: z.string().min(1).max(200),
  roles: z.array(BoundRole).min(1).max(20),
  scopes: ApiKeyView.shape.scopes,
};

const owner = {
  partnership: Id.nullable().describe('the partnership it belongs to; null when it belongs to an organisation'),
  organisation: Id.nullable().describe('the organisation it belongs to; null when it belongs to a partnership'),
};

/** A secret itself is shown once, when it is made, and is nowhere stored: only its hash. */
export const ClientSecret = z
  .object({
    no: z.int().min(1).max(1e6).describe('the how many-th of this client'),
    prefix: z.string().describe('how it begins, to tell secrets apart'),
    createdAt: Instant,
    endsAt: Instant.nullable().describe('null: it is the one in force; otherwise it was replaced and lives on until then'),
  })
  .meta({ id: 'ClientSecret' });
export type ClientSecret = z.infer<typeof ClientSecret>;

export const ClientView = z
  .object({
    ...grants,
    ...owner,
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    state: z.enum(['ACTIVE', 'DISABLED']),
    secrets: z.array(ClientSecret).min(1).max(2).describe('the one in force, then the one it replaced'),
    hashes: z.array(Sha256).describe('of the secrets, in their order; shown to nobody'),
    createdAt: Instant,
  })
  .meta({ id: 'Client' });
export type ClientView = z.infer<typeof ClientView>;

export const Client = aggregate('client', {
  service: 'gateway',
  resource: 'clients',
  view: ClientView,
  fields: ['partnership', 'organisation', 'state'],
  withheld: ['secrets.sha256'],
});

const made = z.object({ ...ClientSecret.pick({ no: true, prefix: true }).shape, sha256: Sha256 });

/** A partner system: it belongs to one partnership or one organisation, and acts by the roles it is given. */
export const ClientDraft = z
  .strictObject({
    ...grants,
    partnership: owner.partnership.default(null),
    organisation: owner.organisation.default(null),
    scopes: grants.scopes.default([]),
  })
  .meta({ id: 'ClientDraft' });
export type ClientDraft = z.output<typeof ClientDraft>;

/** A missing field stays (RFC 7396); whose it is never changes. */
export const ClientPatch = z
  .strictObject(grants)
  .partial()
  .meta({ id: 'ClientPatch', example: { name: 'Cluster portal' } });
export type ClientPatch = z.infer<typeof ClientPatch>;

export const SecretRotation = z
  .strictObject({ overlapHours: z.int().min(0).max(168).default(24).describe('how long the secret that is replaced lives on') })
  .meta({ id: 'SecretRotation', example: { overlapHours: 24 } });

export const RegisterClient = Client.command('register.v1', z.object({ ...ClientDraft.shape, secret: made }), ClientView, 'NEW');
export const ChangeClient = Client.command('change.v1', ClientPatch, ClientView);
export const RotateClientSecret = Client.command(
  'rotate-secret.v1',
  z.object({ secret: made, overlapHours: z.int().min(0).max(168) }),
  ClientView,
);
export const DisableClient = Client.command('disable.v1', z.object({}), ClientView);
export const EnableClient = Client.command('enable.v1', z.object({}), ClientView);

Client.refuses([RegisterClient], {
  'CLIENT.REGISTER.ACTOR': ['NOT_YOURS', 'Clients are registered by the platform administrator.'],
  'CLIENT.REGISTER.OWNER': ['RULE', 'A client belongs to one partnership or one organisation.'],
  'CLIENT.REGISTER.ROLE': ['RULE', 'A role is not one of roles.json.'],
  'CLIENT.REGISTER.SCOPE': ['RULE', 'A scope is none, exceeds the roles, or what the own token may.'],
});

Client.refuses([ChangeClient], {
  'CLIENT.CHANGE.ACTOR': ['NOT_YOURS', 'What a client may do is changed by the platform administrator.'],
  'CLIENT.CHANGE.ROLE': ['RULE', 'A role is not one of roles.json.'],
  'CLIENT.CHANGE.SCOPE': ['RULE', 'A scope is none, exceeds the roles, or what the own token may.'],
});

Client.refuses([RotateClientSecret], {
  'CLIENT.ROTATE_SECRET.ACTOR': ['NOT_YOURS', 'The secret is rotated by those who run what the client belongs to.'],
  'CLIENT.ROTATE_SECRET.TURN': ['WRONG_STATE', 'The secret was rotated by somebody else meanwhile.'],
});

Client.refuses([DisableClient], {
  'CLIENT.DISABLE.ACTOR': ['NOT_YOURS', 'A client is disabled by those who run what it belongs to.'],
});

Client.refuses([EnableClient], {
  'CLIENT.ENABLE.ACTOR': ['NOT_YOURS', 'A client is enabled again by the platform administrator.'],
});
