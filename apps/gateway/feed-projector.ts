import { Injectable } from '@nestjs/common';
import { type FactRecord, versionOf } from '#libs/contracts/message';
import { onceBack, within } from '#libs/messaging/away';
import { Committer } from '#libs/messaging/committer';
import type { Incoming, Subscription } from '#libs/messaging/kafka';
import { eventsOf, FEED } from '#libs/messaging/topics';
import { Runtime } from '#libs/service/runtime';
import { FeedLog } from './feed-log.js';
import { ReadModels, TELLING_MS } from './read-models.js';
import { byAggregate } from './resources.js';

const SERVICES = ['gateway', 'membership', 'events', 'exchanges', 'notifications', 'worker'];
const GROUP = 'gateway.feed';
const LOOK_AGAIN_MS = 40;
const DRAIN_MS = 10_000;

interface Waiting {
  message: Incoming;
  /** null: what came is no fact. */
  fact: FactRecord | null;
  /** When it came, by the clock of the process. */
  since: number;
}

interface Ready extends Waiting {
  fact: FactRecord;
}

/**
 * Appends each fact to the feed once the read model shows its version: nothing is announced before it can be read.
 * A subject whose view is late holds up its own facts only. What is no fact parks its key, with what follows of it.
 */
@Injectable()
export class FeedProjector {
  private readonly lanes = new Map<string, Waiting[]>();
  private readonly committer: Committer;
  private subscription: Subscription | null = null;
  private running: Promise<void> | null = null;
  private stopping = false;
  private parkKnown: Promise<void> = Promise.resolve();

  constructor(
    private readonly runtime: Runtime,
    private readonly models: ReadModels,
    private readonly log: FeedLog,
  ) {
    this.committer = new Committer(GROUP, runtime.log);
    runtime.before.push(() => this.start());
    // Before Redis is let go: it tells what can be read.
    runtime.after.unshift(() => this.stop());
  }

  private async start(): Promise<void> {
    const { park, log } = this.runtime;
    park.serves(GROUP, (message) => this.again(message));
    await park.load(GROUP);
    this.subscription = await this.runtime.kafka.consume({
      group: GROUP,
      topics: SERVICES.map(eventsOf),
      fromBeginning: true,
      paceMs: 100,
      onBatch: (messages) => {
        for (const message of messages) this.take(message);
      },
      onAssigned: (partitions) => {
        this.committer.assigned(partitions);
        // Whoever had a partition before may have parked keys of it.
        this.parkKnown = onceBack(log, () => park.load(GROUP));
      },
    });
    this.committer.start(this.subscription);
  }

  private async stop(): Promise<void> {
    this.stopping = true;
    await within(DRAIN_MS, Promise.resolve(this.running));
    await this.committer.stop();
    await this.subscription?.stop();
  }

  private take(message: Incoming): void {
    this.committer.began(message);
    const lane = this.lanes.get(message.key) ?? [];
    this.lanes.set(message.key, lane);
    lane.push({ message, fact: factOf(message), since: performance.now() });
    this.running ??= this.run();
  }

  private async run(): Promise<void> {
    while (this.lanes.size > 0 && !this.stopping) {
      const shown = await this.setAside()
        .then(() => this.shown())
        .catch((error) => {
          this.runtime.log.warn({ error: String(error) }, 'The feed waits for the read models');
          return [];
        });
      if (shown.length > 0) await this.append(shown);
      else if (this.lanes.size > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
    this.running = null;
  }

  /** Lanes that begin with what is no fact, or whose key is parked already, leave; the others go on. */
  private async setAside(): Promise<void> {
    const { park } = this.runtime;
    await this.parkKnown;
    for (const [key, lane] of this.lanes) {
      if (lane[0]?.fact === null) await this.park(key, lane, NO_FACT);
      else if (park.has(GROUP, key) && (await park.holds(GROUP, key))) await this.park(key, lane, FOLLOWS);
    }
  }

  private async park(key: string, lane: Waiting[], reason: string): Promise<void> {
    const { park, log } = this.runtime;
    log.warn({ group: GROUP, key, reason }, 'A key of the feed is parked');
    // More of the key may come meanwhile: it joins this lane.
    for (let why = reason; lane[0]; why = FOLLOWS) {
      const { message } = lane[0];
      await park.put(GROUP, message, why);
      lane.shift();
      this.committer.ended(message);
    }
    this.lanes.delete(key);
  }

  /** A parked fact once more, when its key has been seen to. */
  private async again(message: Incoming): Promise<void> {
    const fact = factOf(message);
    if (!fact) throw new Error(NO_FACT);
    const shown = (await this.versions([{ fact, since: Number.NEGATIVE_INFINITY }])).get(fact.subject) ?? 0;
    if (versionOf(fact.sequence) > shown) throw new Error('Its version cannot be read yet.');
    const { key, value, headers } = message;
    if (!this.log.has(fact)) await this.runtime.kafka.send(FEED, [{ key, value, headers }]);
  }

  /** Taken from the head of each lane: the facts whose version can be read by now. */
  private async shown(): Promise<Ready[]> {
    const lanes = [...this.lanes.values()].map(factsFirst);
    const versions = await this.versions(lanes.flat());
    return lanes.flatMap((lane) => {
      const shown = lane.findIndex(({ fact }) => versionOf(fact.sequence) > (versions.get(fact.subject) ?? 0));
      return lane.slice(0, shown === -1 ? lane.length : shown);
    });
  }

  /**
   * What can be read of each subject. A lane has several where records are kept in one (the meetings in the plan of an event); of each
   * the last fact says how far its view is to be.
   */
  private async versions(ready: readonly Pick<Ready, 'fact' | 'since'>[]): Promise<Map<string, number>> {
    const versions = new Map<string, number>();
    const late = performance.now() - TELLING_MS;
    const groups = Map.groupBy(ready, ({ fact }) => byAggregate.get(fact.type.split('.')[0]!)?.contract.resource);
    for (const [resource, group] of groups) {
      const wanted = new Map(group.map(({ fact }) => [idOf(fact), versionOf(fact.sequence)]));
      const overdue = new Set(group.flatMap(({ fact, since }) => (since < late ? idOf(fact) : [])));
      const found = resource ? await this.models.versionsOf(resource, wanted, (id) => overdue.has(id)) : null;
      // A kind no gateway reads is announced as it comes.
      for (const { fact } of group) versions.set(fact.subject, found ? (found.get(idOf(fact)) ?? 0) : Number.MAX_SAFE_INTEGER);
    }
    return versions;
  }

  private async append(shown: Ready[]): Promise<void> {
    try {
      // What a projector that died had appended comes again; the little that slips through here is passed over by those who read.
      const news = shown.filter(({ fact }) => !this.log.has(fact));
      await this.runtime.kafka.send(
        FEED,
        news.map(({ message: { key, value, headers } }) => ({ key, value, headers })),
      );
    } catch (error) {
      this.runtime.log.warn({ error: String(error) }, 'The feed waits for the broker');
      return;
    }
    for (const { message } of shown) {
      const lane = this.lanes.get(message.key);
      lane?.shift();
      if (lane?.length === 0) this.lanes.delete(message.key);
      this.committer.ended(message);
    }
  }
}

const NO_FACT = 'This is no fact.';
const FOLLOWS = 'an earlier fact of this key is parked';

const idOf = (fact: FactRecord) => fact.subject.slice(fact.subject.lastIndexOf('/') + 1);

const isFact = (waiting: Waiting): waiting is Ready => waiting.fact !== null;

/** The lane up to what is no fact. */
function factsFirst(lane: Waiting[]): Ready[] {
  const end = lane.findIndex((waiting) => !isFact(waiting));
  return lane.slice(0, end === -1 ? lane.length : end).filter(isFact);
}

const known = { id: /./, type: /./, subject: /^\/v1\/./, sequence: /^\d{10}\.\d{3}$/ };

/** What came, if it says what the feed orders and finds facts by. */
function factOf({ value }: Incoming): FactRecord | null {
  try {
    const fact = JSON.parse(value ?? 'null') as Record<string, unknown> | null;
    const isKnown = Object.entries(known).every(([field, form]) => typeof fact?.[field] === 'string' && form.test(fact[field]));
    return isKnown ? (fact as unknown as FactRecord) : null;
  } catch {
    return null;
  }
}
