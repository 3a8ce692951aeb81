import { Injectable } from '@nestjs/common';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { Config } from '#libs/service/config';
import { Runtime } from '#libs/service/runtime';
import { open, seal } from '#libs/service/sealed';
import { SigningKeyStore, type StoredKey } from './signing-key.store.js';
import { mint, Versions } from './version-cache.js';

export const ALGORITHM = 'EdDSA';
export const TOKEN_SECONDS = 15 * 60;
/** Kept tokens stand on it as well: it is raised when keys change. */
export const KEYS_TAG = 'signing-keys';

const DAY = 86_400_000;
/** A gateway whose clock is behind may still sign with the old key for a moment. */
const GRACE_MS = 60_000;

export interface SigningKey {
  no: number;
  kid: string;
  publicJwk: JWK;
  createdAt: string;
  /** null: it is the one that signs; otherwise it verifies until its last token has expired. */
  endsAt: string | null;
}

export interface Rotation {
  /** Id of the request; null when age asks for it. */
  asked: string | null;
  keepOld: boolean;
}

interface Loaded {
  stored: StoredKey[];
  tokens: string[] | null;
}

/** The keys that sign access tokens: made here, sealed at rest, the same for every gateway. */
@Injectable()
export class SigningKeys {
  private readonly secretsKey: string;
  private readonly maxAgeMs: number;
  private loaded: Loaded | null = null;
  private readonly verifying = new Map<string, CryptoKey>();
  private signing: { kid: string; key: CryptoKey } | null = null;

  constructor(
    private readonly runtime: Runtime,
    private readonly store: SigningKeyStore,
    private readonly versions: Versions,
  ) {
    const { SECRETS_KEY, SIGNING_KEY_DAYS } = runtime.config as Config<'gateway'>;
    this.secretsKey = SECRETS_KEY;
    this.maxAgeMs = SIGNING_KEY_DAYS * DAY;
  }

  /** Those in force, the one that signs first; the first of all is made when it is asked for. */
  async all(): Promise<SigningKey[]> {
    const stored = await this.current();
    const newest = stored[0];
    if (newest && this.runtime.clock.now().getTime() - newest.at.getTime() < this.maxAgeMs) return this.inForce(stored);
    return this.follow(newest?._id ?? 0, { asked: null, keepOld: true });
  }

  async signer(): Promise<{ kid: string; key: CryptoKey }> {
    const [newest] = await this.all();
    if (this.signing?.kid === newest!.kid) return this.signing;
    const stored = (await this.current()).find(({ kid }) => kid === newest!.kid)!;
    const key = (await importJWK(JSON.parse(open(stored.sealed, this.secretsKey)), ALGORITHM)) as CryptoKey;
    this.signing = { kid: stored.kid, key };
    return this.signing;
  }

  /** Null when no key of this name is in force. */
  async verifier(kid: string): Promise<CryptoKey | null> {
    const found = (await this.all()).find((key) => key.kid === kid);
    if (!found) return null;
    const known = this.verifying.get(kid);
    if (known) return known;
    const key = (await importJWK(found.publicJwk, ALGORITHM)) as CryptoKey;
    this.verifying.set(kid, key);
    return key;
  }

  /** A new key signs from now on; what the old ones have signed is void at once unless they are kept. The same request does it once. */
  async rotate(rotation: Rotation): Promise<SigningKey[]> {
    const stored = await this.store.all();
    return stored.some(({ asked }) => asked === rotation.asked) ? this.inForce(stored) : this.follow(stored[0]?._id ?? 0, rotation);
  }

  /** Nothing happens when `latest` is not the latest any more: another gateway was faster. */
  private async follow(latest: number, { asked, keepOld }: Rotation): Promise<SigningKey[]> {
    const isNew = await this.store.add(await this.make(latest + 1, asked));
    if (isNew) await this.store.dropBelow(keepOld ? this.oldest(await this.store.all()) : latest + 1);
    this.loaded = null;
    await this.versions.raise(new Map([[KEYS_TAG, mint()]]));
    return this.inForce(await this.current());
  }

  private async make(no: number, asked: string | null): Promise<StoredKey> {
    const { publicKey, privateKey } = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true });
    const jwk = await exportJWK(publicKey);
    const kid = await calculateJwkThumbprint(jwk);
    const sealed = seal(JSON.stringify(await exportJWK(privateKey)), this.secretsKey);
    return { _id: no, kid, publicJwk: { ...jwk, kid, use: 'sig', alg: ALGORITHM }, sealed, asked, at: this.runtime.clock.now() };
  }

  /** As they are stored now: kept for as long as nobody has rotated, read anew while that cannot be known. */
  private async current(): Promise<StoredKey[]> {
    const tokens = await this.versions.lookup([KEYS_TAG]);
    const { loaded } = this;
    if (loaded && tokens && loaded.tokens?.every((token, i) => token === tokens[i])) return loaded.stored;
    const stored = await this.store.all();
    this.loaded = { stored, tokens };
    for (const kid of this.verifying.keys()) if (!stored.some((key) => key.kid === kid)) this.verifying.delete(kid);
    return stored;
  }

  private inForce(stored: StoredKey[]): SigningKey[] {
    const now = this.runtime.clock.now().getTime();
    return stored.flatMap(({ _id, kid, publicJwk, at }, i) => {
      const successor = stored[i - 1];
      const endsAt = successor ? endOf(successor) : null;
      if (endsAt && endsAt.getTime() <= now) return [];
      return [{ no: _id, kid, publicJwk: publicJwk as JWK, createdAt: at.toISOString(), endsAt: endsAt?.toISOString() ?? null }];
    });
  }

  /** What is below has ended. */
  private oldest(stored: StoredKey[]): number {
    return this.inForce(stored).at(-1)?.no ?? 0;
  }
}

/** When the last token signed by the key before this one has expired. */
const endOf = (successor: StoredKey) => new Date(successor.at.getTime() + TOKEN_SECONDS * 1000 + GRACE_MS);
