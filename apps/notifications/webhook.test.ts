import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Runtime } from '#libs/service/runtime';
import { type Reply, WebhookReceiver } from '#libs/testing/webhook-receiver';
import { deliveryPolicy } from './policy.js';
import { targetPolicyOf, Webhook } from './webhook.js';

const aWebhook = (config: object) => {
  const after: (() => Promise<void>)[] = [];
  return { webhook: new Webhook({ config: { WEBHOOK_ALLOW: [], ...config }, after } as unknown as Runtime), after };
};

describe('A webhook', () => {
  const { webhook, after } = aWebhook({ ENGINES: 'embedded' });
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.listen();
  });
  afterEach(() => {
    receiver.received.length = 0;
  });
  afterAll(async () => {
    await receiver.close();
    for (const step of after) await step();
  });

  const post = (reply: Reply) => {
    receiver.answer = () => reply;
    return webhook.post(receiver.url, { 'content-type': 'application/cloudevents+json' }, '{"data":null}');
  };

  it('tells what it was answered', async () => {
    const answer = await post({ status: 503, headers: { 'retry-after': '7' }, body: 'try  later\u0000' });
    expect(answer).toEqual({ status: 503, latencyMs: expect.any(Number), excerpt: 'try  later', retryAfter: '7' });
    expect(receiver.received).toMatchObject([{ body: '{"data":null}', headers: { 'content-type': 'application/cloudevents+json' } }]);
  });

  it('follows no redirection', async () => {
    expect(await post({ status: 307, headers: { location: receiver.url } })).toMatchObject({ status: 307 });
    expect(receiver.received).toHaveLength(1);
  });

  it('keeps the beginning of a long answer only', async () => {
    const { excerpt } = await post({ status: 200, body: 'ä'.repeat(200_000) });
    expect(excerpt).toBe('ä'.repeat(deliveryPolicy.excerptCharacters));
  });

  it('reads no more of an endless answer than it may', async () => {
    let written = 0;
    const server = createServer((_, response) => {
      const more = () => {
        written += 16_384;
        if (!response.destroyed && response.write('x'.repeat(16_384))) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const answer = await webhook.post(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {}, '{}');
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(answer).toMatchObject({ status: 200 });
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });

  it('says in general words why there was no answer', async () => {
    const closed = await webhook.post('http://127.0.0.1:1/', {}, '{}');
    expect(closed).toMatchObject({ status: null, excerpt: 'No answer: ECONNREFUSED.' });
  });

  it('does not connect where it must not: neither to an address nor to a name that means one', async () => {
    const { webhook: strict, after: end } = aWebhook({ ENGINES: 'external' });
    const port = new URL(receiver.url).port;
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '169.254.169.254']) {
      const refused = await strict.post(`https://${host}:${port}/`, {}, '{}');
      expect(refused).toMatchObject({ status: null, excerpt: 'The target is not a public address.' });
    }
    expect(receiver.received).toEqual([]);
    for (const step of end) await step();
  });
});

describe('What the operator allows', () => {
  it('is read from the configuration', () => {
    expect(targetPolicyOf({ ENGINES: 'external', WEBHOOK_ALLOW: ['10.0.0.0/8'] })).toMatchObject({
      loopback: false,
      allow: [[expect.anything(), 8]],
    });
  });
});
