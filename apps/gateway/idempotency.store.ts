import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongoose';
import { canonicalJson } from '#libs/domain/canonical';
import { newId } from '#libs/domain/ids';
import { House } from '#libs/persistence/house';
import type { Config } from '#libs/service/config';
import { Runtime } from '#libs/service/runtime';
import { open, seal } from '#libs/service/sealed';
import { Answer } from './answer.js';
import { Problem } from './problem.js';

interface Entry {
  _id: string;
  /** Of the body: the same key with another body is a mistake. */
  hash: string;
  /** Id of what the request creates, if it creates: a request that goes on in place of a dead one creates the same. */
  aggregate: string;
  /** null while the first request is being answered; the body is sealed, since some hold a secret that is shown once. */
  answer: { status: number; body: string; headers: Record<string, string>; problem: boolean } | null;
  /** Ids of the records it was about. */
  subjects: string[];
  at: Date;
  /** Who answers puts it off while it does; if it died, the next request with the key goes on in its place by then. */
  openUntil: Date;
}

interface Said {
  status: number;
  body: unknown;
  headers: Record<string, string>;
  problem: boolean;
}

const DAY_SECONDS = 86_400;
const OPEN_MS = 15_000;
const PUT_OFF_EVERY_MS = 5000;

/** Remembers for a day what was answered to an Idempotency-Key, for every gateway. */
@Injectable()
export class Idempotency {
  private readonly secretsKey: string;

  constructor(
    private readonly house: House,
    runtime: Runtime,
  ) {
    this.secretsKey = (runtime.config as Config<'gateway'>).SECRETS_KEY;
    runtime.before.push(async () => void (await this.entries.createIndex({ at: 1 }, { expireAfterSeconds: DAY_SECONDS })));
  }

  /**
   * Runs `write` for the first request; its answer, success or problem, is that of all others. What is not `lasting` is not kept:
   * the next request goes on with what is left, and creates what this one would have.
   */
  async once(
    id: string,
    body: unknown,
    write: (aggregate: string) => Promise<Answer>,
    lasting: (answer: Answer) => boolean = () => true,
    about: () => string[] = () => [],
  ): Promise<Answer> {
    const hash = hashOf(body);
    const { entry, mine } = await this.claim(id, hash);
    if (!mine) return this.replay(entry, hash);
    // However patient the client is, the key is in hand for as long as it is answered.
    const beat = setInterval(() => void this.putOff(id), PUT_OFF_EVERY_MS);
    try {
      const answer = await write(entry.aggregate);
      if (lasting(answer)) await this.keep(id, about(), { ...answer, problem: false });
      else await this.leave(id);
      return answer;
    } catch (error) {
      if (error instanceof Problem && error.kind !== 'unavailable' && error.kind !== 'failed')
        await this.keep(id, about(), {
          status: error.status,
          body: { kind: error.kind, details: error.details },
          headers: {},
          problem: true,
        });
      // It may have been carried out: who repeats it goes on with the same, and creates nothing beside it.
      else await this.leave(id);
      throw error;
    } finally {
      clearInterval(beat);
    }
  }

  /** All that was answered about a record: how many answers there were. The commands themselves are still known, and not carried out again. */
  async forget(subject: string): Promise<number> {
    return (await this.entries.deleteMany({ subjects: subject } as never)).deletedCount;
  }

  /** What was answered already, if it was: for what cannot be asked any more, since it did what it was to do. */
  async answered(id: string, body: unknown): Promise<Answer | null> {
    const entry = (await this.entries.findOne({ _id: id as never })) as unknown as Entry | null;
    return entry?.answer ? this.replay(entry, hashOf(body)) : null;
  }

  /** Open to the next request with the key. */
  private async leave(id: string): Promise<void> {
    await this.entries.updateOne({ _id: id as never }, { $set: { openUntil: new Date(0) } });
  }

  /** Not put off, it may be answered twice: alike, since the message has the same id. */
  private async putOff(id: string): Promise<void> {
    const openUntil = new Date(Date.now() + OPEN_MS);
    await this.entries.updateOne({ _id: id as never, answer: null }, { $set: { openUntil } }).catch(() => undefined);
  }

  /** `mine` when this request is the one to answer: it is the first, or the first one's gateway has died. */
  private async claim(id: string, hash: string): Promise<{ entry: Entry; mine: boolean }> {
    const now = Date.now();
    const entry: Entry = {
      _id: id,
      hash,
      aggregate: newId(),
      answer: null,
      subjects: [],
      at: new Date(now),
      openUntil: new Date(now + OPEN_MS),
    };
    try {
      await this.entries.insertOne(entry as never);
      return { entry, mine: true };
    } catch (error) {
      if ((error as { code?: number }).code !== 11000) throw error;
    }
    const { modifiedCount } = await this.entries.updateOne(
      { _id: id as never, hash, answer: null, openUntil: { $lt: new Date(now) } as never },
      { $set: { openUntil: entry.openUntil } },
    );
    const there = (await this.entries.findOne({ _id: id as never })) as unknown as Entry | null;
    return { entry: there ?? entry, mine: modifiedCount === 1 };
  }

  private replay(entry: Entry, hash: string): Answer {
    if (entry.hash !== hash)
      throw new Problem('refused', { code: 'IDEMPOTENCY.OTHER_BODY', detail: 'This Idempotency-Key was used with another body.' });
    if (!entry.answer)
      throw new Problem('beingAnswered', {
        code: 'IDEMPOTENCY.IN_PROGRESS',
        detail: 'The first request with this key is still being answered.',
        headers: { 'retry-after': '1' },
      });
    const { status, body, headers, problem } = entry.answer;
    const parsed = JSON.parse(open(body, this.secretsKey));
    if (problem) throw new Problem(parsed.kind, parsed.details);
    return new Answer(status, parsed, { ...headers, 'idempotent-replayed': 'true' });
  }

  private async keep(id: string, subjects: string[], { status, body, headers, problem }: Said): Promise<void> {
    await this.entries.updateOne(
      { _id: id as never },
      { $set: { subjects, answer: { status, body: seal(JSON.stringify(body ?? null), this.secretsKey), headers, problem } } },
    );
  }

  private get entries(): Collection<Entry> {
    return this.house.db.collection<Entry>('idempotency') as unknown as Collection<Entry>;
  }
}

const hashOf = (body: unknown): string =>
  createHash('sha256')
    .update(canonicalJson(body ?? null))
    .digest('hex');
