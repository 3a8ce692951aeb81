import { Injectable } from '@nestjs/common';
import { type FactRecord, versionOf } from '#libs/contracts/message';
import { Committer } from '#libs/messaging/committer';
import type { Incoming, Subscription } from '#libs/messaging/kafka';
import { eventsOf, FEED } from '#libs/messaging/topics';
import { factMessage } from '#libs/persistence/relay';
import { Runtime } from '#libs/service/runtime';
import { FeedLog } from './feed-log.js';
import { ReadModels } from './read-models.js';
import { byAggregate } from './resources.js';

const SERVICES = ['gateway', 'membership', 'events', 'exchanges', 'notifications', 'worker'];
const GROUP = 'gateway.feed';
const LOOK_AGAIN_MS = 20;

interface Waiting {
  message: Incoming;
  fact: FactRecord;
}

/**
 * Appends each fact to the feed once the read model shows its version: nothing is announced before it can be read.
 * A subject whose view is late holds up its own facts only.
 */
@Injectable()
export class FeedProjector {
  private readonly lanes = new Map<string, Waiting[]>();
  private readonly committer: Committer;
  private subscription: Subscription | null = null;
  private running: Promise<void> | null = null;
  private stopping = false;

  constructor(
    private readonly runtime: Runtime,
    private readonly models: ReadModels,
    private readonly log: FeedLog,
  ) {
    this.committer = new Committer(GROUP, runtime.log);
    runtime.before.push(() => this.start());
    runtime.after.push(() => this.stop());
  }

  private async start(): Promise<void> {
    this.subscription = await this.runtime.kafka.consume({
      group: GROUP,
      topics: SERVICES.map(eventsOf),
      fromBeginning: true,
      paceMs: 10,
      onBatch: (messages) => {
        for (const message of messages) this.take(message);
      },
      onAssigned: (partitions) => this.committer.assigned(partitions),
    });
    this.committer.start(this.subscription);
  }

  private async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
    await this.committer.stop();
    await this.subscription?.stop();
  }

  private take(message: Incoming): void {
    this.committer.began(message);
    const lane = this.lanes.get(message.key) ?? [];
    this.lanes.set(message.key, lane);
    lane.push({ message, fact: JSON.parse(message.value ?? 'null') as FactRecord });
    this.running ??= this.run();
  }

  private async run(): Promise<void> {
    while (this.lanes.size > 0 && !this.stopping) {
      const shown = await this.shown().catch((error) => {
        this.runtime.log.warn({ error: String(error) }, 'The feed waits for the read models');
        return [];
      });
      if (shown.length > 0) await this.append(shown);
      else await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
    this.running = null;
  }

  /** Taken from the head of each lane: the facts whose version can be read by now. */
  private async shown(): Promise<Waiting[]> {
    const lanes = [...this.lanes.values()];
    const versions = await this.versions(lanes.map((lane) => lane[0]!.fact));
    return lanes.flatMap((lane) => {
      const shown = lane.findIndex(({ fact }) => versionOf(fact.sequence) > (versions.get(fact.subject) ?? 0));
      return lane.slice(0, shown === -1 ? lane.length : shown);
    });
  }

  private async versions(facts: FactRecord[]): Promise<Map<string, number>> {
    const versions = new Map<string, number>();
    const groups = Map.groupBy(facts, (fact) => byAggregate.get(fact.type.split('.')[0]!)?.contract.resource);
    for (const [resource, group] of groups) {
      const found = resource ? await this.models.versionsOf(resource, group.map(idOf)) : new Map<string, number>();
      // A kind no gateway reads is announced as it comes.
      for (const fact of group) versions.set(fact.subject, resource ? (found.get(idOf(fact)) ?? 0) : Number.MAX_SAFE_INTEGER);
    }
    return versions;
  }

  private async append(shown: Waiting[]): Promise<void> {
    try {
      // What a projector that died had appended comes again; the little that slips through here is passed over by those who read.
      const news = shown.filter(({ fact }) => !this.log.has(fact));
      await this.runtime.kafka.send(
        FEED,
        news.map(({ message, fact }) => factMessage(message.key, fact)),
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

const idOf = (fact: FactRecord) => fact.subject.slice(fact.subject.lastIndexOf('/') + 1);
