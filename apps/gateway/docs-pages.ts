export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The words of our tables mark code by backquotes. */
export const withCode = (text: string): string => escaped(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');

const links = [
  ['/docs', 'API'],
  ['/docs/webhooks', 'Webhooks'],
  ['/docs/problems', 'Problems'],
  ['/openapi.json', 'openapi.json'],
  ['/asyncapi.json', 'asyncapi.json'],
]
  .map(([href, text]) => `<a href="${href}">${text}</a>`)
  .join('\n      ');

export const pageWith = (title: string, body: string, head = ''): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escaped(title)} – Clusterbridge</title>
    <link rel="icon" type="image/png" href="/docs/assets/favicon-32x32.png">
    ${head}<link rel="stylesheet" href="/docs/style.css">
  </head>
  <body>
    <nav>
      <strong>Clusterbridge</strong>
      ${links}
    </nav>
${body}
  </body>
</html>
`;

export const apiPage = (): string =>
  pageWith(
    'API',
    `    <div id="api"><noscript><main><p>This page needs JavaScript; the document itself is <a href="/openapi.json">/openapi.json</a>.</p></main></noscript></div>
    <script src="/docs/assets/swagger-ui-bundle.js"></script>
    <script src="/docs/begin.js"></script>`,
    '<link rel="stylesheet" href="/docs/assets/swagger-ui.css">\n    ',
  );

/** A file of its own: the page's policy lets no script stand in it. No document is sent to a validator elsewhere. */
export const BEGIN_SCRIPT = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  validatorUrl: null,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  persistAuthorization: false,
});
`;

export const STYLE = `body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1d2733; background: #fff; }
nav { display: flex; flex-wrap: wrap; gap: 1.25rem; padding: .75rem 1.25rem; background: #12304f; }
nav, nav a { color: #fff; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem 1.25rem 3rem; }
h1 { font-size: 1.6rem; }
h2 { font-size: 1.2rem; margin-top: 2rem; }
a { color: #0b5cad; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid #d5dce4; }
main code, main pre { font: 14px/1.45 ui-monospace, monospace; background: #f1f4f8; }
main code { padding: .1rem .25rem; }
main pre { padding: .75rem; overflow-x: auto; }
main pre code { padding: 0; }
`;
