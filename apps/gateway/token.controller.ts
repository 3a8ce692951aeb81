import { timingSafeEqual } from 'node:crypto';
import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ClientView } from '#libs/contracts/client';
import { Runtime } from '#libs/service/runtime';
import { Answer } from './answer.js';
import { hashesInForce } from './client.js';
import { exceeds } from './grants.js';
import { hashOf } from './key-text.js';
import { OAuthError } from './oauth-error.js';
import { Open } from './policy.js';
import { ReadModels } from './read-models.js';
import { Returns, TakesForm } from './returns.js';
import { covers } from './scopes.js';
import { TOKEN_SECONDS } from './signing-keys.js';
import { AccessTokens, textOf } from './token.js';
import { tokenRequest } from './token-request.js';

const TokenForm = z
  .object({
    grant_type: z.literal('client_credentials'),
    scope: z.string().optional().describe('separated by blanks; what the client may, unless said'),
    client_id: z.string().optional().describe('unless HTTP Basic names the client'),
    client_secret: z.string().optional(),
  })
  .meta({ id: 'TokenRequest' });

const TokenAnswer = z
  .object({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().min(0).max(86_400),
    scope: z.string().optional().describe('absent: everything that the roles of the client give'),
  })
  .meta({ id: 'Token' });

@ApiTags('Identity')
@Controller('v1/oauth')
export class TokenController {
  constructor(
    private readonly runtime: Runtime,
    private readonly models: ReadModels,
    private readonly tokens: AccessTokens,
  ) {}

  /** An access token for a client (RFC 6749, client credentials). */
  @Post('token')
  @HttpCode(200)
  @Open('oauth')
  @TakesForm(TokenForm)
  @Returns(TokenAnswer)
  async token(@Headers('authorization') authorization: string | undefined, @Body() body: unknown) {
    const { client: id, secret, scopes: wanted } = tokenRequest(authorization, body);
    const client = await this.authenticated(id, secret);
    const scopes = wanted ?? client.scopes;
    const beyond = scopes.find((scope) => !covers(client.scopes, scope) || exceeds(client.roles, scope));
    if (beyond) throw new OAuthError('invalid_scope', `The client does not have the scope ${beyond}.`);
    const granted = { access_token: await this.tokens.issue(client.id, scopes), token_type: 'Bearer', expires_in: TOKEN_SECONDS };
    return new Answer(200, scopes.length > 0 ? { ...granted, scope: textOf(scopes) } : granted, { pragma: 'no-cache' });
  }

  /** An unknown client, a wrong secret and a disabled client are told alike. */
  private async authenticated(id: string, secret: string): Promise<ClientView> {
    const [client] = (await this.models.byIds('clients', [id])) as unknown as (ClientView | undefined)[];
    const hash = Buffer.from(hashOf(secret));
    const known = client ? hashesInForce(client, this.runtime.clock.now()) : [];
    const matches = known.filter((sha256) => timingSafeEqual(Buffer.from(sha256), hash)).length > 0;
    if (!client || !matches || client.state !== 'ACTIVE')
      throw new OAuthError('invalid_client', 'The client is not known, is disabled, or its secret is wrong.');
    return client;
  }
}
