import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { MailLink } from '#libs/contracts/mail';
import { filled, mailLocale, pageWords, type Values } from '#libs/reference/mail-texts';
import { wantedForm } from './accepted.js';
import { escaped } from './docs-pages.js';
import type { Language } from './languages.js';
import type { Problem } from './problem.js';

export const PAGE = 'text/html';
export const PAGE_TYPE = `${PAGE}; charset=utf-8`;

/** A browser asks for a page first; programs take JSON. */
export const wantsPage = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean => wantedForm(headers.accept, [PAGE]) === PAGE;

const STYLE = `body{margin:0;padding:1.5rem;background:#f1f4f8;font:16px/1.5 system-ui,sans-serif;color:#1d2733}
main{max-width:36rem;margin:0 auto;padding:1.5rem;background:#fff;border-top:4px solid #12304f}
h1{margin:0 0 1rem;font-size:1.3rem}
label{display:block;margin:1.5rem 0 .25rem;font-size:.9rem}
textarea{box-sizing:border-box;width:100%;min-height:4rem;padding:.5rem;font:inherit;border:1px solid #aab6c2;border-radius:4px}
button{margin:1rem .75rem 0 0;padding:.6rem 1.4rem;font:inherit;border:2px solid #0b5cad;border-radius:4px;background:#fff;color:#0b5cad;cursor:pointer}
button.first{background:#0b5cad;color:#fff}
button:focus-visible,textarea:focus-visible{outline:3px solid #f0a202;outline-offset:2px}
p.small{margin:1.5rem 0 0;font-size:.85rem;color:#5b6875}
`;

/** Nothing is loaded, run or told elsewhere, least of all the address, which is as good as a signature; nobody keeps it. */
export const PAGE_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
  'cache-control': 'no-store',
  vary: 'Accept, Accept-Language',
};

const page = (language: string, heading: string, parts: readonly string[]) => `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(heading)} – Clusterbridge</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(heading)}</h1>
${parts.join('\n')}
</main>
</body>
</html>
`;

const paragraph = (text: string, kind = '') => `<p${kind && ` class="${kind}"`}>${escaped(text)}</p>`;

/** What a link asks. */
export interface Question {
  /** Which sentence says what it is about, and what that is filled with. */
  purpose: MailLink['purpose'];
  values: Values;
  /** None: it holds no more. */
  answers: readonly string[];
  expiresAt: string;
}

type Words = ReturnType<typeof pageWords>;

const sentence = (words: Words, { purpose, values }: Pick<Question, 'purpose' | 'values'>): string[] => {
  const text = filled(words[purpose], values);
  return text === null ? [] : [paragraph(text)];
};

/** The form answers to the very address it was opened by. */
export function questionPage(question: Question, language: string): string {
  const words = pageWords(language);
  const { answers, expiresAt } = question;
  if (answers.length === 0) return page(language, words.title, [...sentence(words, question), paragraph(words.void)]);
  const buttons = answers.map(
    (answer, i) =>
      `<button type="submit" name="answer" value="${escaped(answer)}"${i === 0 ? ' class="first"' : ''}>${escaped(wordFor(words, answer))}</button>`,
  );
  const reason = `<label for="reason">${escaped(words.reason)}</label>\n<textarea id="reason" name="reason" maxlength="2000"></textarea>`;
  const until = words.until.replace('{until}', momentOf(expiresAt, language));
  return page(language, words.title, [
    ...sentence(words, question),
    `<form method="post">\n${reason}\n${buttons.join('\n')}\n</form>`,
    paragraph(`${words.opening} ${until}`, 'small'),
  ]);
}

/** `status` 202: its service is away, and carries it out later. */
export function answeredPage(
  answer: string,
  status: number,
  question: Pick<Question, 'purpose' | 'values'> | null,
  language: string,
): string {
  const words = pageWords(language);
  const done = answer === 'decline' ? words.declined : words.accepted;
  return page(language, words.title, [...(question ? sentence(words, question) : []), paragraph(status === 202 ? words.waiting : done)]);
}

/** A refusal, in the words of people; programs are told the same as a problem. */
export function problemPageFor(problem: Problem, language: Language): string {
  const words = pageWords(language);
  const { code, detail, verdicts } = problem.body('', language);
  if (code === 'RESOURCE.ABSENT') return page(language, words.title, [paragraph(words.absent)]);
  const failing = verdicts.filter(({ outcome }) => outcome === 'FAILED');
  // Whatever else stands in the way of a link that holds no more is of no use to know.
  if ([code, ...failing.map(({ rule }) => rule)].some((each) => each.endsWith('LINK.HOLDS')))
    return page(language, words.title, [paragraph(words.void)]);
  const why = failing.length > 0 ? failing.map(({ message }) => message) : [detail];
  return page(language, words.title, [paragraph(words.refused), ...why.map((each) => paragraph(each)), paragraph(code, 'small')]);
}

const wordFor = (words: Words, answer: string): string => (answer === 'decline' ? words.decline : words.accept);

const momentOf = (at: string, language: string): string =>
  `${new Intl.DateTimeFormat(mailLocale(language), { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(new Date(at))} UTC`;
