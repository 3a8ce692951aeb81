import { Injectable } from '@nestjs/common';
import { system } from '#libs/contracts/actor';
import { ForgetMail, type Letter, type MailAttempt, NoteMailAttempt, WithdrawMail } from '#libs/contracts/mail';
import { canonicalHash } from '#libs/domain/canonical';
import { messageId } from '#libs/domain/ids';
import { Jobs } from '#libs/jobs/jobs';
import { mailLocale, type Values } from '#libs/reference/mail-texts';
import type { Config } from '#libs/service/config';
import { aggregatesHolding } from '#libs/service/forgetting';
import { linkToken } from '#libs/service/link';
import { Runtime } from '#libs/service/runtime';
import { type Mail, waits } from './mail.js';
import { MailStore } from './mail.store.js';
import { MailCopies } from './mail-copies.js';
import { kindOf } from './mail-kinds.js';
import { isSo, MailMatters } from './mail-matters.js';
import { calendarOf, MailValues } from './mail-values.js';
import { written } from './mail-writing.js';
import { Mailer, notSent } from './mailer.js';
import { mailPolicy } from './policy.js';

const QUEUE = 'mails';
const NOT_SO = 'What it would have said is not so any more.';

/** A letter with whom it goes to and what it says. */
interface Addressed {
  to: string;
  values: Values;
  calendar: string | null;
}

/** Sends what is due. BullMQ only wakes: that a mail is due, who is at it and what came of it stands in MongoDB. */
@Injectable()
export class MailJobs {
  private readonly secretsKey: string;

  constructor(
    private readonly runtime: Runtime,
    private readonly jobs: Jobs,
    private readonly mails: MailStore,
    private readonly mailer: Mailer,
    private readonly copies: MailCopies,
    private readonly matters: MailMatters,
    private readonly values: MailValues,
  ) {
    this.secretsKey = (runtime.config as Config<'notifications'>).SECRETS_KEY;
    jobs.work<{ mail: string }>(QUEUE, ({ mail }) => this.send(mail), { concurrency: mailPolicy.perSecond });
    const holding = async (person: string, _: string | null, mailbox: string | null) =>
      (await this.mails.waiting()).filter((letter) => isFor(letter, person, mailbox)).map(({ id }) => id);
    const message = 'Mails that were still to be sent to the person, or to its address.';
    runtime.places.push(aggregatesHolding(runtime, { code: 'MAILS', message, holding, command: ForgetMail }));
  }

  /** Not waited for: a job that Redis did not take comes again when the mail rings again. */
  add(id: string): void {
    this.jobs.add(QUEUE, id, { mail: id }).catch((error) => {
      this.runtime.log.debug({ mail: id, error: String(error) }, 'No job was made of a mail; it rings again');
    });
  }

  private async send(id: string): Promise<void> {
    const mail = await this.mails.mail(id);
    const at = this.runtime.clock.iso();
    if (!mail || !isDue(mail, at)) return;
    const number = mail.attempts.length;
    const { log, bus } = this.runtime;
    const addressed = await this.addressed(mail);
    const by = system('notifications', this.runtime.clock.iso());
    if (!addressed) {
      await bus.tell(WithdrawMail, { key: id, id: messageId('withdraw', id), by, data: { reason: NOT_SO } });
      return;
    }
    const attempt = await this.mails.once(id, number, log, async () => ({ at, ...(await this.hand(id, mail, addressed)) }));
    if (attempt) await bus.tell(NoteMailAttempt, { key: id, id: messageId('mail', id, number), by, data: { number, attempt } });
  }

  /** To a recorded person it is written when it is sent, of what is so then. Null: it is not so any more, or nobody is there. */
  private async addressed({ template, about, language, letter }: Mail): Promise<Addressed | null> {
    const { to, person: id, values } = letter as Letter;
    if (id === null) return { to: to ?? '', values, calendar: null };
    const kind = kindOf(template);
    const [person, matter] = await Promise.all([this.copies.person(id), this.matters.of(about)]);
    if (!kind || !person || !matter || !isSo(kind, matter)) return null;
    const calendar = kind.calendar ? calendarOf(matter, language, this.mailer.address) : null;
    const told = await this.values.of(matter, person, id, language);
    return { to: person.email, values: { ...told, calendar: calendar ? 'yes' : undefined }, calendar };
  }

  private async hand(
    id: string,
    { template, language, letter }: Mail,
    { to, values, calendar }: Addressed,
  ): Promise<Omit<MailAttempt, 'at'>> {
    const { link } = letter as Letter;
    const { address } = this.mailer;
    if (link && !address) return notSent('it is not known where links lead to (PUBLIC_URL)');
    const more = link
      ? { link: `${address}/v1/links/${linkToken({ ...link, mail: id }, this.secretsKey)}`, until: dayOf(link.expiresAt, language) }
      : {};
    const writing = written(template, language, { ...values, ...more });
    if (!to || !writing) return notSent('there is nobody to write to, or no text of this kind');
    return this.mailer.send({ id, to, ...writing, calendar });
  }
}

const isFor = ({ to, person }: Pick<Letter, 'to' | 'person'>, whom: string, mailbox: string | null) =>
  person === whom || (to !== null && canonicalHash(to.toLowerCase()) === mailbox);

const isDue = (mail: Mail, at: string): boolean =>
  waits(mail) && mail.nextAt !== null && mail.nextAt <= at && (mail.until === null || at < mail.until);

/** A day as it is read aloud. */
const dayOf = (at: string, language: string) =>
  new Intl.DateTimeFormat(mailLocale(language), { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(at));
