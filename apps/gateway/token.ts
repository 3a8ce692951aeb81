import { Injectable } from '@nestjs/common';
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { newId } from '#libs/domain/ids';
import type { Config } from '#libs/service/config';
import { Runtime } from '#libs/service/runtime';
import { ALGORITHM, SigningKeys, TOKEN_SECONDS } from './signing-keys.js';

/** What one of our own tokens says; the client's roles are looked up whenever it is used. */
export interface Granted {
  client: string;
  scopes: string[];
  /** Milliseconds. */
  expiresAt: number;
}

/** Address of the API as partners know it: issuer and audience of its tokens. */
export const publicUrl = ({ PUBLIC_URL, HOST, PORT }: Pick<Config<'gateway'>, 'PUBLIC_URL' | 'HOST' | 'PORT'>): string =>
  (PUBLIC_URL ?? `http://${HOST}:${PORT}`).replace(/\/+$/, '');

export const textOf = (scopes: readonly string[]) => scopes.join(' ');
export const scopesIn = (text: unknown): string[] => (typeof text === 'string' ? text.split(' ').filter(Boolean) : []);

/** JWT access tokens for clients (RFC 9068). */
@Injectable()
export class AccessTokens {
  readonly issuer: string;

  constructor(
    private readonly runtime: Runtime,
    private readonly keys: SigningKeys,
  ) {
    this.issuer = publicUrl(runtime.config as Config<'gateway'>);
  }

  async issue(client: string, scopes: readonly string[]): Promise<string> {
    const { kid, key } = await this.keys.signer();
    const now = Math.floor(this.runtime.clock.now().getTime() / 1000);
    return new SignJWT({ client_id: client, ...(scopes.length > 0 ? { scope: textOf(scopes) } : {}) })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'at+jwt', kid })
      .setIssuer(this.issuer)
      .setAudience(this.issuer)
      .setSubject(client)
      .setJti(newId())
      .setIssuedAt(now)
      .setExpirationTime(now + TOKEN_SECONDS)
      .sign(key);
  }

  /** Null when it was not signed here, was altered, or has expired. */
  async read(token: string): Promise<Granted | null> {
    try {
      const { kid = '' } = decodeProtectedHeader(token);
      const key = await this.keys.verifier(kid);
      if (!key) return null;
      const { payload } = await jwtVerify(token, key, {
        algorithms: [ALGORITHM],
        typ: 'at+jwt',
        issuer: this.issuer,
        audience: this.issuer,
        requiredClaims: ['sub', 'client_id', 'exp', 'iat', 'jti'],
        currentDate: this.runtime.clock.now(),
      });
      return { client: String(payload.client_id), scopes: scopesIn(payload.scope), expiresAt: (payload.exp as number) * 1000 };
    } catch (error) {
      if (isOfJose(error)) return null;
      throw error;
    }
  }
}

/** A fault of the token, not of ours. */
export const isOfJose = (error: unknown): error is Error & { code: string } =>
  error instanceof TypeError || String((error as { code?: unknown }).code).startsWith('ERR_J');
