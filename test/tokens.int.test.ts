import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { eventually } from '#libs/testing/eventually';
import { Gateways, PARTNERSHIP } from './gateways.js';
import type { Body } from './running-house.js';

let house: Gateways;
beforeAll(async () => {
  house = await Gateways.open(2);
});
afterAll(() => house?.close());

const MINUTE = 60_000;
const me = (token: string, gateway = 0) => house.as(token, gateway).get('/v1/me');
const keysAt = async (gateway: number) => (await house.as(undefined, gateway).get('/.well-known/jwks.json')).body.keys as Body[];
const versionOf = async (id: string) => (await house.admin().get(`/v1/clients/${id}`)).headers.etag!;

describe('A client', () => {
  it('is shown its secret once, and again to the same request, and nowhere else', async () => {
    const draft = { name: 'Once', roles: [{ role: 'PARTNERSHIP_MANAGER', binding: null }], partnership: PARTNERSHIP };
    const ask = (gateway: number) => house.admin(gateway).post('/v1/clients').set('idempotency-key', 'a-client').send(draft);
    const [first, again] = [await ask(0), await ask(1)];
    expect(first.status).toBe(201);
    expect(first.body.secret).toMatch(/^cbs_[0-9A-Za-z]{38}$/);
    expect(again.body).toEqual(first.body);
    const paths = ['/v1/clients', `/v1/clients/${first.body.id}`, `/v1/clients/${first.body.id}/history`];
    for (const path of paths) {
      const { text } = await house.admin().get(path);
      expect(text).not.toContain(first.body.secret);
      expect(text).not.toMatch(/hashes|[0-9a-f]{64}/);
    }
    const stored = await house.runtimes[0]!.house.db.collection('clients').findOne({ _id: first.body.id });
    expect(JSON.stringify(stored)).not.toContain(first.body.secret);
  });

  it.each([
    ['of nobody', { partnership: null }, 'CLIENT.REGISTER.OWNER'],
    ['of two', { organisation: PARTNERSHIP }, 'CLIENT.REGISTER.OWNER'],
    ['with an unknown role', { roles: [{ role: 'WIZARD', binding: null }] }, 'CLIENT.REGISTER.ROLE'],
    ['whose scopes exceed its roles', { scopes: ['admin'] }, 'CLIENT.REGISTER.SCOPE'],
  ])('%s is not registered', async (_, fields, code) => {
    const draft = { name: 'x', roles: [{ role: 'CLUSTER_MANAGER', binding: null }], partnership: PARTNERSHIP, ...fields };
    const { status, body } = await house.admin().post('/v1/clients').send(draft);
    expect([status, body.code]).toEqual([422, code]);
  });

  it('is registered and changed by the administrator only', async () => {
    const client = await house.client();
    const token = await house.tokenOf(client);
    expect((await house.as(token).post('/v1/clients').send({})).status).toBe(403);
    const patch = house.as(token).patch(`/v1/clients/${client.id}`).set('if-match', '*').send({ name: 'mine' });
    expect((await patch).status).toBe(403);
  });

  it('changes by a merge patch on the version that was read', async () => {
    const client = await house.client();
    const patch = (etag: string) => house.admin().patch(`/v1/clients/${client.id}`).set('if-match', etag).send({ name: 'Anew' });
    expect((await house.admin().patch(`/v1/clients/${client.id}`).send({ name: 'x' })).status).toBe(428);
    const etag = await versionOf(client.id);
    expect((await patch(etag)).body).toMatchObject({ name: 'Anew', version: 2, partnership: PARTNERSHIP });
    expect((await patch(etag)).status).toBe(412);
  });

  it('has two secrets for as long as the old one is let live', async () => {
    const client = await house.client();
    const { status, body } = await house.admin().post(`/v1/clients/${client.id}/rotate-secret`).send({ overlapHours: 1 });
    expect(status).toBe(200);
    expect(body.secret).not.toBe(client.secret);
    expect(body.secrets.map(({ endsAt }: Body) => endsAt === null)).toEqual([true, false]);
    for (const each of [client, body]) expect((await house.askForToken(each, { gateway: 1 })).status).toBe(200);
    await house.goOn(61 * MINUTE);
    await eventually(async () => expect((await house.askForToken(client)).status).toBe(401));
    expect((await house.askForToken(body)).status).toBe(200);
    await house.goOn(0);
  });

  it('is told the same new secret by the same request, and none by a dry run', async () => {
    const client = await house.client();
    const path = `/v1/clients/${client.id}/rotate-secret`;
    const dry = await house.admin().post(`${path}?dryRun=true`).send({});
    expect(dry.body).toMatchObject({ dryRun: true, changed: true, view: { secret: null } });
    const rotate = (gateway: number) => house.admin(gateway).post(path).set('idempotency-key', 'rotate-1').send({ overlapHours: 0 });
    const [first, again] = [await rotate(0), await rotate(1)];
    expect(again.body).toEqual(first.body);
    expect((await house.askForToken(client)).status).toBe(401);
    expect((await house.askForToken(first.body)).status).toBe(200);
  });

  it('is rotated and disabled by who runs what it belongs to, and by nobody else', async () => {
    const client = await house.client();
    const owner = await house.tokenOf(client);
    const other = '01434b19-8400-7e65-b4d3-e3d7b9d0e874';
    const roles = [{ role: 'PARTNERSHIP_COORDINATOR', binding: { kind: 'PARTNERSHIP', id: other } }];
    const stranger = await house.tokenOf(await house.client({ partnership: other, roles }));
    for (const verb of ['rotate-secret', 'disable']) {
      expect((await house.as(stranger).post(`/v1/clients/${client.id}/${verb}`).send({})).status).toBe(404);
      expect((await house.as(owner).post(`/v1/clients/${client.id}/${verb}`).send({})).status).toBe(200);
    }
  });
});

describe('The token endpoint', () => {
  let client: Body;
  beforeAll(async () => {
    client = await house.client({ scopes: ['partnerships:read', 'subscriptions:write'] });
  });
  const post = () => house.as().post('/v1/oauth/token');
  const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

  it('gives a token by HTTP Basic and by the form, good on every gateway', async () => {
    const byBasic = await post()
      .set('authorization', basic(client.id, client.secret))
      .type('form')
      .send({ grant_type: 'client_credentials' });
    expect(byBasic.status).toBe(200);
    expect(byBasic.headers['cache-control']).toBe('no-store');
    expect(byBasic.body).toMatchObject({ token_type: 'Bearer', expires_in: 900, scope: 'partnerships:read subscriptions:write' });
    const byForm = await house.tokenOf(client);
    for (const token of [byBasic.body.access_token, byForm])
      for (const gateway of [0, 1])
        expect((await me(token, gateway)).body).toMatchObject({ kind: 'CLIENT', id: client.id, name: 'Portal' });
  });

  it('signs a JWT that others can verify (RFC 9068) by what the metadata tell (RFC 8414)', async () => {
    const token = await house.tokenOf(client, { scope: 'partnerships:read' });
    const { body: about } = await house.as().get('/.well-known/oauth-authorization-server');
    expect(about).toMatchObject({ issuer: house.issuer, token_endpoint: `${house.issuer}/v1/oauth/token` });
    expect(about.jwks_uri).toBe(`${house.issuer}/.well-known/jwks.json`);
    const keys = createRemoteJWKSet(new URL(`${house.urlOf(1)}/.well-known/jwks.json`));
    const { payload, protectedHeader } = await jwtVerify(token, keys, { issuer: house.issuer, audience: house.issuer, typ: 'at+jwt' });
    expect(protectedHeader).toMatchObject({ alg: 'EdDSA', kid: expect.any(String) });
    expect(payload).toMatchObject({ sub: client.id, client_id: client.id, scope: 'partnerships:read', jti: expect.any(String) });
    expect(payload.exp! - payload.iat!).toBe(900);
  });

  it.each([
    ['no grant type', {}, 400, 'invalid_request'],
    ['another grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['a scope it does not have', { grant_type: 'client_credentials', scope: 'imports:write' }, 400, 'invalid_scope'],
    ['a scope that is none', { grant_type: 'client_credentials', scope: 'everything' }, 400, 'invalid_scope'],
    ['a wrong secret', { grant_type: 'client_credentials', client_secret: 'cbs_wrong' }, 401, 'invalid_client'],
    ['an unknown client', { grant_type: 'client_credentials', client_id: 'nobody' }, 401, 'invalid_client'],
    ['no client', { grant_type: 'client_credentials', client_id: '', client_secret: '' }, 401, 'invalid_client'],
  ])('refuses %s in the words of RFC 6749', async (_, form, status, error) => {
    const answer = await post()
      .type('form')
      .send({ client_id: client.id, client_secret: client.secret, ...form });
    expect([answer.status, answer.body.error]).toEqual([status, error]);
    expect(Object.keys(answer.body)).toEqual(['error', 'error_description']);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['www-authenticate']).toEqual(status === 401 ? expect.stringMatching(/^Basic /) : undefined);
  });

  it.each([
    ['JSON', 'application/json', '{"grant_type":"client_credentials"}'],
    ['JSON that breaks off', 'application/json', '{"grant_type":'],
    ['another type', 'text/plain', 'grant_type=client_credentials'],
    ['a parameter twice', 'application/x-www-form-urlencoded', 'grant_type=client_credentials&grant_type=client_credentials'],
  ])('refuses %s as an invalid request', async (_, type, body) => {
    const answer = await post().set('authorization', basic(client.id, client.secret)).set('content-type', type).send(body);
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
  });

  it('refuses two ways of saying who it is at once', async () => {
    const form = { grant_type: 'client_credentials', client_secret: client.secret };
    const answer = await post().set('authorization', basic(client.id, client.secret)).type('form').send(form);
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
  });

  it('is the only route that takes a form', async () => {
    const answer = await house.admin().post('/v1/clients').type('form').send({ name: 'x' });
    expect([answer.status, answer.body.code]).toEqual([400, 'BODY.MEDIA_TYPE']);
  });
});

describe('A token', () => {
  it('does what its scopes name, and no more, though another token of the client was just answered', async () => {
    const client = await house.client({ scopes: ['partnerships:read', 'clients:read'] });
    const wide = await house.tokenOf(client);
    const narrow = await house.tokenOf(client, { scope: 'partnerships:read' });
    expect((await house.as(wide).get('/v1/clients')).status).toBe(200);
    expect((await house.as(wide).get('/v1/clients')).status).toBe(200);
    const answer = await house.as(narrow).get('/v1/clients');
    expect([answer.status, answer.body.scope]).toEqual([403, 'clients:read']);
    expect(answer.headers['www-authenticate']).toContain('insufficient_scope');
    expect((await me(narrow)).body.scopes).toEqual(['partnerships:read']);
  });

  it('expires after 15 minutes', async () => {
    const token = await house.tokenOf(await house.client());
    expect((await me(token)).status).toBe(200);
    await house.goOn(15 * MINUTE + 1000);
    await eventually(async () => expect((await me(token)).status).toBe(401));
    await house.goOn(0);
  });

  it('of a disabled client is void at once on every gateway, and good again when it is enabled', async () => {
    const client = await house.client();
    const token = await house.tokenOf(client);
    for (const gateway of [0, 1]) expect((await me(token, gateway)).status).toBe(200);
    expect((await house.admin(0).post(`/v1/clients/${client.id}/disable`)).body).toMatchObject({ state: 'DISABLED' });
    for (const gateway of [1, 0]) expect((await me(token, gateway)).status).toBe(401);
    expect((await house.askForToken(client)).body.error).toBe('invalid_client');
    await house.admin(1).post(`/v1/clients/${client.id}/enable`);
    for (const gateway of [0, 1]) expect((await me(token, gateway)).status).toBe(200);
  });

  it('has the roles and scopes that its client has now', async () => {
    const client = await house.client({ scopes: ['partnerships:read', 'events:read'] });
    const token = await house.tokenOf(client, { scope: 'events:read' });
    expect((await me(token, 1)).body.roles[0].role).toBe('PARTNERSHIP_COORDINATOR');
    const roles = [{ role: 'CLUSTER_MANAGER', binding: null }];
    await house.admin(0).patch(`/v1/clients/${client.id}`).set('if-match', '*').send({ roles });
    expect((await me(token, 1)).body.roles).toEqual(roles);
    await house
      .admin(0)
      .patch(`/v1/clients/${client.id}`)
      .set('if-match', '*')
      .send({ scopes: ['partnerships:read'] });
    expect((await me(token, 1)).status).toBe(401);
  });

  it('that was altered, or signed by another, lets nobody in', async () => {
    const client = await house.client();
    const token = await house.tokenOf(client);
    const [header, body, signature] = token.split('.') as [string, string, string];
    const claims = { ...decodeJwt(token), scope: 'admin' };
    const forged = Buffer.from(JSON.stringify(claims)).toString('base64url');
    const none = Buffer.from(JSON.stringify({ ...decodeProtectedHeader(token), alg: 'none' })).toString('base64url');
    const symmetric = await new SignJWT(claims)
      .setProtectedHeader({ ...decodeProtectedHeader(token), alg: 'HS256' })
      .sign(Buffer.from((await keysAt(0))[0].x, 'base64url'));
    for (const bad of [`${header}.${forged}.${signature}`, `${none}.${body}.`, symmetric, `${header}.${body}.AAAA`, 'x.y.z', 'x']) {
      const answer = await me(bad);
      expect([answer.status, answer.body.code]).toEqual([401, 'AUTH.UNKNOWN']);
      expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
    }
  });
});

describe('A signing key', () => {
  it('is the same for all gateways, and lies sealed in the database', async () => {
    expect(await keysAt(0)).toEqual(await keysAt(1));
    const [stored] = await house.runtimes[0]!.house.db.collection('signing-keys').find({}).toArray();
    expect(stored!.sealed).toMatch(/^v1\./);
    expect(JSON.stringify(stored)).not.toContain('"d"');
    for (const key of await keysAt(0)) expect(key).not.toHaveProperty('d');
  });

  it('is followed by a new one; the old one verifies until its last token has expired', async () => {
    const client = await house.client();
    const old = await house.tokenOf(client);
    const answer = await house.admin(0).post('/v1/signing-keys/rotate');
    expect(answer.status).toBe(200);
    expect(answer.body.items.map(({ state }: Body) => state)).toEqual(['SIGNS', 'VERIFIES']);
    const fresh = await house.tokenOf(client, { gateway: 1 });
    expect(decodeProtectedHeader(fresh).kid).toBe(answer.body.items[0].kid);
    expect(decodeProtectedHeader(fresh).kid).not.toBe(decodeProtectedHeader(old).kid);
    expect(await keysAt(1)).toHaveLength(2);
    for (const gateway of [0, 1]) for (const token of [old, fresh]) expect((await me(token, gateway)).status).toBe(200);
    await house.goOn(17 * MINUTE);
    await eventually(async () => expect(await keysAt(1)).toHaveLength(1));
    await house.goOn(0);
  });

  it('rotates once for the same request', async () => {
    const rotate = (gateway: number) => house.admin(gateway).post('/v1/signing-keys/rotate').set('idempotency-key', 'rotate-keys').send({});
    const [first, again] = [await rotate(0), await rotate(1)];
    expect(again.body).toEqual(first.body);
    expect((await keysAt(1))[0].kid).toBe(first.body.items[0].kid);
    const dry = await house.admin().post('/v1/signing-keys/rotate?dryRun=true').send({});
    expect(dry.body).toMatchObject({ dryRun: true });
    expect((await keysAt(1))[0].kid).toBe(first.body.items[0].kid);
  });

  it('that is compromised takes all its tokens with it, on every gateway at once', async () => {
    const token = await house.tokenOf(await house.client());
    for (const gateway of [0, 1]) expect((await me(token, gateway)).status).toBe(200);
    await house.admin(0).post('/v1/signing-keys/rotate').send({ compromised: true });
    for (const gateway of [1, 0]) expect((await me(token, gateway)).status).toBe(401);
    expect(await keysAt(1)).toHaveLength(1);
  });

  it('is followed when it is old, by one key though two gateways notice', async () => {
    const [before] = await keysAt(0);
    await house.goOn(91 * 24 * 60 * MINUTE);
    await eventually(async () => {
      const [first, second] = await Promise.all([keysAt(0), keysAt(1)]);
      expect(first[0].kid).not.toBe(before.kid);
      expect(second[0].kid).toBe(first[0].kid);
      expect(first).toHaveLength(2);
    });
    await house.goOn(0);
  });

  it('is for the administrator to see and to rotate', async () => {
    const token = await house.tokenOf(await house.client());
    expect((await house.as(token).get('/v1/signing-keys')).status).toBe(403);
    expect((await house.as(token).post('/v1/signing-keys/rotate')).status).toBe(403);
  });
});

describe('An API key', () => {
  let key: Body;
  beforeEach(async () => {
    ({ body: key } = await house.admin().post('/v1/api-keys').send({ name: 'k', role: 'PARTNERSHIP_MANAGER', test: true }));
  });

  it('tells when it was used last, beside its version and ETag', async () => {
    const read = () => house.admin(0).get(`/v1/api-keys/${key.id}`);
    const before = await read();
    expect(before.body).toMatchObject({ id: key.id, lastUsedAt: null, version: 1 });
    expect((await house.as(key.key, 1).get('/v1/me')).body).toMatchObject({ id: key.id, name: 'k', organisations: [] });
    await eventually(async () => expect((await read()).body.lastUsedAt).not.toBeNull());
    const after = await read();
    expect(Math.abs(Date.parse(after.body.lastUsedAt) - Date.now())).toBeLessThan(60_000);
    expect(after.headers.etag).toBe(before.headers.etag);
    const { body } = await house.admin(1).get('/v1/api-keys?limit=200');
    expect(body.items.find(({ id }: Body) => id === key.id).lastUsedAt).toBe(after.body.lastUsedAt);
  });

  it('has no scope that exceeds its roles, or the token it is given by', async () => {
    const issue = (token: string, fields: Body) =>
      house
        .as(token)
        .post('/v1/api-keys')
        .send({ name: 'x', role: 'CLUSTER_MANAGER', test: true, ...fields });
    const { body: admin } = await house
      .admin()
      .post('/v1/api-keys')
      .send({ name: 'a', role: 'PLATFORM_ADMIN', test: true, scopes: ['api-keys:write', 'events:read'] });
    const tooMuch = { status: 422, code: 'API_KEY.ISSUE.SCOPE' };
    const said = async (fields: Body) => {
      const { status, body } = await issue(admin.key, fields);
      return { status, code: body.code };
    };
    expect(await said({ scopes: ['api-keys:write'] })).toEqual(tooMuch);
    expect(await said({ role: 'PLATFORM_ADMIN', scopes: [] })).toEqual(tooMuch);
    expect(await said({ scopes: ['events:write'] })).toEqual(tooMuch);
    expect(await said({ scopes: ['events:read'] })).toEqual({ status: 201, code: undefined });
  });

  it.each([
    ['a scope that is none', { scopes: ['evnts:read'] }, 'API_KEY.ISSUE.SCOPE', '/scopes/0'],
    ['an end that has passed', { expiresAt: '2001-01-01T00:00:00Z' }, 'API_KEY.ISSUE.EXPIRY', '/expiresAt'],
  ])('is not given with %s', async (_, wrong, code, pointer) => {
    const issue = house.admin().post('/v1/api-keys');
    const { body } = await issue.send({ name: 'x', role: 'CLUSTER_MANAGER', test: true, ...wrong }).expect(422);
    expect(body).toMatchObject({ code, errors: [{ pointer }] });
  });

  it('that is revoked is void on every gateway at once', async () => {
    for (const gateway of [0, 1]) expect((await me(key.key, gateway)).status).toBe(200);
    await house.admin(0).post(`/v1/api-keys/${key.id}/revoke`);
    for (const gateway of [1, 0]) expect((await me(key.key, gateway)).status).toBe(401);
  });
});
