import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { by } from '#libs/testing/actors';
import { Add } from '#libs/testing/counters';
import { BadEnvelope, decode, type Envelope, encode, replyTo, Signer } from './envelope.js';
import type { Incoming } from './kafka.js';

const signer = new Signer('a secret of thirty-two letters at least');
const envelope: Envelope = {
  id: 'm1',
  type: Add.type,
  key: 'c1',
  within: null,
  by: by('MEMBERSHIP_MANAGER', { kind: 'CLUSTER', id: 'mitc' }),
  data: { by: 2 },
  expected: 7,
  dryRun: true,
  keyed: true,
  replyTo: { instance: 'gateway-1' },
  trace: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  due: '2026-03-01T09:00:00.000Z',
};

function received(sent = envelope, changed: { key?: string; value?: string | null; headers?: Record<string, string> } = {}): Incoming {
  const { key, value, headers } = encode(sent, signer);
  const place = { topic: 't', partition: 0, offset: 0, timestamp: 0 };
  return { ...place, key: key ?? '', value, ...changed, headers: { ...headers, ...changed.headers } };
}

describe('A command on its way', () => {
  it('arrives as it was sent', () => {
    expect(decode(received(), Add, signer)).toEqual(envelope);
  });

  it('arrives with nothing that was not said', () => {
    const plain = { ...envelope, expected: null, dryRun: false, keyed: false, replyTo: null, trace: null, due: null };
    expect(decode(received(plain), Add, signer)).toEqual(plain);
  });

  it.each([
    ['id', { headers: { id: 'm2' } }],
    ['key', { key: 'c2' }],
    ['actor', { headers: { by: signer.sign('m1', Add.type, 'c1', by('PLATFORM_ADMIN')).split('.')[0]! } }],
    ['signature', { headers: { by: `${signer.sign('m1', Add.type, 'c1', envelope.by)}x` } }],
  ])('is refused with another %s than was signed', (_, changed) => {
    expect(() => decode(received(envelope, changed), Add, signer)).toThrow(BadEnvelope);
  });

  it('is refused as another command than was signed', () => {
    const { headers } = received();
    const other = { ...Add, type: 'counter.other.v1' };
    expect(() => decode(received(envelope, { headers: { ...headers, type: other.type } }), other, signer)).toThrow(BadEnvelope);
  });

  it('is refused when another key has signed it, or none', () => {
    const stranger = new Signer('another secret of thirty-two letters');
    expect(() => decode(received(), Add, stranger)).toThrow(BadEnvelope);
    expect(() => decode(received(envelope, { headers: { by: '' } }), Add, signer)).toThrow(BadEnvelope);
  });

  it('cannot lend its signature to one whose id, type and key read the same when put together', () => {
    const text = fc.string({ maxLength: 6, unit: fc.constantFrom('a', '\n', '"', ',', '.') });
    fc.assert(
      fc.property(fc.tuple(text, text, text), fc.tuple(text, text, text), (signed, claimed) => {
        const signature = signer.sign(...signed, envelope.by);
        const isSame = signed.every((part, place) => part === claimed[place]);
        expect(signer.verify(...claimed, signature) !== null).toBe(isSame);
      }),
    );
  });

  it('is a fault when its data do not fit the contract', () => {
    expect(() => decode(received(envelope, { value: '{"by":"two"}' }), Add, signer)).toThrow();
    expect(() => decode(received(envelope, { value: 'not json' }), Add, signer)).toThrow(SyntaxError);
  });
});

describe('Where an answer goes', () => {
  it('is read from its header', () => {
    const step = { service: 'events', type: 'x.v1', key: 'k', step: 's' };
    expect(replyTo(JSON.stringify({ instance: 'gateway-1' }))).toEqual({ instance: 'gateway-1' });
    expect(replyTo(JSON.stringify(step))).toEqual(step);
  });

  it.each([undefined, '', 'not json', '{}', '{"instance":7}', '{"service":"events"}', 'null'])(
    'is nowhere when the header is %j',
    (header) => {
      expect(replyTo(header)).toBeNull();
    },
  );
});
