import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import type { MailAttempt } from '#libs/contracts/mail';
import { machineClock } from '#libs/service/clock';
import type { Config } from '#libs/service/config';
import { Runtime } from '#libs/service/runtime';
import type { Writing } from './mail-writing.js';
import { mailPolicy } from './policy.js';

export interface Handed extends Writing {
  /** Of the mail: the same for every attempt, so that who got it twice can tell. */
  id: string;
  to: string;
  /** A calendar (RFC 5545) that goes with it. */
  calendar?: string | null;
}

const { connectMs, totalMs } = mailPolicy;

/** Nothing that a mail says is read from a file or fetched. */
const relayAt = (url: string) =>
  createTransport({
    url,
    pool: true,
    maxConnections: mailPolicy.atOnce,
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: totalMs,
    dnsTimeout: connectMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });

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
    const host = PUBLIC_URL ? new URL(PUBLIC_URL).hostname.replaceAll(/[[\]]/g, '') : 'localhost';
    this.host = isIP(host) ? 'localhost' : host;
    this.from = MAIL_FROM ?? `Clusterbridge <noreply@${this.host}>`;
    this.transport = SMTP_URL ? relayAt(SMTP_URL) : null;
    runtime.after.push(async () => this.transport?.close());
  }

  /** What came of it; never throws, and tells no address. */
  async send({ id, to, subject, text, html, language, calendar }: Handed): Promise<Omit<MailAttempt, 'at'>> {
    if (!this.transport) return notSent('there is no relay to hand it over to (SMTP_URL)');
    const began = machineClock.now().getTime();
    const took = () => Math.min(600_000, machineClock.now().getTime() - began);
    try {
      const { response } = await this.transport.sendMail({
        from: this.from,
        to: { name: '', address: to },
        subject,
        text,
        html,
        messageId: `<${id}@${this.host}>`,
        // RFC 3834: nobody answers this by a machine.
        headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': language },
        attachments: calendar ? [{ filename: 'event.ics', content: calendar, contentType: 'text/calendar; charset=utf-8' }] : [],
      });
      return { status: Number(/^\d{3}/.exec(response)?.[0] ?? 250), latencyMs: took(), excerpt: quietly(response) };
    } catch (error) {
      const { responseCode = null, response, code } = error as { responseCode?: number; response?: string; code?: string };
      return { status: responseCode, latencyMs: took(), excerpt: quietly(response ?? `No answer (${code ?? 'unknown'}).`) };
    }
  }
}

/** Whatever looks like an address is left out of what a relay says. */
const quietly = (excerpt: string) => excerpt.replaceAll(/[^\s<>()"']+@[^\s<>()"',;]+/g, '(address)').slice(0, mailPolicy.excerptCharacters);

/** It was not even tried, and is tried again. */
export const notSent = (why: string): Omit<MailAttempt, 'at'> => ({ status: null, latencyMs: 0, excerpt: `Not sent: ${why}.` });
