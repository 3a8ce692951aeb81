import { createHash, hkdfSync } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const KEY = /^cb_(live|test)_([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/;

const base62 = (value: number, width: number) => {
  let text = '';
  for (let rest = value; text.length < width; rest = Math.floor(rest / 62)) text = ALPHABET[rest % 62] + text;
  return text;
};

const checksum = (begin: string, body: string) => base62(crc32(`${begin}_${body}`), 6);

/** 32 characters from the secret; bytes above the largest multiple of 62 are passed over, so that each letter is as likely. */
function letters(secret: string, id: string, purpose: string): string {
  const bytes = new Uint8Array(hkdfSync('sha256', secret, id, purpose, 255));
  return [...bytes]
    .filter((byte) => byte < 248)
    .map((byte) => ALPHABET[byte % 62])
    .slice(0, 32)
    .join('');
}

/** The key of an id: a repeated request is told the same key, though it is nowhere stored but as its hash. */
export function keyOf(id: string, secret: string, test: boolean): string {
  const begin = `cb_${test ? 'test' : 'live'}`;
  const body = letters(secret, id, 'clusterbridge api key');
  return `${begin}_${body}${checksum(begin, body)}`;
}

/** The same for a client: its first, second … secret. */
export function clientSecretOf(id: string, no: number, secret: string): string {
  const body = letters(secret, `${id}:${no}`, 'clusterbridge client secret');
  return `cbs_${body}${checksum('cbs', body)}`;
}

/** A mistyped or cut key is told without asking the database. */
export function wellFormed(key: string): boolean {
  const [, kind, body, sum] = KEY.exec(key) ?? [];
  return kind !== undefined && checksum(`cb_${kind}`, body!) === sum;
}

export const isTest = (key: string) => key.startsWith('cb_test_');
export const prefixOf = (key: string) => key.slice(0, 12);
export const hashOf = (key: string) => createHash('sha256').update(key).digest('hex');
