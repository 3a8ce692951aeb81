import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from './problem.js';

export const TOKEN_PATH = '/v1/oauth/token';
export const isTokenRequest = ({ url }: Pick<FastifyRequest, 'url'>) => url.split('?', 1)[0] === TOKEN_PATH;

type Code = 'invalid_request' | 'invalid_client' | 'invalid_grant' | 'unauthorized_client' | 'unsupported_grant_type' | 'invalid_scope';

/** What the token endpoint refuses with: RFC 6749 §5.2, and nothing beside. */
export class OAuthError extends Error {
  constructor(
    readonly error: Code,
    readonly description: string,
  ) {
    super(description);
  }

  get status(): number {
    return this.error === 'invalid_client' ? 401 : 400;
  }
}

/** What is wrong with a request as such is said in the words of the token endpoint; only being too often, or a fault of ours, is a problem there too. */
export const oauthErrorOf = ({ kind, message }: Problem): OAuthError | null =>
  kind === 'malformed' || kind === 'tooLarge' ? new OAuthError('invalid_request', message) : null;

export function sendOAuthError({ error, description, status }: OAuthError, reply: FastifyReply): void {
  if (status === 401) reply.header('www-authenticate', 'Basic realm="clusterbridge", charset="UTF-8"');
  void reply
    .code(status)
    .headers({ 'cache-control': 'no-store', pragma: 'no-cache' })
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ error, error_description: ascii(description) }));
}

/** The letters that RFC 6749 allows in a description. */
const ascii = (text: string) =>
  text
    .replace(/["\\]/g, "'")
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 500);
