import { describe, expect, it } from '@jest/globals';
import { OAuthError } from './oauth-error.js';
import { tokenRequest } from './token-request.js';

const form = (fields: Record<string, string>) => new URLSearchParams({ grant_type: 'client_credentials', ...fields });
const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
const refused = (authorization: string | undefined, body: unknown) => {
  try {
    tokenRequest(authorization, body);
    return 'taken';
  } catch (error) {
    return (error as OAuthError).error;
  }
};

describe('A request for a token', () => {
  it('names the client by HTTP Basic or in the form', () => {
    const wanted = { client: 'c1', secret: 's1', scopes: null };
    expect(tokenRequest(basic('c1', 's1'), form({}))).toEqual(wanted);
    expect(tokenRequest(undefined, form({ client_id: 'c1', client_secret: 's1' }))).toEqual(wanted);
    expect(tokenRequest(basic('c1', 's1'), form({ client_id: 'c1' }))).toEqual(wanted);
  });

  it('may have letters in id and secret that HTTP Basic has a meaning for', () => {
    expect(tokenRequest(basic('a%3Ab', 'x+y%25'), form({}))).toMatchObject({ client: 'a:b', secret: 'x y%' });
  });

  it('names each scope once', () => {
    const body = form({ client_id: 'c', client_secret: 's', scope: 'events:read  events:read admin' });
    expect(tokenRequest(undefined, body).scopes).toEqual(['events:read', 'admin']);
  });

  it.each([
    ['without credentials', undefined, form({}), 'invalid_client'],
    ['with half of them', undefined, form({ client_id: 'c' }), 'invalid_client'],
    ['by another scheme', 'Bearer x', form({}), 'invalid_client'],
    ['by Basic without a colon', `Basic ${Buffer.from('c').toString('base64')}`, form({}), 'invalid_client'],
    ['by Basic that does not decode', basic('c', '%zz'), form({}), 'invalid_client'],
    ['by Basic and in the form', basic('c', 's'), form({ client_secret: 's' }), 'invalid_request'],
    ['for one client by another', basic('c', 's'), form({ client_id: 'd' }), 'invalid_request'],
    ['as JSON', undefined, { grant_type: 'client_credentials' }, 'invalid_request'],
    ['with no body', undefined, undefined, 'invalid_request'],
    ['with a parameter twice', basic('c', 's'), new URLSearchParams('grant_type=a&grant_type=a'), 'invalid_request'],
    ['without grant type', basic('c', 's'), new URLSearchParams('grant_type='), 'invalid_request'],
    ['for another grant', basic('c', 's'), form({ grant_type: 'authorization_code' }), 'unsupported_grant_type'],
    ['for a scope that is none', basic('c', 's'), form({ scope: 'Events:Read' }), 'invalid_scope'],
  ])('%s is refused', (_, authorization, body, error) => {
    expect(refused(authorization, body)).toBe(error);
  });
});
