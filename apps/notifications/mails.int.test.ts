import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { system } from '#libs/contracts/actor';
import { forgetPerson } from '#libs/contracts/erasure';
import { type MailView, QueueMail, WithdrawMail } from '#libs/contracts/mail';
import { canonicalHash } from '#libs/domain/canonical';
import { messageId, newId } from '#libs/domain/ids';
import { linkFrom } from '#libs/service/link';
import { createLog } from '#libs/service/log';
import { eventually } from '#libs/testing/eventually';
import { MailReceiver } from '#libs/testing/mail-receiver';
import { MINUTE, NotificationsHouse } from '#libs/testing/notifications-house';
import { MailStore } from './mail.store.js';
import { NotificationsModule } from './notifications.module.js';

describe('A mail', () => {
  let house: NotificationsHouse;
  let relay: MailReceiver;

  beforeAll(async () => {
    relay = await MailReceiver.listen();
    house = await NotificationsHouse.open(NotificationsModule, { SMTP_URL: relay.url, PUBLIC_URL: 'https://api.example' });
  });
  afterAll(async () => {
    await house?.close();
    await relay?.close();
  });
  beforeEach(() => {
    relay.answer = () => '250 taken';
  });

  const address = () => `Someone.${newId()}@company.example`;
  const at = () => house.running.runtime.clock.iso();
  const later = (ms: number) => new Date(Date.parse(at()) + ms).toISOString();
  const write = async (to: string, more: object = {}, key = newId()) => {
    const subject = newId();
    const until = later(14 * 24 * 60 * MINUTE);
    const letter = {
      to,
      person: null,
      values: { joined: 'MITC', joining: 'Ärende & Co' },
      link: { purpose: 'MEMBERSHIP_INVITATION' as const, subject, expiresAt: until },
    };
    const data = {
      template: 'MEMBERSHIP_INVITATION' as const,
      language: 'en',
      about: `/v1/memberships/${subject}`,
      owner: 'coordinator',
      until,
      letter,
      ...more,
    };
    const outcome = await house.ask(QueueMail, { key, id: messageId('test', key), by: system('membership', at()), data });
    expect(outcome.status).toBe('DONE');
    return { key, subject, until };
  };
  const stored = async (key: string) =>
    (await house.collection('mails').findOne({ _id: key as never }))?.state as MailView & { letter: unknown };
  const become = (key: string, state: string) => eventually(async () => expect((await stored(key)).state).toBe(state), 15_000);

  it('is handed over with its link, and nothing of whom it was for stays', async () => {
    const to = address();
    const { key, subject, until } = await write(to);
    await become(key, 'SENT');
    const [{ headers, text, subject: line, html }] = relay.to(to) as [(typeof relay.received)[number]];
    expect(line).toBe('Invitation: Ärende & Co in MITC');
    expect(html).toContain('Ärende &amp; Co is invited into MITC.');
    expect(headers).toMatch(new RegExp(`Message-ID: <${key}@api.example>`, 'i'));
    expect(headers).toMatch(/Auto-Submitted: auto-generated/i);
    expect(text).toContain('Ärende & Co is invited into MITC.');
    const [, token] = /https:\/\/api\.example\/v1\/links\/([\w-]+)/.exec(text) ?? [];
    const link = linkFrom(token!, house.secretsKey);
    expect(link).toEqual({ purpose: 'MEMBERSHIP_INVITATION', mail: key, subject, expiresAt: `${until.slice(0, 19)}.000Z` });
    expect(await stored(key)).toMatchObject({ letter: null, attempts: [{ status: 250 }] });
    expect(JSON.stringify(await house.collection('mails').findOne({ _id: key as never }))).not.toContain(to);
  });

  it('speaks the language that was asked for', async () => {
    const to = address();
    await become((await write(to, { language: 'de-AT' })).key, 'SENT');
    expect(relay.to(to)[0]!.text).toContain('ist eingeladen in');
  });

  it('comes again when the relay asks for patience, and is given up when it is refused for good; no answer holds the address', async () => {
    const [slow, wrong] = [address(), address()];
    let asked = 0;
    relay.answer = (to) => {
      if (to === wrong) return `550 no such user ${wrong}`;
      asked += 1;
      return asked === 1 ? `451 ${slow} later` : '250 taken';
    };
    const [first, second] = [await write(slow), await write(wrong)];
    await become(first.key, 'FAILED');
    await become(second.key, 'DEAD');
    expect((await stored(second.key)).attempts).toMatchObject([{ status: 550, excerpt: expect.not.stringContaining(wrong) }]);
    expect((await stored(first.key)).attempts[0]!.excerpt).not.toContain(slow);
    house.goOn(2 * MINUTE);
    await become(first.key, 'SENT');
    expect(relay.to(slow)).toHaveLength(1);
  });

  it('is not lost with Redis, nor sent twice', async () => {
    const to = address();
    let answered = false;
    relay.answer = () => (answered ? '250 taken' : '421 busy');
    const { key } = await write(to);
    await become(key, 'FAILED');
    await house.wipeRedis();
    answered = true;
    house.goOn(2 * MINUTE);
    await become(key, 'SENT');
    await house.wipeRedis();
    house.goOn(2 * MINUTE);
    expect(relay.to(to)).toHaveLength(1);
  });

  it('waits while the relay is away, without loss, and is told what became of it', async () => {
    const { port } = relay;
    await relay.close();
    const to = address();
    const { key } = await write(to);
    await become(key, 'FAILED');
    expect((await stored(key)).attempts).toMatchObject([{ status: null, excerpt: expect.stringMatching(/^No answer/) }]);
    await house.finish();
    relay = await MailReceiver.listen(port);
    await house.begin();
    house.goOn(2 * MINUTE);
    await become(key, 'SENT');
    expect(relay.to(to)).toHaveLength(1);
  });

  it('is not sent again when its teller was killed after the relay had taken it', async () => {
    const to = address();
    const key = newId();
    const outcome = { at: at(), status: 250, latencyMs: 5, excerpt: '250 taken' };
    await house.collection('mailClaims').insertOne({ _id: `${key}/0` as never, heldUntil: new Date(0), outcome });
    await write(to, {}, key);
    await become(key, 'SENT');
    expect((await stored(key)).attempts).toEqual([outcome]);
    expect(relay.to(to)).toEqual([]);
  });

  it('is tried by one of several who wake for it at once; whoever comes later is told what came of it', async () => {
    const mails = house.running.app.get(MailStore);
    const id = newId();
    const outcome = { at: at(), status: 250, latencyMs: 1, excerpt: '250 taken' };
    let tries = 0;
    const wake = () =>
      Promise.all(
        Array.from({ length: 3 }, () =>
          mails.once(id, 0, createLog('notifications', 'test', 'silent'), async () => {
            tries += 1;
            return outcome;
          }),
        ),
      );
    expect(await wake()).toContainEqual(outcome);
    expect(await wake()).toEqual([outcome, outcome, outcome]);
    expect(tries).toBe(1);
  });

  it('is queued once, and is not sent any more when it was withdrawn', async () => {
    const to = address();
    relay.answer = () => '421 busy';
    const { key } = await write(to);
    await write(to, {}, key);
    await become(key, 'FAILED');
    const withdraw = () => house.ask(WithdrawMail, { key, by: system('membership', at()), data: { reason: 'It was answered.' } });
    expect((await withdraw()).view).toMatchObject({ state: 'SUPPRESSED', reason: 'It was answered.', nextAt: null });
    relay.answer = () => '250 taken';
    house.goOn(2 * MINUTE);
    await withdraw();
    expect([relay.to(to), await house.collection('mails').countDocuments({ _id: key as never })]).toEqual([[], 1]);
  });

  it('that waits is forgotten with the person it is for', async () => {
    const to = address();
    relay.answer = () => '421 busy';
    const { key } = await write(to);
    await become(key, 'FAILED');
    const data = { person: newId(), version: 1, mailbox: canonicalHash(to.toLowerCase()) };
    const outcome = await house.ask(forgetPerson.notifications, { key: data.person, by: system('membership', at()), data });
    expect((outcome.view as { parts: object[] }).parts).toContainEqual(
      expect.objectContaining({ place: 'MAILS', outcome: 'ERASED', count: 1 }),
    );
    expect(await stored(key)).toMatchObject({ state: 'SUPPRESSED', letter: null });
  });
});
