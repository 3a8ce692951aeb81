import { OAuthError } from './oauth-error.js';
import { scopesIn } from './token.js';

/** A request for a token, with the credentials of the client as they came. */
export interface TokenRequest {
  client: string;
  secret: string;
  /** null: not said, whatever the client may. */
  scopes: string[] | null;
}

const SCOPE = /^(?:[a-z][a-z-]*:(?:read|write)|admin)$/;
const invalid = (description: string) => new OAuthError('invalid_request', description);

/** Of the header and the form: RFC 6749 §2.3.1, §4.4.2. */
export function tokenRequest(authorization: string | undefined, body: unknown): TokenRequest {
  const form = formOf(body);
  const { client, secret } = credentials(authorization, form);
  const grant = form.get('grant_type');
  if (!grant) throw invalid('grant_type is missing.');
  if (grant !== 'client_credentials') throw new OAuthError('unsupported_grant_type', 'grant_type is client_credentials here.');
  return { client, secret, scopes: scopesOf(form.get('scope')) };
}

/** What is sent without a value counts as not sent; what is sent twice is refused. */
function formOf(body: unknown): Map<string, string> {
  if (!(body instanceof URLSearchParams)) throw invalid('Send the parameters as application/x-www-form-urlencoded.');
  const form = new Map<string, string>();
  const seen = new Set<string>();
  for (const [name, value] of body) {
    if (seen.has(name)) throw invalid('A parameter is sent twice.');
    seen.add(name);
    if (value !== '') form.set(name, value);
  }
  return form;
}

function credentials(authorization: string | undefined, form: Map<string, string>): { client: string; secret: string } {
  const [client, secret] = [form.get('client_id'), form.get('client_secret')];
  if (authorization === undefined) {
    if (!client || !secret) throw new OAuthError('invalid_client', 'Name the client by HTTP Basic, or by client_id and client_secret.');
    return { client, secret };
  }
  if (secret !== undefined) throw invalid('The client is named by HTTP Basic or in the body, not by both.');
  const basic = basicOf(authorization);
  if (client !== undefined && client !== basic.client) throw invalid('client_id is not the client of HTTP Basic.');
  return basic;
}

/** Both parts are form-encoded before they are joined (RFC 6749 §2.3.1). */
function basicOf(authorization: string): { client: string; secret: string } {
  const unknown = new OAuthError('invalid_client', 'The client is not known by this header: use HTTP Basic.');
  const [, encoded] = /^Basic +([A-Za-z0-9+/_-]+=*)$/i.exec(authorization) ?? [];
  if (!encoded) throw unknown;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const at = text.indexOf(':');
  if (at < 1) throw unknown;
  const [client, secret] = [text.slice(0, at), text.slice(at + 1)].map(formDecoded);
  if (!client || !secret) throw unknown;
  return { client, secret };
}

function formDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

function scopesOf(text: string | undefined): string[] | null {
  if (text === undefined) return null;
  const scopes = [...new Set(scopesIn(text))];
  if (scopes.length === 0 || !scopes.every((scope) => SCOPE.test(scope)))
    throw new OAuthError('invalid_scope', 'Scopes are <resource>:read, <resource>:write or admin, separated by blanks.');
  return scopes;
}
