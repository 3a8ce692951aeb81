import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongoose';
import { House } from '#libs/persistence/house';

/** A key pair of the gateways; the private half is sealed. */
export interface StoredKey {
  /** The how many-th: two gateways cannot both make the next. */
  _id: number;
  kid: string;
  publicJwk: Record<string, unknown>;
  sealed: string;
  /** The request that asked for it; null when it was made because of its predecessor's age. */
  asked: string | null;
  at: Date;
}

const DUPLICATE = 11000;

@Injectable()
export class SigningKeyStore {
  constructor(private readonly house: House) {}

  /** The newest first. */
  async all(): Promise<StoredKey[]> {
    return this.keys.find({}).sort({ _id: -1 }).toArray() as Promise<unknown> as Promise<StoredKey[]>;
  }

  /** False when another gateway has made the one of this number. */
  async add(key: StoredKey): Promise<boolean> {
    try {
      await this.keys.insertOne(key as never);
      return true;
    } catch (error) {
      if ((error as { code?: number }).code === DUPLICATE) return false;
      throw error;
    }
  }

  async dropBelow(no: number): Promise<void> {
    await this.keys.deleteMany({ _id: { $lt: no } as never });
  }

  private get keys(): Collection<StoredKey> {
    return this.house.db.collection<StoredKey>('signing-keys') as unknown as Collection<StoredKey>;
  }
}
