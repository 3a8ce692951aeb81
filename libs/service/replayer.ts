import { Injectable } from '@nestjs/common';
import { system } from '#libs/contracts/actor';
import { keptMessages, type ReplayResult } from '#libs/contracts/kept-message';
import { messageId } from '#libs/domain/ids';
import type { Incoming } from '#libs/messaging/kafka';
import type { Kept } from '#libs/persistence/kept.store';
import { resultOf } from './kept-message.js';
import { Runtime } from './runtime.js';

type Came = Omit<ReplayResult, 'at'>;

const failure = (message: string): Came => ({ status: 'FAILED', code: null, message });

/** Has kept messages handled once more: a command is sent again, a fact or state is handed to its reader with all that follows of its key. */
@Injectable()
export class Replayer {
  constructor(private readonly runtime: Runtime) {}

  /** What waits before it, and must be seen to first; nothing: ''. */
  async before(id: string): Promise<string> {
    const kept = await this.runtime.kept.get(id);
    if (kept?.kind !== 'PARKED') return '';
    const [first] = await this.runtime.kept.line(kept.group, kept.key);
    return first && first._id !== id ? first._id : '';
  }

  /** What would come of it. */
  async preview(id: string): Promise<ReplayResult | null> {
    const kept = await this.runtime.kept.get(id);
    if (!kept) return null;
    const came = kept.kind === 'SHELVED' ? await this.tryOut(kept) : await this.lookAt(kept);
    return { ...came, at: this.runtime.clock.iso() };
  }

  /** `asked`: the command that asked for it; the same one may come again after a crash. */
  async carryOut(id: string, asked: string): Promise<void> {
    const kept = await this.runtime.kept.get(id);
    if (kept?.kind === 'SHELVED') return this.sendAgain(kept, asked);
    await this.note(id, asked, kept ? await this.line(kept, asked) : { status: 'DONE', code: null, message: null });
  }

  async forget(id: string): Promise<void> {
    await this.runtime.kept.remove(id);
    await this.runtime.shelf.count();
  }

  /** Under its own id and with the authority it was given: what is decided of it comes back as an answer. */
  private async sendAgain({ _id, topic, key, value, headers }: Kept, asked: string): Promise<void> {
    const { service, kafka } = this.runtime;
    const reply = JSON.stringify({ service, type: keptMessages[service].NoteAnswer.type, key: _id, step: asked });
    await kafka.send(topic, [{ key, value, headers: { ...headers, reply } }]);
  }

  /** Until nothing waits of the key: more may come while it is handled. */
  private async line({ _id: id, group, key }: Kept, asked: string): Promise<Came> {
    const { park, kept } = this.runtime;
    const again = park.readerOf(group);
    if (!again) return failure(`Nobody reads as ${group} any more.`);
    let handled = 0;
    for (let [next] = await kept.line(group, key); next; [next] = await kept.line(group, key)) {
      try {
        await again(incomingOf(next));
      } catch (error) {
        const reason = (error as Error).stack ?? String(error);
        return handled === 0 ? failure(reason) : { status: 'DONE', code: null, message: `${handled} were handled; the next one fails.` };
      }
      await kept.remove(next._id);
      handled += 1;
      if (next._id !== id) await this.note(next._id, asked, { status: 'DONE', code: null, message: null });
    }
    await park.holds(group, key);
    return { status: 'DONE', code: null, message: `${handled} were handled; nothing of the key is waiting.` };
  }

  private async note(id: string, asked: string, result: Came): Promise<void> {
    const { service, bus, clock } = this.runtime;
    const about = { key: id, id: messageId('replayed', id, asked, result.message), by: system(service, clock.iso()) };
    await bus.tell(keptMessages[service].NoteReplayed, { ...about, data: { result } });
  }

  private async tryOut(kept: Kept): Promise<Came> {
    const { shelf, clock } = this.runtime;
    try {
      const outcome = await shelf.tryOut!(incomingOf(kept));
      if (!outcome)
        return { status: 'DONE', code: null, message: 'It would change nothing: its time is over, or its answer follows later.' };
      const { at: _, ...came } = resultOf(outcome, clock.iso());
      return came;
    } catch (error) {
      return failure(`${(error as Error).name}: ${(error as Error).message}`);
    }
  }

  private async lookAt({ group, key }: Kept): Promise<Came> {
    const { park, kept } = this.runtime;
    if (!park.readerOf(group)) return failure(`Nobody reads as ${group} any more.`);
    const { length } = await kept.line(group, key);
    return { status: 'DONE', code: null, message: `${length} would be handled again, in order; whether they succeed is not known before.` };
  }
}

const incomingOf = ({ topic, partition, offset, key, headers, value }: Kept): Incoming => ({
  topic,
  partition,
  offset,
  key,
  headers,
  value,
  timestamp: 0,
});
