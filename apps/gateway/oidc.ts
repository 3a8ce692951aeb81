import { Injectable } from '@nestjs/common';
import { createRemoteJWKSet, customFetch, errors, jwtVerify, type RemoteJWKSet } from 'jose';
import type { BoundRole } from '#libs/contracts/actor';
import { messageId } from '#libs/domain/ids';
import type { Config } from '#libs/service/config';
import type { OidcIssuer } from '#libs/service/issuers';
import { Runtime } from '#libs/service/runtime';
import { fetchSmall, IssuerAway, WITHIN_MS } from './oidc-fetch.js';
import { ourScopes, rolesOf } from './oidc-roles.js';
import { isOfJose } from './token.js';

/** Whoever an issuer vouches for. */
export interface Person {
  id: string;
  roles: BoundRole[];
  scopes: string[];
  /** Milliseconds. */
  expiresAt: number;
}

interface Found {
  keys: RemoteJWKSet;
  until: number;
}

const ALGORITHMS = ['RS256', 'ES256', 'EdDSA', 'Ed25519'];
/** Access tokens and ID tokens; a logout token or a client's own assertion lets nobody in. */
const TYPES = [undefined, 'jwt', 'at+jwt', 'application/at+jwt'];
const SKEW_SECONDS = 30;
const DISCOVERED_FOR_MS = 3_600_000;
/** An issuer that is away is not asked again by each request. */
const AWAY_FOR_MS = 2000;

/** Tokens of the configured OpenID Connect issuers: found by discovery, verified with the issuer's own keys. */
@Injectable()
export class OidcIssuers {
  private readonly issuers: Map<string, OidcIssuer>;
  private readonly found = new Map<string, Found>();
  private readonly finding = new Map<string, Promise<Found>>();
  private readonly away = new Map<string, number>();

  constructor(private readonly runtime: Runtime) {
    const { OIDC_ISSUERS = [] } = runtime.config as Config<'gateway'>;
    this.issuers = new Map(OIDC_ISSUERS.map((issuer) => [issuer.issuer, issuer]));
  }

  knows(issuer: string): boolean {
    return this.issuers.has(issuer);
  }

  /** Null when the token is none that lets somebody in; throws IssuerAway when that cannot be told now. */
  async read(token: string, issuer: string): Promise<Person | null> {
    const { audience, rolesClaim } = this.issuers.get(issuer)!;
    const { keys } = await this.discovered(issuer);
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        algorithms: ALGORITHMS,
        issuer,
        audience,
        clockTolerance: SKEW_SECONDS,
        requiredClaims: ['sub', 'exp'],
        currentDate: this.runtime.clock.now(),
      });
      if (!TYPES.includes(protectedHeader.typ?.toLowerCase())) return null;
      const id = messageId('person', issuer, String(payload.sub));
      return {
        id,
        roles: rolesOf(payload[rolesClaim]),
        scopes: ourScopes(payload.scope),
        expiresAt: ((payload.exp as number) + SKEW_SECONDS) * 1000,
      };
    } catch (error) {
      if (error instanceof errors.JWKSTimeout || (error as { code?: string }).code === 'ERR_JOSE_GENERIC')
        throw new IssuerAway(`the keys of ${issuer} cannot be read: ${String(error)}`);
      if (isOfJose(error)) return null;
      throw error;
    }
  }

  private async discovered(issuer: string): Promise<Found> {
    const found = this.found.get(issuer);
    if (found && found.until > Date.now()) return found;
    if ((this.away.get(issuer) ?? 0) > Date.now()) return found ?? this.stillAway(issuer);
    const finding = this.finding.get(issuer) ?? this.discover(issuer).finally(() => this.finding.delete(issuer));
    this.finding.set(issuer, finding);
    try {
      return await finding;
    } catch (error) {
      this.away.set(issuer, Date.now() + AWAY_FOR_MS);
      this.runtime.log.warn({ issuer, error: String(error) }, 'An OpenID issuer does not answer');
      if (found) return found;
      throw error;
    }
  }

  private stillAway(issuer: string): never {
    throw new IssuerAway(`${issuer} did not answer a moment ago`);
  }

  private async discover(issuer: string): Promise<Found> {
    const answer = await fetchSmall(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    const about = (await answer.json().catch(() => ({}))) as { issuer?: string; jwks_uri?: string };
    if (answer.status !== 200 || about.issuer !== issuer || !isSafe(about.jwks_uri, issuer))
      throw new IssuerAway(`${issuer} does not describe itself as that issuer`);
    const keys = createRemoteJWKSet(new URL(about.jwks_uri), {
      timeoutDuration: WITHIN_MS,
      cooldownDuration: 30_000,
      cacheMaxAge: 600_000,
      [customFetch]: (url, { headers, signal }) => fetchSmall(url, { headers, signal }),
    });
    const found = { keys, until: Date.now() + DISCOVERED_FOR_MS };
    this.found.set(issuer, found);
    return found;
  }
}

const isSafe = (url: string | undefined, issuer: string): url is string =>
  url !== undefined && URL.canParse(url) && (url.startsWith('https://') || (issuer.startsWith('http://') && url.startsWith('http://')));
