import { Injectable } from '@nestjs/common';
import { system } from '#libs/contracts/actor';
import { ForgetMail, NoteMailAttempt } from '#libs/contracts/mail';
import { canonicalHash } from '#libs/domain/canonical';
import { messageId } from '#libs/domain/ids';
import { Jobs } from '#libs/jobs/jobs';
import type { Config } from '#libs/service/config';
import { aggregatesHolding } from '#libs/service/forgetting';
import { linkToken } from '#libs/service/link';
import { Runtime } from '#libs/service/runtime';
import { type Mail, waits } from './mail.js';
import { MailStore } from './mail.store.js';
import { written } from './mail-texts.js';
import { Mailer } from './mailer.js';

const QUEUE = 'mails';
/** As many connections to the relay at once. */
const AT_ONCE = 5;

/** Sends what is due. BullMQ only wakes: that a mail is due, who is at it and what came of it stands in MongoDB. */
@Injectable()
export class MailJobs {
  private readonly secretsKey: string;

  constructor(
    private readonly runtime: Runtime,
    private readonly jobs: Jobs,
    private readonly mails: MailStore,
    private readonly mailer: Mailer,
  ) {
    this.secretsKey = (runtime.config as Config<'notifications'>).SECRETS_KEY;
    jobs.work<{ mail: string }>(QUEUE, ({ mail }) => this.send(mail), { concurrency: AT_ONCE });
    const holding = async (_: string, _account: string | null, mailbox: string | null) =>
      (await this.mails.waiting()).filter(({ to }) => canonicalHash(to.toLowerCase()) === mailbox).map(({ id }) => id);
    const message = 'Mails that were still to be sent to the address of the person.';
    runtime.places.push(aggregatesHolding(runtime, { code: 'MAILS', message, holding, command: ForgetMail }));
  }

  /** Not waited for: a job that Redis did not take comes again when the mail rings again. */
  add(id: string): void {
    this.jobs.add(QUEUE, id, { mail: id }).catch((error) => {
      this.runtime.log.debug({ mail: id, error: String(error) }, 'No job was made of a mail; it rings again');
    });
  }

  private async send(id: string): Promise<void> {
    const found = await this.mails.get(id);
    const at = this.runtime.clock.iso();
    if (!found || !isDue(found.state, at)) return;
    const number = found.state.attempts.length;
    if (!(await this.mails.claim(id, number))) return;
    const attempt = { at, ...(await this.hand(id, found.state)) };
    const key = { key: id, id: messageId('mail', id, number), by: system('notifications', this.runtime.clock.iso()) };
    await this.runtime.bus.tell(NoteMailAttempt, { ...key, data: { number, attempt } });
  }

  private hand(id: string, { template, language, letter, until }: Mail) {
    const { to, values, link } = letter!;
    const { address } = this.mailer;
    if (link && !address) return { status: null, latencyMs: 0, excerpt: 'Not sent: it is not known where links lead to (PUBLIC_URL).' };
    const more: Record<string, string> = link ? { link: `${address}/v1/links/${linkToken({ ...link, mail: id }, this.secretsKey)}` } : {};
    return this.mailer.send({ id, to, ...written(template, language, { ...values, until: until?.slice(0, 10) ?? '', ...more }) });
  }
}

const isDue = (mail: Mail, at: string): boolean =>
  waits(mail) && mail.nextAt !== null && mail.nextAt <= at && (mail.until === null || at < mail.until);
