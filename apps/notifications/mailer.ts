import { Injectable } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import type { MailAttempt } from '#libs/contracts/mail';
import { machineClock } from '#libs/service/clock';
import type { Config } from '#libs/service/config';
import { Runtime } from '#libs/service/runtime';
import { mailPolicy } from './policy.js';

export interface Written {
  /** Of the mail: the same for every attempt, so that who got it twice can tell. */
  id: string;
  to: string;
  subject: string;
  text: string;
  language: string;
}

const { connectMs, totalMs } = mailPolicy;
const relayAt = (url: string) => createTransport({ url, connectionTimeout: connectMs, greetingTimeout: connectMs, socketTimeout: totalMs });

/** Hands mails over to the relay of this house. */
@Injectable()
export class Mailer {
  private readonly transport: ReturnType<typeof relayAt> | null;
  private readonly from: string;
  private readonly host: string;
  /** Where links lead to; null: this house does not know by which address it is reached. */
  readonly address: string | null;

  constructor(runtime: Runtime) {
    const { SMTP_URL, PUBLIC_URL, MAIL_FROM } = runtime.config as Config<'notifications'>;
    this.address = PUBLIC_URL?.replace(/\/+$/, '') ?? null;
    this.host = PUBLIC_URL ? new URL(PUBLIC_URL).hostname : 'localhost';
    this.from = MAIL_FROM ?? `Clusterbridge <noreply@${/^[\d.]+$/.test(this.host) ? 'localhost' : this.host}>`;
    this.transport = SMTP_URL ? relayAt(SMTP_URL) : null;
    runtime.after.push(async () => this.transport?.close());
  }

  /** What came of it; never throws, and tells no address. */
  async send({ id, to, subject, text, language }: Written): Promise<Omit<MailAttempt, 'at'>> {
    if (!this.transport) return { status: null, latencyMs: 0, excerpt: 'Not sent: there is no relay to hand it over to (SMTP_URL).' };
    const began = machineClock.now().getTime();
    const quietly = (excerpt: string) => excerpt.replaceAll(to, '(address)').slice(0, mailPolicy.excerptCharacters);
    const took = () => Math.min(600_000, machineClock.now().getTime() - began);
    try {
      const { response } = await this.transport.sendMail({
        from: this.from,
        to,
        subject,
        text,
        messageId: `<${id}@${this.host}>`,
        // RFC 3834: nobody answers this by a machine.
        headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': language },
      });
      return { status: Number(/^\d{3}/.exec(response)?.[0] ?? 250), latencyMs: took(), excerpt: quietly(response) };
    } catch (error) {
      const { responseCode = null, response, code } = error as { responseCode?: number; response?: string; code?: string };
      return { status: responseCode, latencyMs: took(), excerpt: quietly(response ?? `No answer (${code ?? 'unknown'}).`) };
    }
  }
}
