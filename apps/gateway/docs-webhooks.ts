import { SUBSCRIPTION_TEST } from '#libs/contracts/subscription';
import { webhookHeaders } from './asyncapi-envelopes.js';
import { catalogue } from './catalogue.js';
import { escaped, pageWith } from './docs-pages.js';
import type { JsonObject } from './openapi-schemas.js';

const VERIFY = `import { Webhook } from 'standardwebhooks';

const webhook = new Webhook(process.env.WEBHOOK_SECRET); // whsec_…, told once when you subscribe

export function onDelivery(body, headers) {      // body: the bytes as they came
  const fact = webhook.verify(body, headers);    // throws unless signed by us, within five minutes
  if (seen(fact.subject, fact.sequence)) return; // drop what is not above the last of its subject
  take(fact);
}`;

export function webhookPage(): string {
  const headers = Object.entries(webhookHeaders.properties as Record<string, JsonObject>).map(
    ([name, { description, const: fixed }]) => `<tr><td><code>${name}</code></td><td>${escaped(String(description ?? fixed))}</td></tr>`,
  );
  const facts = [...catalogue.facts.values()].map(
    ({ type, aggregate: { resource } }) => `<tr><td><code>${type}</code></td><td><code>/v1/${resource}/{id}</code></td></tr>`,
  );
  return pageWith(
    'Webhooks',
    `    <main>
      <h1>Webhooks</h1>
      <p>Subscribe by <code>POST /v1/subscriptions</code>. Each fact comes as a CloudEvent 1.0 (structured JSON), signed per
      <a href="https://www.standardwebhooks.com/">Standard Webhooks</a>: facts of one subject in order, each at least once.
      Any 2xx acknowledges; anything else is tried again with growing distance, and <code>Retry-After</code> is kept to; 410 disables the subscription.
      <code>POST …/enable</code> sends <code>${SUBSCRIPTION_TEST}</code> first, signed like all others, and enables the subscription when that is acknowledged.</p>
      <h2>Headers</h2>
      <table><tbody>${headers.join('\n')}</tbody></table>
      <h2>Verify</h2>
      <pre><code>${escaped(VERIFY)}</code></pre>
      <h2>Facts</h2>
      <p>The shape of each is in <a href="/asyncapi.json">/asyncapi.json</a> and <a href="/v1/event-types">/v1/event-types</a>.</p>
      <table><thead><tr><th>type</th><th>subject</th></tr></thead><tbody>${facts.join('\n')}</tbody></table>
    </main>`,
  );
}
