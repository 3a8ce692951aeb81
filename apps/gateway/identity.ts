import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { decodeJwt } from 'jose';
import type { Actor } from '#libs/contracts/actor';
import type { ApiKeyView } from '#libs/contracts/api-key';
import type { ClientView } from '#libs/contracts/client';
import type { Config } from '#libs/service/config';
import { wellFormed } from '#libs/service/key-form';
import { Runtime } from '#libs/service/runtime';
import { followed, tagsOf } from './bindings.js';
import { hashOf, isTest } from './key-text.js';
import { KeyUsage } from './key-usage.store.js';
import { isTokenRequest } from './oauth-error.js';
import { OidcIssuers } from './oidc.js';
import { IssuerAway } from './oidc-fetch.js';
import { Problem } from './problem.js';
import { ReadModels } from './read-models.js';
import { within } from './scopes.js';
import { KEYS_TAG } from './signing-keys.js';
import { AccessTokens } from './token.js';
import { Versions } from './version-cache.js';

type Standing = Omit<Actor, 'at'>;

/** Who holds a key or token. */
interface Holder {
  standing: Standing;
  /** Milliseconds; looked up again from then on. */
  until: number;
  /** The API key whose use is noted. */
  apiKey: string | null;
}

/** A key or token that may be good: what its standing is read from, and how. */
interface Credential {
  tags: string[];
  read(): Promise<Holder | null>;
}

/** A holder, and the tokens of its tags when it was looked up: what is revoked, disabled or changed shows at once, on every gateway. */
interface Known extends Holder {
  tags: string[];
  tokens: string[];
}

const PUBLIC: Standing = { kind: 'PUBLIC', id: 'public', roles: [{ role: 'PUBLIC', binding: null }], scopes: [] };
const KEPT = 10_000;
/** A person whom its issuer has let go is let go here by then, at the latest. */
const PERSON_KEPT_MS = 300_000;
/** Whose roles are bound to a record on its way to another is looked up again by then. */
const UNSETTLED_MS = 1_000;

/** Who asks. An unknown, expired or revoked key or token is 401 on every route, also on public ones: a partner shall not be served as the public by mistake. */
@Injectable()
export class Identity {
  private readonly known = new Map<string, Known>();
  private readonly bootstrapHash: string | null;

  constructor(
    private readonly runtime: Runtime,
    private readonly models: ReadModels,
    private readonly versions: Versions,
    private readonly tokens: AccessTokens,
    private readonly issuers: OidcIssuers,
    private readonly usage: KeyUsage,
  ) {
    const { BOOTSTRAP_KEY } = runtime.config as Config<'gateway'>;
    this.bootstrapHash = BOOTSTRAP_KEY ? hashOf(BOOTSTRAP_KEY) : null;
  }

  async of(request: FastifyRequest): Promise<Actor> {
    const header = request.headers.authorization;
    // The token endpoint is told client and secret, not a token.
    const standing = header === undefined || isTokenRequest(request) ? PUBLIC : await this.holder(header);
    return { ...standing, at: this.runtime.clock.iso() };
  }

  private async holder(header: string): Promise<Standing> {
    const [, token] = /^Bearer +([^\s]+)$/i.exec(header) ?? [];
    if (!token) throw unknown();
    const hash = hashOf(token);
    if (hash === this.bootstrapHash && wellFormed(token))
      return { kind: 'CLIENT', id: 'bootstrap', roles: [{ role: 'PLATFORM_ADMIN', binding: null }], scopes: [] };
    const { standing, apiKey } = (await this.kept(hash)) ?? (await this.look(hash, this.credential(token, hash)));
    if (apiKey) this.usage.note(apiKey);
    return standing;
  }

  private async kept(hash: string): Promise<Known | null> {
    const known = this.known.get(hash);
    if (!known) return null;
    if (known.until > this.now()) {
      const now = await this.versions.lookup(known.tags);
      if (now?.every((token, i) => token === known.tokens[i])) return known;
    }
    this.known.delete(hash);
    return null;
  }

  private async look(hash: string, { tags, read }: Credential): Promise<Holder> {
    const tokens = await this.versions.lookup(tags);
    const holder = await read().catch((error) => {
      throw error instanceof IssuerAway ? issuerAway() : error;
    });
    if (!holder || holder.until <= this.now()) throw unknown();
    return this.bound(hash, holder, tags, tokens);
  }

  /** Where its roles are bound to records that were merged, they lead on. */
  private async bound(hash: string, holder: Holder, tags: string[], tokens: string[] | null): Promise<Holder> {
    const own = tagsOf(holder.standing.roles);
    const whither = own.length === 0 ? [] : await this.versions.lookup(own);
    const { roles, settled } = await followed(holder.standing.roles, this.models);
    const now: Holder = { ...holder, standing: { ...holder.standing, roles } };
    if (this.known.size >= KEPT) this.known.clear();
    const until = settled ? holder.until : Math.min(holder.until, this.now() + UNSETTLED_MS);
    // The epoch's token stands last, and is the same for both unless all is void.
    if (tokens && whither)
      this.known.set(hash, { ...now, until, tags: [...own, ...tags], tokens: [...whither.slice(0, own.length), ...tokens] });
    return now;
  }

  private credential(token: string, hash: string): Credential {
    if (token.startsWith('cb_')) return this.apiKey(token, hash);
    const { iss, client_id: client } = claimsOf(token);
    if (iss === this.tokens.issuer) return { tags: [KEYS_TAG, `clients:${client}`], read: () => this.client(token) };
    if (typeof iss === 'string' && this.issuers.knows(iss)) return { tags: [], read: () => this.person(token, iss) };
    throw unknown();
  }

  private apiKey(token: string, hash: string): Credential {
    if (!wellFormed(token)) throw unknown();
    if (isTest(token) && this.runtime.config.ENGINES !== 'embedded') throw unknown();
    return { tags: [`api-keys?sha256=${hash}`], read: () => this.keyHolder(hash) };
  }

  private async keyHolder(hash: string): Promise<Holder | null> {
    const [key] = (await this.models.where('api-keys', { sha256: hash })) as unknown as (ApiKeyView | undefined)[];
    if (key?.state !== 'ACTIVE') return null;
    const until = key.expiresAt ? Date.parse(key.expiresAt) : Number.POSITIVE_INFINITY;
    return { standing: { kind: 'CLIENT', id: key.id, roles: key.roles, scopes: key.scopes }, until, apiKey: key.id };
  }

  /** Roles and scopes are those the client has now, however old the token. */
  private async client(token: string): Promise<Holder | null> {
    const granted = await this.tokens.read(token);
    if (!granted) return null;
    const [client] = (await this.models.byIds('clients', [granted.client])) as unknown as (ClientView | undefined)[];
    if (client?.state !== 'ACTIVE') return null;
    const scopes = granted.scopes.length > 0 ? within(client.scopes, granted.scopes) : client.scopes;
    // No scope at all would mean every scope.
    if (granted.scopes.length > 0 && scopes.length === 0) return null;
    return { standing: { kind: 'CLIENT', id: client.id, roles: client.roles, scopes }, until: granted.expiresAt, apiKey: null };
  }

  private async person(token: string, issuer: string): Promise<Holder | null> {
    const person = await this.issuers.read(token, issuer);
    if (!person) return null;
    const { id, roles, scopes, expiresAt } = person;
    const until = Math.min(expiresAt, this.now() + PERSON_KEPT_MS);
    return { standing: { kind: 'PERSON', id, roles, scopes }, until, apiKey: null };
  }

  private now(): number {
    return this.runtime.clock.now().getTime();
  }
}

/** Not yet believed: they only say who is to be asked. */
function claimsOf(token: string): { iss?: unknown; client_id?: unknown } {
  try {
    return decodeJwt(token);
  } catch {
    throw unknown();
  }
}

const unknown = () =>
  new Problem('unauthenticated', {
    code: 'AUTH.UNKNOWN',
    detail: 'The key or token is not known, has expired or was revoked.',
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  });

const issuerAway = () =>
  new Problem('unavailable', {
    code: 'AUTH.ISSUER_AWAY',
    detail: 'The issuer of this token does not answer, so it cannot be verified now.',
    headers: { 'retry-after': '5' },
  });
