import { filled, mailLanguage, mailText, mailWords, type Values } from '#libs/reference/mail-texts';

export interface Writing {
  subject: string;
  text: string;
  html: string;
  /** Which it is written in. */
  language: string;
}

const LINK = '{link}';
const SUBJECT_CHARACTERS = 200;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** A mail as it reads in a language, as plain text and as a page; null: there is no such text, or its subject stays open. */
export function written(code: string, language: string, values: Values): Writing | null {
  const known = mailText(code, language);
  const subject = known && filled(known.subject, values);
  if (!known || !subject) return null;
  const { footer } = mailWords(language);
  const paragraphs = known.text.flatMap((text) => {
    const whole = filled(text, values);
    return whole === null ? [] : [{ whole, isLink: text === LINK }];
  });
  const said = paragraphs.map(({ whole, isLink }) => (isLink ? button(whole, known.button ?? whole) : paragraph(whole)));
  return {
    // What stands in a subject is one line.
    subject: subject.replaceAll(/\s+/g, ' ').trim().slice(0, SUBJECT_CHARACTERS),
    text: `${[...paragraphs.map(({ whole }) => whole), `-- \n${footer}`].join('\n\n')}\n`,
    html: page(mailLanguage(language), subject, [...said, `<p style="${FOOTER}">${escaped(footer)}</p>`]),
    language: mailLanguage(language),
  };
}

// Programs that show mails know no style sheets: what belongs to a tag stands in it.
const BODY = 'margin:0;padding:24px;background:#f1f4f8;font:16px/1.5 system-ui,sans-serif;color:#1d2733';
const SHEET = 'max-width:36rem;margin:0 auto;padding:24px;background:#fff;border-top:4px solid #12304f';
const BUTTON = 'display:inline-block;padding:10px 20px;background:#0b5cad;color:#fff;text-decoration:none;border-radius:4px';
const FOOTER = 'margin:32px 0 0;font-size:13px;color:#5b6875';

const paragraph = (text: string) => `<p>${escaped(text).replaceAll('\n', '<br>')}</p>`;
const button = (address: string, label: string) =>
  `<p><a href="${escaped(address)}" style="${BUTTON}">${escaped(label)}</a></p><p style="font-size:13px;word-break:break-all">${escaped(address)}</p>`;
const page = (language: string, title: string, parts: readonly string[]) =>
  `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title></head>
<body style="${BODY}"><div style="${SHEET}">
${parts.join('\n')}
</div></body></html>
`;
