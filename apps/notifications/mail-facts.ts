import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { system } from '#libs/contracts/actor';
import { QueueMail } from '#libs/contracts/mail';
import { type FactRecord, versionOf } from '#libs/contracts/message';
import { messageId } from '#libs/domain/ids';
import { FactConsumer } from '#libs/messaging/fact-consumer';
import type { Incoming } from '#libs/messaging/records';
import { eventsOf } from '#libs/messaging/topics';
import { Runtime } from '#libs/service/runtime';
import { MailCopies } from './mail-copies.js';
import { type Kind, kindsOn } from './mail-kinds.js';
import { isSo, MailMatters, type Matter, type Recipient } from './mail-matters.js';
import { mailPolicy } from './policy.js';

/** Facts of registrations, meetings and events become mails. A group of its own: who is written to holds up nobody who is called. */
@Injectable()
export class MailFacts {
  private readonly pace = new Pace(mailPolicy.perSecond);

  constructor(
    private readonly runtime: Runtime,
    private readonly copies: MailCopies,
    private readonly matters: MailMatters,
  ) {
    const { kafka, park, log, before, after, health } = runtime;
    const handlerOf = (type: string) => (kindsOn(type).length > 0 ? (fact: FactRecord) => this.told(fact) : undefined);
    // A thousand registrations of one event share its key; each of them is written to for itself.
    const recordOf = ({ headers }: Incoming) => headers.ce_subject ?? '';
    const consumer = new FactConsumer('notifications.mails', [eventsOf('events')], handlerOf, kafka, park, log, recordOf);
    before.push(() => consumer.start());
    after.unshift(() => {
      this.pace.stop();
      return consumer.stop();
    });
    health.add('facts for mails', async () => {
      if (!consumer.ready()) throw new Error('not assigned');
    });
  }

  private async told(fact: FactRecord): Promise<void> {
    if (this.isOld(fact)) return;
    const kinds = kindsOn(fact.type);
    await this.pace.turn();
    const matter = await this.matterOf(fact, kinds);
    if (!matter) return;
    let written = 0;
    for (const kind of kinds) {
      if (!isSo(kind, matter)) continue;
      for (const recipient of await this.matters.recipients(kind, matter, fact.time)) {
        // The turn of the fact is that of its first mail.
        if (written > 0) await this.pace.turn();
        await this.queue(kind, fact, matter, recipient);
        written += 1;
      }
    }
  }

  /** As of the fact or later. */
  private async matterOf({ subject, sequence }: FactRecord, kinds: readonly Kind[]): Promise<Matter | null> {
    const matter = await this.matters.of(subject, versionOf(sequence));
    // Whoever has registered before this was told is to hear of it.
    if (!kinds.some(({ follows, to }) => follows || to === 'ALL_REGISTRANTS')) return matter;
    await this.copies.upToNow();
    return this.matters.of(subject);
  }

  /** One mail per fact, kind and person, however often the fact is read. */
  private async queue(kind: Kind, fact: FactRecord, matter: Matter, { person, owner, language }: Recipient): Promise<void> {
    const key = messageId('mail', fact.subject, fact.sequence, kind.code, person);
    const until = untilOf(matter);
    const link = kind.link && until ? { purpose: kind.link, subject: matter.id, expiresAt: until } : null;
    const letter = { to: null, person, values: {}, link };
    const data = { template: kind.code, language: language ?? 'en', about: fact.subject, owner, until, letter };
    const by = system('notifications', this.runtime.clock.iso());
    await this.runtime.bus.tell(QueueMail, { key, by, id: messageId('queue', key), data });
  }

  /** Whoever begins to read today has not to tell of last year. */
  private isOld({ time }: FactRecord): boolean {
    return Date.parse(time) < this.runtime.clock.now().getTime() - mailPolicy.newsDays * 86_400_000;
  }
}

/** When it is of no use any more: when an offer or a request ends, or the event is over. */
function untilOf(matter: Matter): string | null {
  const { until = null } = matter.about === 'registration' || matter.about === 'meeting' ? matter.record : {};
  if (until) return until;
  // Of what is off there is no end to wait for.
  return ['CANCELLED', 'POSTPONED'].includes(matter.event.state) ? null : matter.event.endsAt;
}

/**
 * So many turns a second, those of a second at once: a thousand registrations hold up neither the relay nor this house, and what
 * goes together is looked up, written and published together.
 */
class Pace {
  private readonly end = new AbortController();
  private second = 0;
  private taken = 0;

  constructor(private readonly perSecond: number) {}

  async turn(): Promise<void> {
    const now = Date.now();
    const current = Math.floor(now / 1000);
    if (this.second < current) this.begin(current);
    if (this.taken === this.perSecond) this.begin(this.second + 1);
    this.taken += 1;
    const wait = this.second * 1000 - now;
    if (wait > 0) await pause(wait, undefined, { signal: this.end.signal });
  }

  /** Whose turn has not come has none. */
  stop(): void {
    this.end.abort();
  }

  private begin(second: number): void {
    this.second = second;
    this.taken = 0;
  }
}
