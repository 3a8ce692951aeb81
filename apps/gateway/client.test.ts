import { describe, expect, it } from '@jest/globals';
import type { Actor } from '#libs/contracts/actor';
import type { Context } from '#libs/domain/decision';
import { failedRules } from '#libs/domain/verdict';
import { type ClientState, change, disable, enable, hashesInForce, register, rotateSecret } from './client.js';

const AT = '2026-01-01T00:00:00.000Z';
const DIA = '01434b19-8400-7e65-b4d3-e3d7b9d0e873';
const ORG = '01434b19-8400-7e65-b4d3-e3d7b9d0e874';
const hash = (digit: number) => String(digit).repeat(64);
const secret = (no: number) => ({ no, prefix: `cbs_${no}`, sha256: hash(no) });

const by = (role: string, binding: Actor['roles'][number]['binding'] = null, scopes: string[] = []): Context => ({
  id: 'c1',
  by: { kind: 'CLIENT', id: 'somebody', roles: [{ role, binding }], scopes, at: AT },
  at: AT,
  message: 'm1',
});
const admin = by('PLATFORM_ADMIN');
const coordinator = by('PARTNERSHIP_COORDINATOR', { kind: 'PARTNERSHIP', id: DIA });

const aDraft = (more: object = {}) => ({
  name: 'Portal',
  roles: [{ role: 'CLUSTER_MANAGER', binding: null }],
  scopes: ['partnerships:read'],
  partnership: DIA,
  organisation: null,
  secret: secret(1),
  ...more,
});
const aClient = (more: Partial<ClientState> = {}): ClientState => ({ ...register(null, aDraft(), admin).next, ...more });

describe('A client', () => {
  it('is registered with one secret, of which the hash is known', () => {
    expect(aClient()).toMatchObject({
      state: 'ACTIVE',
      secrets: [{ no: 1, prefix: 'cbs_1', createdAt: AT, endsAt: null }],
      hashes: [hash(1)],
    });
  });

  it.each([
    ['by the administrator only', aDraft(), coordinator, ['CLIENT.REGISTER.ACTOR']],
    ['to a partnership or an organisation', aDraft({ partnership: null }), admin, ['CLIENT.REGISTER.OWNER']],
    ['not to both', aDraft({ organisation: ORG }), admin, ['CLIENT.REGISTER.OWNER']],
    ['with roles that are known', aDraft({ roles: [{ role: 'X', binding: null }] }), admin, ['CLIENT.REGISTER.ROLE']],
    ['with scopes that its roles reach', aDraft({ scopes: ['admin'] }), admin, ['CLIENT.REGISTER.SCOPE']],
    ['with scopes that the giver has', aDraft(), by('PLATFORM_ADMIN', null, ['clients:write']), ['CLIENT.REGISTER.SCOPE']],
    ['with all scopes by who has all', aDraft({ scopes: [] }), by('PLATFORM_ADMIN', null, ['clients:write']), ['CLIENT.REGISTER.SCOPE']],
  ])('is registered %s', (_, draft, context, broken) => {
    expect(failedRules(() => register(null, draft, context))).toEqual(broken);
  });

  it('keeps its scopes within its roles when the roles are taken away', () => {
    const client = aClient({ roles: [{ role: 'PLATFORM_ADMIN', binding: null }], scopes: ['admin'] });
    const roles = [{ role: 'CLUSTER_MANAGER', binding: null }];
    expect(failedRules(() => change(client, { roles }, admin))).toEqual(['CLIENT.CHANGE.SCOPE']);
    expect(change(client, { roles, scopes: [] }, admin).next).toMatchObject({ roles, scopes: [] });
    expect(change(client, { name: client.name }, admin).next).toBe(client);
  });

  it.each([
    ['who runs its partnership', aClient(), coordinator],
    [
      'who represents its organisation',
      aClient({ partnership: null, organisation: ORG }),
      by('ORGANISATION_REPRESENTATIVE', { kind: 'ORGANISATION', id: ORG }),
    ],
    ['the administrator', aClient(), admin],
  ])('is rotated and disabled by %s', (_, client, context) => {
    expect(rotateSecret(client, { secret: secret(2), overlapHours: 1 }, context).next.secrets).toHaveLength(2);
    expect(disable(client, {}, context).next.state).toBe('DISABLED');
  });

  it.each([
    ['who runs another partnership', by('PARTNERSHIP_COORDINATOR', { kind: 'PARTNERSHIP', id: ORG })],
    ['who has another role in it', by('CLUSTER_MANAGER', { kind: 'PARTNERSHIP', id: DIA })],
    ['whose role is bound to nothing', by('PARTNERSHIP_COORDINATOR')],
  ])('is not for %s', (_, context) => {
    expect(failedRules(() => rotateSecret(aClient(), { secret: secret(2), overlapHours: 1 }, context))).toContain(
      'CLIENT.ROTATE_SECRET.ACTOR',
    );
    expect(failedRules(() => disable(aClient(), {}, context))).toEqual(['CLIENT.DISABLE.ACTOR']);
  });

  it('that the administrator has disabled is not enabled by its owner', () => {
    const disabled = disable(aClient(), {}, admin).next;
    expect(failedRules(() => enable(disabled, {}, coordinator))).toEqual(['CLIENT.ENABLE.ACTOR']);
    expect(enable(disabled, {}, admin).next.state).toBe('ACTIVE');
    expect(disable(disabled, {}, coordinator).next).toBe(disabled);
  });
});

describe('A secret', () => {
  const rotated = (client: ClientState, no: number, overlapHours = 24) =>
    rotateSecret(client, { secret: secret(no), overlapHours }, coordinator).next;

  it('that is replaced lives on for the time that is said, and the one before it ends', () => {
    const second = rotated(aClient(), 2);
    expect(second.secrets.map(({ no, endsAt }) => [no, endsAt])).toEqual([
      [2, null],
      [1, '2026-01-02T00:00:00.000Z'],
    ]);
    expect(rotated(second, 3).secrets.map(({ no }) => no)).toEqual([3, 2]);
    expect(rotated(second, 3).hashes).toEqual([hash(3), hash(2)]);
    expect(rotated(second, 3, 0).secrets.map(({ no }) => no)).toEqual([3]);
  });

  it('is in force until its time has come', () => {
    const client = rotated(aClient(), 2);
    expect(hashesInForce(client, new Date('2026-01-01T23:59:59Z'))).toEqual([hash(2), hash(1)]);
    expect(hashesInForce(client, new Date('2026-01-02T00:00:00Z'))).toEqual([hash(2)]);
  });

  it('made twice for one turn is the same one', () => {
    const client = rotated(aClient(), 2);
    expect(rotated(client, 2)).toBe(client);
    expect(failedRules(() => rotated(client, 4))).toEqual(['CLIENT.ROTATE_SECRET.TURN']);
  });
});
