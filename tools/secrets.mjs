import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

/**
 * The keys of this checkout's own house, made once.
 * @param {string} dir
 * @returns {{ BY_KEY: string, SECRETS_KEY: string, BOOTSTRAP_KEY: string }}
 */
export function secretsIn(dir) {
  const file = path.join(dir, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const secrets = { BY_KEY: random(), SECRETS_KEY: random(), BOOTSTRAP_KEY: testKey() };
  mkdirSync(dir, { recursive: true });
  writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
}

function random() {
  return randomBytes(32).toString('base64url');
}

/** Its last six letters are its checksum, as of every API key. */
function testKey() {
  const key = `cb_test_${letters(32)}`;
  let checksum = '';
  for (let rest = zlib.crc32(key); checksum.length < 6; rest = Math.floor(rest / 62)) checksum = ALPHABET[rest % 62] + checksum;
  return key + checksum;
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Bytes from 248 on are left out: the rest would fall on the first letters more often. @param {number} count */
function letters(count) {
  let text = '';
  while (text.length < count) {
    for (const byte of randomBytes(count)) if (byte < 248 && text.length < count) text += ALPHABET[byte % 62];
  }
  return text;
}
