import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { deliveryPolicy } from './policy.js';
import { keyOf, signedHeaders } from './signature.js';

const bounds = deliveryPolicy.secretBytes;
const secretOf = (bytes: Uint8Array) => `whsec_${Buffer.from(bytes).toString('base64')}`;
const now = () => Math.floor(Date.now() / 1000);

describe('A signature', () => {
  it('is accepted by the library of Standard Webhooks, whatever is told', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 64 }), fc.jsonValue(), (bytes, data) => {
        const body = JSON.stringify({ data });
        const headers = signedHeaders('0f3c', now(), body, [keyOf(secretOf(bytes), bounds)!]);
        expect(new Webhook(secretOf(bytes)).verify(body, headers)).toEqual(JSON.parse(body));
      }),
    );
  });

  it('is accepted under the old and the new secret while they overlap', () => {
    const secrets = [randomBytes(32), randomBytes(32)].map(secretOf);
    const headers = signedHeaders(
      'id',
      now(),
      '{}',
      secrets.map((secret) => keyOf(secret, bounds)!),
    );
    for (const secret of secrets) expect(new Webhook(secret).verify('{}', headers)).toEqual({});
  });

  it('is refused for another body, another id or another secret', () => {
    const secret = secretOf(randomBytes(32));
    const headers = signedHeaders('id', now(), '{"a":1}', [keyOf(secret, bounds)!]);
    expect(() => new Webhook(secret).verify('{"a":2}', headers)).toThrow();
    expect(() => new Webhook(secret).verify('{"a":1}', { ...headers, 'webhook-id': 'other' })).toThrow();
    expect(() => new Webhook(secretOf(randomBytes(32))).verify('{"a":1}', headers)).toThrow();
  });
});

describe('A secret', () => {
  it.each([
    ['too short', secretOf(randomBytes(23))],
    ['too long', secretOf(randomBytes(65))],
    ['without its prefix', randomBytes(32).toString('base64')],
    ['not in base64', `whsec_${'*'.repeat(40)}`],
  ])('that is %s is none', (_, secret) => {
    expect(keyOf(secret, bounds)).toBeNull();
  });
});
