import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const KEY = /^cb_(live|test)_([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/;

/** Letters and digits from bytes; bytes above the largest multiple of 62 are passed over, so that each letter is as likely. */
export const lettersOf = (bytes: Uint8Array): string =>
  [...bytes]
    .filter((byte) => byte < 248)
    .map((byte) => ALPHABET[byte % 62])
    .join('');

/** The last six letters of a key or secret, from what it begins with (`cb_live`) and its 32 letters. */
export function checksum(begin: string, body: string): string {
  let text = '';
  for (let rest = crc32(`${begin}_${body}`); text.length < 6; rest = Math.floor(rest / 62)) text = ALPHABET[rest % 62] + text;
  return text;
}

/** A mistyped or cut key is told without asking the database. */
export function wellFormed(key: string): boolean {
  const [, kind, body, sum] = KEY.exec(key) ?? [];
  return kind !== undefined && checksum(`cb_${kind}`, body!) === sum;
}

/** A key nobody has had before. */
export function randomKey(begin: 'cb_live' | 'cb_test'): string {
  let body = '';
  while (body.length < 32) body = (body + lettersOf(randomBytes(64))).slice(0, 32);
  return `${begin}_${body}${checksum(begin, body)}`;
}
