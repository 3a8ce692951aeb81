import type { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import type { ChangeClient, ClientSecret, ClientView, RegisterClient, RotateClientSecret } from '#libs/contracts/client';
import type { Stamp } from '#libs/contracts/values';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { patched } from '#libs/domain/merge-patch';
import { stated } from '#libs/domain/record';
import { failed, judge, passed, rule } from '#libs/domain/verdict';
import { owners } from '#libs/domain/visibility';
import { byAdmin, rolesAreKnown, scopesStayWithin } from './grants.js';

export type ClientState = Omit<ClientView, keyof Stamp>;
type Register = z.output<(typeof RegisterClient)['data']>;
type Change = z.output<(typeof ChangeClient)['data']>;
type Rotate = z.output<(typeof RotateClientSecret)['data']>;

const HOUR = 3_600_000;

const oneOwner = rule('CLIENT.REGISTER.OWNER', ({ partnership, organisation }: Register) =>
  (partnership === null) !== (organisation === null)
    ? passed('It belongs to one.', { partnership, organisation })
    : failed('A client belongs to a partnership or to an organisation, and to one of them.', { partnership, organisation }, '/partnership'),
);

/** Whoever runs what it belongs to. */
const owns = (client: ClientState, by: Actor) =>
  by.roles.some(({ role, binding }) => {
    if (role === 'PLATFORM_ADMIN') return true;
    if (!binding || !owners[binding.kind]?.includes(role)) return false;
    return (
      binding.id === (binding.kind === 'PARTNERSHIP' ? client.partnership : binding.kind === 'ORGANISATION' ? client.organisation : null)
    );
  });

const byOwner = (code: string) =>
  rule(
    code,
    (client: ClientState, by: Actor) =>
      owns(client, by) || 'This is for those who run the partnership or organisation the client belongs to.',
    { kind: 'NOT_YOURS' },
  );

const rotatedByOwner = byOwner('CLIENT.ROTATE_SECRET.ACTOR');
const disabledByOwner = byOwner('CLIENT.DISABLE.ACTOR');

const inTurn = rule(
  'CLIENT.ROTATE_SECRET.TURN',
  ({ secrets, hashes }: ClientState, _: Actor, { secret }: Rotate) => {
    const latest = secrets[0]!.no;
    const follows = secret.no === latest + 1 || secret.sha256 === hashes[0];
    return follows || `Secret ${latest} is in force by now; ask again.`;
  },
  { kind: 'WRONG_STATE' },
);

const registerRules = [
  byAdmin('CLIENT.REGISTER.ACTOR', 'Only the platform administrator registers clients.'),
  oneOwner,
  rolesAreKnown('CLIENT.REGISTER.ROLE'),
  scopesStayWithin('CLIENT.REGISTER.SCOPE'),
];
const changeRules = [
  byAdmin('CLIENT.CHANGE.ACTOR', 'Only the platform administrator changes what a client may do.'),
  rolesAreKnown('CLIENT.CHANGE.ROLE'),
  scopesStayWithin('CLIENT.CHANGE.SCOPE'),
];
const enableRules = [byAdmin('CLIENT.ENABLE.ACTOR', 'Only the platform administrator enables a client again.')];

export function register(_: ClientState | null, { secret, ...data }: Register, { by, at }: Context): Decision<ClientState> {
  const verdicts = judge(registerRules, { ...data, secret }, by);
  const next: ClientState = { ...data, state: 'ACTIVE', secrets: [begun(secret, at)], hashes: [secret.sha256], createdAt: at };
  return { next, facts: [], verdicts };
}

const begun = ({ no, prefix }: Register['secret'], createdAt: string): ClientSecret => ({ no, prefix, createdAt, endsAt: null });

export function change(client: ClientState | null, patch: Change, { by }: Context): Decision<ClientState> {
  const next = stated(client!, patched(client!, patch));
  // Judged as it would be: scopes that stay may exceed roles that are taken away.
  const verdicts = judge(changeRules, patch.roles || patch.scopes ? next : {}, by);
  return next === client ? unchanged(client!, verdicts) : { next, facts: [], verdicts };
}

/** The secret that is replaced lives on for a while, so that no system of the partner stands still; the one before it ends now. */
export function rotateSecret(client: ClientState | null, { secret, overlapHours }: Rotate, { by, at }: Context): Decision<ClientState> {
  const before = client!;
  const verdicts = judge([rotatedByOwner, inTurn], before, by, { secret, overlapHours });
  const [[latest], [hash]] = [before.secrets, before.hashes] as [[ClientSecret], [string]];
  if (hash === secret.sha256) return unchanged(before, verdicts);
  const endsAt = new Date(Date.parse(at) + overlapHours * HOUR).toISOString();
  const kept = overlapHours > 0 ? 2 : 1;
  const secrets = [begun(secret, at), { ...latest, endsAt }].slice(0, kept);
  return { next: { ...before, secrets, hashes: [secret.sha256, hash].slice(0, kept) }, facts: [], verdicts };
}

export function disable(client: ClientState | null, _: unknown, { by }: Context): Decision<ClientState> {
  return stateOf('DISABLED', client!, judge([disabledByOwner], client!, by));
}

export function enable(client: ClientState | null, _: unknown, { by }: Context): Decision<ClientState> {
  return stateOf('ACTIVE', client!, judge(enableRules, {}, by));
}

const stateOf = (state: ClientState['state'], client: ClientState, verdicts: Decision<ClientState>['verdicts']): Decision<ClientState> =>
  client.state === state ? unchanged(client, verdicts) : { next: { ...client, state }, facts: [], verdicts };

/** Hashes of the secrets by which it may ask for tokens at this moment. */
export const hashesInForce = ({ secrets, hashes }: Pick<ClientView, 'secrets' | 'hashes'>, at: Date): string[] =>
  hashes.filter((_, i) => secrets[i]!.endsAt === null || Date.parse(secrets[i]!.endsAt) > at.getTime());
