import { describe, expect, it } from '@jest/globals';
import { Addresses } from './address.js';

const of = (proxies: string[], remoteAddress: string | undefined, forwarded?: string) =>
  new Addresses(proxies).of({
    socket: { remoteAddress } as never,
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  });

describe('The address of a caller', () => {
  it.each([
    ['is that of the peer', [], '192.0.2.1', undefined, '192.0.2.1'],
    ['is not what a peer says that nobody trusts', [], '192.0.2.1', '198.51.100.1', '192.0.2.1'],
    ['is what a trusted proxy says', ['10.0.0.0/8'], '10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['is the first that no trusted proxy vouches for', ['10.0.0.0/8'], '10.1.2.3', '6.6.6.6, 198.51.100.1, 10.9.9.9', '198.51.100.1'],
    ['is the proxy itself where it says nonsense', ['10.0.0.1'], '10.0.0.1', 'unknown', '10.0.0.1'],
    ['is that of IPv4 also when mapped', ['::ffff:10.0.0.1'], '::ffff:10.0.0.1', '::ffff:192.0.2.1', '192.0.2.1'],
    ['is a network of IPv6', [], '2001:db8:0:1:2:3:4:5', undefined, '2001:db8:0:1::/64'],
    ['is unknown when the peer is gone', [], undefined, undefined, 'unknown'],
  ])('%s', (_, proxies, peer, forwarded, address) => {
    expect(of(proxies, peer, forwarded)).toBe(address);
  });
});
