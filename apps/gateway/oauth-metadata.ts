import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TOKEN_PATH } from './oauth-error.js';
import { scopesSupported } from './scopes.js';
import { SigningKeys } from './signing-keys.js';
import { AccessTokens } from './token.js';

type Refuse = (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;

/** Long enough to spare a request, short enough that a new key is known before its first token is shown around. */
const HEADERS = { 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*', 'x-content-type-options': 'nosniff' };

/** RFC 8414. */
export const metadata = (issuer: string) => ({
  issuer,
  token_endpoint: `${issuer}${TOKEN_PATH}`,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  grant_types_supported: ['client_credentials'],
  response_types_supported: [],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  scopes_supported: scopesSupported,
  service_documentation: `${issuer}/docs`,
});

/** What clients and verifiers find out by themselves: public, the same for everybody. */
export function serveMetadata(app: NestFastifyApplication, refuse: Refuse): void {
  const http = app.getHttpAdapter().getInstance();
  const { issuer } = app.get(AccessTokens);
  const keys = app.get(SigningKeys);
  http.get('/.well-known/oauth-authorization-server', (_request, reply) => reply.headers(HEADERS).send(metadata(issuer)));
  http.get('/.well-known/jwks.json', async (request, reply) => {
    try {
      const all = await keys.all();
      return reply.headers(HEADERS).send({ keys: all.map(({ publicJwk }) => publicJwk) });
    } catch (error) {
      refuse(error, request, reply);
      return reply;
    }
  });
}
