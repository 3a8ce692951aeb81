import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { guardedLookup, mayReach, networks, type TargetPolicy, targetFault } from './target.js';

const strict: TargetPolicy = { loopback: false, allow: [] };
const embedded: TargetPolicy = { loopback: true, allow: [] };

describe('The target of a webhook', () => {
  it.each([
    'https://hooks.example.org/in',
    'https://hooks.example.org:8443/',
    'https://93.184.216.34/',
    'https://[2606:2800:21f:cb07::1]/',
  ])('may be %s', (url) => {
    expect(targetFault(url, strict)).toBeNull();
  });

  it.each([
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://localhost/',
    'https://LOCALHOST./',
    'https://api.localhost/',
    'https://10.1.2.3/',
    'https://172.16.0.1/',
    'https://192.168.1.1/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://2852039166/',
    'https://0.0.0.0/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://198.18.0.1/',
    'https://192.0.2.1/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[::ffff:93.184.216.34]/',
    'https://[::7f00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001::1]/',
    'https://[2001:db8::1]/',
    'https://[fe80::1]/',
    'https://[fec0::1]/',
    'https://[fd00::1]/',
    'https://[ff02::1]/',
  ])('is not public: %s', (url) => {
    expect(targetFault(url, strict)).toBe('The target is not a public address.');
  });

  it.each(['http://hooks.example.org/', 'ftp://hooks.example.org/', 'http://93.184.216.34/'])('needs https: %s', (url) => {
    expect(targetFault(url, embedded)).toBe('The target must be reached by https.');
  });

  it('carries no password', () => {
    expect(targetFault('https://me:secret@hooks.example.org/', strict)).toContain('password');
  });

  it.each(['http://127.0.0.1:4711/in', 'http://localhost:4711/in', 'http://[::1]:4711/', 'https://127.0.0.1/'])(
    'may be loopback with embedded engines: %s',
    (url) => {
      expect(targetFault(url, embedded)).toBeNull();
    },
  );

  it('may be private with embedded engines no more than without', () => {
    expect(targetFault('https://10.0.0.1/', embedded)).not.toBeNull();
    expect(targetFault('http://[::ffff:127.0.0.1]/', embedded)).not.toBeNull();
  });

  it('may be what the operator names, still by https', () => {
    const policy = { loopback: false, allow: networks(['10.0.0.0/8', '192.168.1.7', 'fd00::/8']) };
    expect(targetFault('https://10.200.0.1/', policy)).toBeNull();
    expect(targetFault('https://192.168.1.7/', policy)).toBeNull();
    expect(targetFault('https://[fd12::1]/', policy)).toBeNull();
    expect(targetFault('https://192.168.1.8/', policy)).not.toBeNull();
    expect(targetFault('http://10.200.0.1/', policy)).not.toBeNull();
  });

  it('is never inside a private network, however the address is written', () => {
    fc.assert(
      fc.property(fc.constantFrom(10, 127), fc.nat(255), fc.nat(255), fc.nat(255), (a, b, c, d) => {
        const number = ((a * 256 + b) * 256 + c) * 256 + d;
        const forms = [
          `${a}.${b}.${c}.${d}`,
          `${number}`,
          `0x${number.toString(16)}`,
          `0${number.toString(8)}`,
          `[::ffff:${a}.${b}.${c}.${d}]`,
        ];
        for (const form of forms) expect(targetFault(`https://${form}/`, strict)).not.toBeNull();
      }),
    );
  });
});

describe('The look-up of a target', () => {
  const ask = (answers: string[][], policy: TargetPolicy, options = { all: true }) => {
    const resolve = async () => answers.shift()!.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }));
    const look = guardedLookup(policy, resolve);
    return () =>
      new Promise((fulfil, reject) =>
        look('hooks.example.org', options as never, (error, address) => (error ? reject(error) : fulfil(address))),
      );
  };

  it('connects to just the addresses it has checked', async () => {
    expect(await ask([['93.184.216.34']], strict)()).toEqual([{ address: '93.184.216.34', family: 4 }]);
    expect(await ask([['93.184.216.34']], strict, { all: false })()).toBe('93.184.216.34');
  });

  it('refuses a name as soon as one of its addresses is not public', async () => {
    await expect(ask([['93.184.216.34', '169.254.169.254']], strict)()).rejects.toThrow('not a public address');
    await expect(ask([['::ffff:10.0.0.1']], strict)()).rejects.toThrow('not a public address');
    await expect(ask([[]], strict)()).rejects.toThrow('not a public address');
  });

  it('sees through a name that changes its meaning between two connections', async () => {
    const again = ask([['93.184.216.34'], ['127.0.0.1']], strict);
    expect(await again()).toEqual([{ address: '93.184.216.34', family: 4 }]);
    await expect(again()).rejects.toThrow('not a public address');
  });

  it('takes nothing for an address that is none', () => {
    for (const text of ['', 'localhost', '2130706433', '0x7f.1', '127.1']) expect(mayReach(text, embedded)).toBe(false);
  });
});
