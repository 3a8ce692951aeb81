import { Injectable } from '@nestjs/common';
import { Mail as Contract, type Letter, type MailAttempt } from '#libs/contracts/mail';
import { onceBack } from '#libs/messaging/away';
import { despiteConflicts } from '#libs/persistence/bulk';
import { House } from '#libs/persistence/house';
import { insertNew } from '#libs/persistence/newest';
import { Store } from '#libs/persistence/store';
import { Gathering } from '#libs/service/gathering';
import type { Log } from '#libs/service/log';
import { Together } from '#libs/service/together';
import type { Mail } from './mail.js';

/** Whoever has an attempt in hand says so again and again; silent for so long it is taken for gone. Machine time, for it guards machines. */
const HELD_MS = 20_000;
const AGAIN_MS = 5000;
const KEPT_SECONDS = 7 * 86_400;

const held = () => new Date(Date.now() + HELD_MS);

interface Claim {
  _id: string;
  heldUntil: Date;
  /** What came of it, as it stood when the relay had answered; it holds no address. */
  outcome?: MailAttempt;
}

@Injectable()
export class MailStore extends Store<Mail> {
  private readonly lookUps = new Together<Mail>((ids) => this.all(ids));
  /** Claims that met another of their attempt. */
  private readonly met = new WeakSet<Claim>();
  private readonly claiming = new Gathering<Claim>((claims) => this.insert(claims));
  private readonly ending = new Gathering<Pick<Claim, '_id' | 'outcome'>>((ended) => this.note(ended));

  constructor(house: House) {
    super(house, Contract.contract, { indexes: [{ 'state.state': 1 }] });
  }

  override async ensureIndexes(): Promise<void> {
    await super.ensureIndexes();
    await this.claims.createIndex({ heldUntil: 1 }, { expireAfterSeconds: KEPT_SECONDS });
  }

  /**
   * What comes of an attempt, which is made once: two jobs of one mail, such as after Redis was wiped, must not both send it, and what
   * the relay has answered is not asked for again when its teller was killed. Null while somebody else is at it.
   */
  async once(id: string, number: number, log: Log, attempt: () => Promise<MailAttempt>): Promise<MailAttempt | null> {
    const _id = `${id}/${number}`;
    const known = await this.claim(_id);
    if (known !== 'MINE') return known;
    const holding = setInterval(() => void this.hold(_id).catch(() => undefined), AGAIN_MS);
    try {
      const outcome = await attempt();
      clearInterval(holding);
      await onceBack(log, () => this.ending.add([{ _id, outcome }]));
      return outcome;
    } finally {
      clearInterval(holding);
    }
  }

  /** What came of the attempt already; null: somebody else is at it. */
  private async claim(_id: string): Promise<'MINE' | MailAttempt | null> {
    const claim: Claim = { _id, heldUntil: held() };
    await this.claiming.add([claim]);
    if (!this.met.has(claim)) return 'MINE';
    const known = await this.claims.findOne({ _id });
    if (known?.outcome) return known.outcome;
    const given = { _id, heldUntil: { $lt: new Date() }, outcome: { $exists: false } };
    const { matchedCount } = await this.claims.updateOne(given, { $set: { heldUntil: held() } });
    return matchedCount === 1 ? 'MINE' : null;
  }

  private async insert(claims: Claim[]): Promise<void> {
    for (const claim of await insertNew(this.claims, claims)) this.met.add(claim);
  }

  private async note(ended: Pick<Claim, '_id' | 'outcome'>[]): Promise<void> {
    const operations = ended.map(({ _id, outcome }) => ({ updateOne: { filter: { _id }, update: { $set: { outcome } } } }));
    await despiteConflicts(() => this.claims.bulkWrite(operations as never, { ordered: false }));
  }

  private async hold(_id: string): Promise<void> {
    await this.claims.updateOne({ _id }, { $set: { heldUntil: held() } });
  }

  /** As it is now; jobs of one moment look theirs up together. */
  mail(id: string): Promise<Mail | null> {
    return this.lookUps.get(id);
  }

  /** Letters that are still to be sent, with their ids. */
  async waiting(): Promise<(Pick<Letter, 'to' | 'person'> & { id: string })[]> {
    const projection = { 'state.letter.to': 1, 'state.letter.person': 1 };
    const found = this.documents.find({ 'state.state': { $in: ['QUEUED', 'FAILED'] } } as never, { projection });
    return (await found.toArray()).flatMap(({ _id, state }) => (state?.letter ? [{ ...state.letter, id: String(_id) }] : []));
  }

  private get claims() {
    return this.house.db.collection<Claim>('mailClaims');
  }
}
