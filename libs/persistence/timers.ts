import type { Collection } from 'mongoose';
import { system } from '#libs/contracts/actor';
import { messageId } from '#libs/domain/ids';
import { encode } from '#libs/messaging/envelope';
import type { Outgoing } from '#libs/messaging/kafka';
import { commandsOf } from '#libs/messaging/topics';
import type { Lying, Stored } from './document.js';
import { upTo } from './filters.js';
import type { House } from './house.js';
import { Patience } from './patience.js';

const BATCH = 200;
/** What the topic accepted is decided; a timer is sent again only because its command failed as a bug. */
const AGAIN_MS = 30_000;
const AGAIN_AT_MOST_MS = 3_600_000;

type Timed = Pick<Stored<object>, '_id' | 'dueAt' | 'dueType'>;

/** What is due on the aggregates of a store becomes a command of the service to itself. */
export class Timers<S extends object> {
  private readonly sent = new Patience(AGAIN_MS, AGAIN_AT_MOST_MS);

  constructor(
    private readonly house: House,
    private readonly documents: () => Collection<Lying<S>>,
  ) {}

  async sweep(): Promise<void> {
    const now = this.house.clock.now();
    const found = this.documents().find({ dueAt: upTo(now) as never });
    const all = (await found
      .sort({ dueAt: 1 })
      .limit(BATCH + this.sent.size)
      .toArray()) as unknown as Timed[];
    const due = all.filter((doc) => !this.sent.waits(timerOf(doc)));
    await this.house.kafka.send(
      commandsOf(this.house.service),
      due.map((doc) => this.command(doc, now.toISOString())),
    );
    for (const doc of due) this.sent.note(timerOf(doc));
  }

  private command(doc: Timed, at: string): Outgoing {
    const nobody = { within: null, expected: null, dryRun: false, keyed: false, replyTo: null, trace: null };
    const by = system(this.house.service, at);
    const due = doc.dueAt!.toISOString();
    return encode({ id: timerOf(doc), type: doc.dueType ?? '', key: doc._id, by, data: {}, due, ...nobody }, this.house.signer);
  }
}

/** Says which timer it was, so it is taken once. */
const timerOf = ({ _id, dueAt, dueType }: Timed) => messageId('timer', _id, dueType ?? '', dueAt!.toISOString());
