import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { answeredPage, PAGE_HEADERS, problemPageFor, questionPage, wantsPage } from './people-page.js';
import { absent, Problem } from './problem.js';

const question = {
  purpose: 'MEMBERSHIP_INVITATION' as const,
  values: { joining: '<script>alert(1)</script>', joined: 'A "B" & C' },
  answers: ['accept', 'decline'],
  expiresAt: '2026-12-07T10:00:00.000Z',
};
const verdict = (rule: string, outcome: string, message: string) => ({ rule, version: 1, outcome, message, inputs: {}, source: null });

describe('The page of a link', () => {
  it('shows what others are called as text, and asks by a form that has no address of its own', () => {
    const page = questionPage(question, 'en');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; is invited into A &quot;B&quot; &amp; C.');
    expect(page).not.toContain('<script');
    expect(page).toContain('<form method="post">');
    expect(page).toContain('7 December 2026');
    expect(questionPage(question, 'de')).toContain('<html lang="de">');
  });

  it('has no form where there is nothing to answer', () => {
    expect(questionPage({ ...question, answers: [] }, 'en')).not.toContain('<form');
  });

  it('loads nothing and bears no style but the one its policy names', () => {
    const [, style] = /<style>(.*?)<\/style>/s.exec(questionPage(question, 'en'))!;
    const hash = createHash('sha256').update(style!).digest('base64');
    expect(PAGE_HEADERS['content-security-policy']).toContain(`style-src 'sha256-${hash}'`);
    expect(questionPage(question, 'en')).not.toMatch(/(src|href)=/);
  });

  it('says what came of the answer, also when it is carried out later', () => {
    expect(answeredPage('decline', 200, question, 'en')).toContain('it is declined');
    expect(answeredPage('accept', 202, null, 'en')).toContain('as soon as possible');
  });

  it('says of a link that is none, or holds no more, just that; of anything else what stands in its way', () => {
    expect(problemPageFor(absent('link'), 'en')).toContain('There is no such link');
    const refused = (...verdicts: unknown[]) => new Problem('wrongState', { code: 'MEMBERSHIP.ACCEPT.STATE', detail: 'Not so.', verdicts });
    const state = verdict('MEMBERSHIP.ACCEPT.STATE', 'FAILED', 'It is ACTIVE.');
    const used = problemPageFor(refused(state, verdict('MEMBERSHIP.LINK.HOLDS', 'FAILED', 'Used.')), 'en');
    expect([used.includes('This link holds no more'), used.includes('ACTIVE')]).toEqual([true, false]);
    const other = problemPageFor(refused(verdict('MEMBERSHIP.LINK.HOLDS', 'PASSED', 'Holds.'), state), 'en');
    expect([other.includes('It is ACTIVE.'), other.includes('Holds.')]).toEqual([true, false]);
  });
});

describe('Who gets a page', () => {
  it.each([
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
    ['application/json', false],
    ['application/json, text/html;q=0.5', false],
    ['*/*', false],
    [undefined, false],
  ])('asks for it: %s', (accept, is) => expect(wantsPage({ headers: { accept } } as never)).toBe(is));
});
