import { codes } from './codes.js';
import { escaped, pageWith, withCode } from './docs-pages.js';
import { exampleOf } from './openapi-problems.js';
import { type ProblemName, type ProblemType, problemTypes } from './problem.js';

const kinds = Object.entries(problemTypes) as [ProblemName, ProblemType][];

const codesOfKind = (name: ProblemName) => [...codes].filter(([, { problem }]) => problem === name);

export function problemsPage(): string {
  const rows = kinds.map(
    ([, { slug, status, title, retryable }]) =>
      `<tr><td>${status}</td><td><a href="/docs/problems/${slug}">${escaped(title)}</a></td><td>${retryable ? 'yes' : 'no'}</td></tr>`,
  );
  return pageWith(
    'Problems',
    `    <main>
      <h1>Problems</h1>
      <p>Whatever goes wrong is answered as <code>application/problem+json</code> (RFC 9457). Go by <code>code</code>: it is stable.
      <code>errors</code> point to what is to be mended, <code>verdicts</code> tell every rule that was asked, <code>traceId</code> is what to name when you write to us.</p>
      <table><thead><tr><th>status</th><th>problem</th><th>the same request may succeed later</th></tr></thead>
      <tbody>${rows.join('\n')}</tbody></table>
    </main>`,
  );
}

/** One kind of problem: what it means, the way out, its codes, an example. */
export function problemPage(slug: string): string | null {
  const found = kinds.find(([, type]) => type.slug === slug);
  if (!found) return null;
  const [name, { status, title, help, retryable }] = found;
  const all = codesOfKind(name);
  const rows = all.map(
    ([code, { means, commands }]) => `<tr id="${code}"><td><code>${code}</code></td><td>${withCode(means)}${of(commands)}</td></tr>`,
  );
  const example = JSON.stringify(exampleOf(all[0]![0]), null, 2);
  return pageWith(
    title,
    `    <main>
      <h1>${escaped(title)}</h1>
      <p>Status <strong>${status}</strong>, type <code>/docs/problems/${slug}</code>. ${
        retryable ? 'The very same request may succeed later.' : 'The very same request will fail again.'
      }</p>
      <h2>The way out</h2>
      <p>${withCode(help)}</p>
      <h2>Codes</h2>
      <table><tbody>${rows.join('\n')}</tbody></table>
      <h2>Example</h2>
      <pre><code>${escaped(example)}</code></pre>
      <p><a href="/docs/problems">All problems</a></p>
    </main>`,
  );
}

const of = (commands: readonly string[]) => (commands.length === 0 ? '' : ` <small>(${commands.map(escaped).join(', ')})</small>`);
