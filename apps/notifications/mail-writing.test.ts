import { describe, expect, it } from '@jest/globals';
import { written } from './mail-writing.js';

const values = { joining: 'Ärende & <Co>', joined: 'MITC', until: '7 December', link: 'https://api.example/v1/links/x' };

describe('A mail', () => {
  it('is written in the language asked for, and in English where there is none', () => {
    expect(written('MEMBERSHIP_INVITATION', 'de-AT', values)).toMatchObject({
      subject: 'Einladung: Ärende & <Co> in MITC',
      text: expect.stringContaining('ist eingeladen in'),
      language: 'de',
    });
    expect(written('MEMBERSHIP_INVITATION', 'fi', values)?.language).toBe('en');
  });

  it('leads to its link by a button, and says nothing of a link there is none of', () => {
    const { text, html } = written('MEMBERSHIP_INVITATION', 'en', values)!;
    expect(text).toContain('\n\nhttps://api.example/v1/links/x\n\n');
    expect(html).toContain('<a href="https://api.example/v1/links/x"');
    const without = written('MEMBERSHIP_INVITATION', 'en', { ...values, link: undefined })!;
    expect(without.text).not.toMatch(/link|open this page/);
  });

  it('shows what it is filled with as text', () => {
    const { html } = written('MEMBERSHIP_INVITATION', 'en', values)!;
    expect(html).toContain('Ärende &amp; &lt;Co&gt;');
    expect(html).not.toContain('<Co>');
  });

  it('has a subject of one line, whatever it names', () => {
    const { subject } = written('MEMBERSHIP_INVITATION', 'en', { ...values, joining: 'A\r\nBcc: x@y.example' })!;
    expect(subject).toBe('Invitation: A Bcc: x@y.example in MITC');
    expect(written('MEMBERSHIP_INVITATION', 'en', { ...values, joining: 'x'.repeat(900) })!.subject).toHaveLength(200);
  });

  it('is not written where there is no text, or its subject would stay open', () => {
    expect(written('NOTHING', 'en', values)).toBeNull();
    expect(written('MEMBERSHIP_INVITATION', 'en', {})).toBeNull();
  });
});
