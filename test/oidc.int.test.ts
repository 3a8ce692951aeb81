import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, generateKeyPair, SignJWT } from 'jose';
import { eventually } from '#libs/testing/eventually';
import { Gateways, PARTNERSHIP } from './gateways.js';
import { Issuer, type Kind } from './issuer.js';

let issuer: Issuer;
let silent: Issuer;
let house: Gateways;
beforeAll(async () => {
  [issuer, silent] = await Promise.all([Issuer.open(), Issuer.open()]);
  const named = `${issuer.url}=clusterbridge,${silent.url}=clusterbridge;groups`;
  house = await Gateways.open(1, { OIDC_ISSUERS: named });
});
afterAll(async () => {
  await house?.close();
  await Promise.all([issuer?.close(), silent?.close()]);
});

const ROLE = `PARTNERSHIP_COORDINATOR:PARTNERSHIP:${PARTNERSHIP}`;
const inAMinute = () => Math.floor(Date.now() / 1000) + 60;
const me = (token: string) => house.as(token).get('/v1/me');
const refusal = async (token: string) => {
  const { status, body } = await me(token);
  return [status, body.code];
};
const UNKNOWN = [401, 'AUTH.UNKNOWN'];

describe('A person who has signed in at a configured issuer', () => {
  it.each(['RS256', 'ES256', 'EdDSA'] as Kind[])('comes in by a token signed with %s', async (kind) => {
    const token = await issuer.signIn({ login: 'ada', roles: [ROLE], kind });
    const { status, body } = await me(token);
    expect(status).toBe(200);
    expect(body).toMatchObject({ kind: 'PERSON', name: null, scopes: [], roles: [bound(PARTNERSHIP)] });
  });

  it('is the same person each time, another than others, and not known by the name at the issuer', async () => {
    const idOf = async (login: string) => (await me(await issuer.signIn({ login }))).body.id;
    const [ada, again, eve] = [await idOf('ada'), await idOf('ada'), await idOf('eve')];
    expect(again).toBe(ada);
    expect(eve).not.toBe(ada);
    expect(ada).not.toContain('ada');
  });

  it('does with the roles of the claim what a key with these roles does', async () => {
    const token = await issuer.signIn({
      login: 'ada',
      roles: ['ORGANISATION_REPRESENTATIVE:ORGANISATION:o1', 'WIZARD', 'CLUSTER_MANAGER:PLANET:x', 7],
    });
    const { body } = await me(token);
    expect(body.roles).toEqual([{ role: 'ORGANISATION_REPRESENTATIVE', binding: { kind: 'ORGANISATION', id: 'o1' } }]);
    expect(body.organisations).toEqual(['o1']);
    expect((await house.as(token).get('/v1/clients')).body.items).toEqual([]);
    expect((await house.as(token).post('/v1/clients').send({})).status).toBe(403);
  });

  it('is held to the scopes of the token where it names some', async () => {
    const token = await issuer.signIn({ login: 'ada', roles: [ROLE], scope: 'openid partnerships:read' });
    expect((await me(token)).body.scopes).toEqual(['partnerships:read']);
    expect((await house.as(token).get('/v1/partnerships')).status).toBe(200);
    expect((await house.as(token).get('/v1/clusters')).status).toBe(403);
  });

  it('is let go when the token has expired, with 30 seconds of grace for clocks', async () => {
    const token = await issuer.sign({ exp: inAMinute() });
    expect((await me(token)).status).toBe(200);
    await house.goOn(75_000);
    expect((await me(token)).status).toBe(200);
    await house.goOn(95_000);
    expect(await refusal(token)).toEqual(UNKNOWN);
    await house.goOn(0);
  });
});

const bound = (id: string) => ({ role: 'PARTNERSHIP_COORDINATOR', binding: { kind: 'PARTNERSHIP', id } });

describe('A token lets nobody in', () => {
  it('that is meant for another audience', async () => {
    expect(await refusal(await issuer.signIn({ login: 'ada', audience: 'elsewhere' }))).toEqual(UNKNOWN);
  });

  it.each([
    ['that is not valid yet', () => issuer.sign({ exp: inAMinute() + 600, nbf: inAMinute() + 60 })],
    ['that never expires', () => issuer.sign({})],
    ['that is for logging out', () => issuer.sign({ exp: inAMinute() }, { typ: 'logout+jwt' })],
    ['of a key the issuer does not have', () => issuer.sign({ exp: inAMinute() }, { kid: 'nobody' })],
    ['without a subject', () => issuer.sign({ exp: inAMinute(), sub: undefined })],
    ['of another issuer', () => issuer.sign({ exp: inAMinute(), iss: 'http://127.0.0.1:1' })],
    ['of this very gateway, but signed by the issuer', () => issuer.sign({ exp: inAMinute(), iss: house.issuer, aud: house.issuer })],
  ])('%s', async (_, signed) => {
    expect(await refusal(await signed())).toEqual(UNKNOWN);
  });

  it('signed by somebody else in the name of the issuer', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const claims = { ...decodeJwt(await issuer.signIn({ login: 'ada' })), roles: ['PLATFORM_ADMIN'] };
    const es256 = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'ES256' }).sign(privateKey);
    const hs256 = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'ES256' }).sign(Buffer.alloc(32, 'k'));
    const { privateKey: rsa } = await generateKeyPair('PS256');
    const ps256 = await new SignJWT(claims).setProtectedHeader({ alg: 'PS256', kid: 'RS256' }).sign(rsa);
    for (const token of [es256, hs256, ps256]) expect(await refusal(token)).toEqual(UNKNOWN);
  });
});

describe('An issuer that is away', () => {
  it('is no reason to send anybody away for good: 503, and its people come in when it is back', async () => {
    const token = await silent.sign({ exp: inAMinute() + 600, groups: [ROLE] });
    const { port } = new URL(silent.url);
    await silent.close();
    const { status, body, headers } = await me(token);
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'AUTH.ISSUER_AWAY', '5']);
    expect((await house.as().get('/v1/partnerships')).status).toBe(200);
    await silent.reopen(Number(port));
    await eventually(async () => expect((await me(token)).body.roles).toEqual([bound(PARTNERSHIP)]));
  });
});
