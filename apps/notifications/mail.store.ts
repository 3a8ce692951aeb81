import { Injectable } from '@nestjs/common';
import { Mail as Contract } from '#libs/contracts/mail';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import type { Mail } from './mail.js';

/** Longer than an attempt takes: after that whoever had it is taken for gone. */
const HELD_MS = 120_000;
const KEPT_SECONDS = 86_400;

interface Claim {
  _id: string;
  heldUntil: Date;
}

@Injectable()
export class MailStore extends Store<Mail> {
  constructor(house: House) {
    super(house, Contract.contract, { indexes: [{ 'state.state': 1 }] });
  }

  override async ensureIndexes(): Promise<void> {
    await super.ensureIndexes();
    await this.claims.createIndex({ heldUntil: 1 }, { expireAfterSeconds: KEPT_SECONDS });
  }

  /** Whether this attempt is ours: two jobs of one mail, such as after Redis was wiped, must not both send it. */
  async claim(id: string, number: number): Promise<boolean> {
    const _id = `${id}/${number}`;
    const now = Date.now();
    const heldUntil = new Date(now + HELD_MS);
    try {
      await this.claims.updateOne({ _id, heldUntil: { $lt: new Date(now) } }, { $set: { heldUntil } }, { upsert: true });
      return true;
    } catch (error) {
      if ((error as { code?: number }).code === 11000) return false;
      throw error;
    }
  }

  /** Letters that are still to be sent, with their ids. */
  async waiting(): Promise<{ id: string; to: string }[]> {
    const found = this.documents.find({ 'state.state': { $in: ['QUEUED', 'FAILED'] } } as never, { projection: { 'state.letter.to': 1 } });
    return (await found.toArray()).flatMap(({ _id, state }) => (state?.letter ? [{ id: String(_id), to: state.letter.to }] : []));
  }

  private get claims() {
    return this.house.db.collection<Claim>('mailClaims');
  }
}
