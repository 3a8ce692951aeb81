import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '#libs/contracts/actor';
import type { ApiKeyView } from '#libs/contracts/api-key';
import { Runtime } from '#libs/service/runtime';
import { hashOf, isTest, wellFormed } from './key-text.js';
import { Problem } from './problem.js';
import { ReadModels } from './read-models.js';
import { Versions } from './version-cache.js';

type Standing = Omit<Actor, 'at'>;

interface Known {
  standing: Standing;
  expiresAt: number;
  /** Tokens of the key's tag when it was looked up: a revoked key is void at once, on every gateway. */
  tokens: string[];
}

const PUBLIC: Standing = { kind: 'PUBLIC', id: 'public', roles: [{ role: 'PUBLIC', binding: null }], scopes: [] };
const KEPT = 10_000;

/** Who asks. An unknown, expired or revoked key is 401 on every route, also on public ones: a partner shall not be served as the public by mistake. */
@Injectable()
export class Identity {
  private readonly known = new Map<string, Known>();
  private readonly bootstrapHash: string | null;

  constructor(
    private readonly runtime: Runtime,
    private readonly models: ReadModels,
    private readonly versions: Versions,
  ) {
    const key = (runtime.config as { BOOTSTRAP_KEY?: string }).BOOTSTRAP_KEY;
    this.bootstrapHash = key ? hashOf(key) : null;
  }

  async of(request: FastifyRequest): Promise<Actor> {
    const header = request.headers.authorization;
    const standing = header === undefined ? PUBLIC : await this.holder(header);
    return { ...standing, at: this.runtime.clock.iso() };
  }

  private async holder(header: string): Promise<Standing> {
    const [, token] = /^Bearer +([^\s]+)$/i.exec(header) ?? [];
    if (!token || !wellFormed(token)) throw unknownKey();
    if (isTest(token) && this.runtime.config.ENGINES !== 'embedded') throw unknownKey();
    const hash = hashOf(token);
    if (hash === this.bootstrapHash)
      return { kind: 'CLIENT', id: 'bootstrap', roles: [{ role: 'PLATFORM_ADMIN', binding: null }], scopes: [] };
    const known = this.known.get(hash);
    if (known && known.expiresAt > this.runtime.clock.now().getTime() && (await this.holds(hash, known))) return known.standing;
    return this.look(hash);
  }

  private async holds(hash: string, { tokens }: Known): Promise<boolean> {
    const now = await this.versions.lookup([tagOf(hash)]);
    return now?.every((token, i) => token === tokens[i]) ?? false;
  }

  private async look(hash: string): Promise<Standing> {
    const tokens = await this.versions.lookup([tagOf(hash)]);
    const [key] = (await this.models.where('api-keys', { sha256: hash })) as unknown as ApiKeyView[];
    const expiresAt = key?.expiresAt ? Date.parse(key.expiresAt) : Number.POSITIVE_INFINITY;
    if (key?.state !== 'ACTIVE' || expiresAt <= this.runtime.clock.now().getTime()) throw unknownKey();
    const standing: Standing = { kind: 'CLIENT', id: key.id, roles: key.roles, scopes: key.scopes };
    if (this.known.size >= KEPT) this.known.clear();
    if (tokens) this.known.set(hash, { standing, expiresAt, tokens });
    return standing;
  }
}

const tagOf = (hash: string) => `api-keys?sha256=${hash}`;

const unknownKey = () =>
  new Problem('unauthenticated', { code: 'AUTH.UNKNOWN', detail: 'The key or token is not known, has expired or was revoked.' });
