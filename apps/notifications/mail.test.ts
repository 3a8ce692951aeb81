import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { system } from '#libs/contracts/actor';
import type { Context } from '#libs/domain/decision';
import { failedRules } from '#libs/domain/verdict';
import { forgetMail, type Mail, noteMailAttempt, queueMail, ringMail, waits } from './mail.js';
import { mailPolicy } from './policy.js';

const AT = '2026-11-23T10:00:00.000Z';
const UNTIL = '2026-12-07T10:00:00.000Z';
const at = (time = AT, by = system('notifications', time)): Context => ({ id: 'mail', at: time, message: 'x', by });
const draft = {
  template: 'MEMBERSHIP_INVITATION' as const,
  language: 'en',
  about: '/v1/memberships/m',
  owner: 'coordinator',
  until: UNTIL,
  letter: { to: 'ada@company.example', person: null, values: { cluster: 'MITC' }, link: null },
};
const queued = (more: Partial<typeof draft> = {}): Mail => queueMail(null, { ...draft, ...more }, at()).next;
const tried = (mail: Mail, status: number | null, time = AT) =>
  noteMailAttempt()(mail, { number: mail.attempts.length, attempt: { at: time, status, latencyMs: 5, excerpt: null } }, at(time));

describe('A mail', () => {
  it('is due at once, and rings until it is sent', () => {
    expect(queueMail(null, draft, at())).toMatchObject({ next: { state: 'QUEUED', nextAt: AT }, due: { at: '2026-11-23T10:00:10.000Z' } });
    expect(ringMail(queued(), {}, at()).due?.at).toBe('2026-11-23T10:00:10.000Z');
    expect(ringMail(tried(queued(), 250).next, {}, at()).due).toBeNull();
  });

  it('is sent once, and forgets whom it was for', () => {
    const { next, due } = tried(queued(), 250);
    expect([next.state, next.letter, next.nextAt, due]).toEqual(['SENT', null, null, null]);
    expect(noteMailAttempt()(next, { number: 0, attempt: next.attempts[0]! }, at()).next).toBe(next);
  });

  it('comes again after a while when nobody answers or asks for patience, never when it was refused for good', () => {
    for (const status of [null, 421, 451])
      expect(tried(queued(), status)).toMatchObject({
        next: { state: 'FAILED', nextAt: '2026-11-23T10:01:00.000Z' },
        due: { at: '2026-11-23T10:01:00.000Z' },
      });
    expect(tried(queued(), 550).next).toMatchObject({ state: 'DEAD', letter: null, reason: expect.stringContaining('550') });
  });

  it('is not sent when it is of no use any more', () => {
    expect(ringMail(queued(), {}, at(UNTIL)).next).toMatchObject({ state: 'SUPPRESSED', letter: null });
    expect(tried(queued({ until: '2026-11-23T10:00:30.000Z' }), 451).next.state).toBe('SUPPRESSED');
  });

  it('is forgotten with the person it is for', () => {
    expect(forgetMail(queued(), {}, at()).next).toMatchObject({ state: 'SUPPRESSED', letter: null });
  });

  it('is a matter of the product alone', () => {
    const by = { kind: 'CLIENT' as const, id: 'x', roles: [{ role: 'PLATFORM_ADMIN', binding: null }], scopes: [], at: AT };
    expect(failedRules(() => queueMail(null, draft, at(AT, by as never)))).toEqual(['MAIL.ACTOR']);
  });

  it('ends, whatever is answered, and holds its letter just as long as it waits', () => {
    const status = fc.constantFrom(null, 250, 421, 451, 550);
    fc.assert(
      fc.property(fc.array(status, { minLength: mailPolicy.waitSeconds.length, maxLength: 30 }), (answers) => {
        let mail = queued({ until: null as never });
        for (const each of answers) {
          mail = waits(mail) ? tried(mail, each, mail.nextAt!).next : mail;
          expect(mail.letter !== null).toBe(waits(mail));
        }
        expect(waits(mail)).toBe(false);
        expect(mail.attempts.length).toBeLessThanOrEqual(mailPolicy.waitSeconds.length);
      }),
    );
  });
});
