import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;
const VERSION = 'v1.';

/** What was sealed is broken, or was sealed under another key. */
export class BrokenSeal extends Error {}

const keys = new Map<string, Buffer>();

function keyFrom(secretsKey: string): Buffer {
  const known = keys.get(secretsKey) ?? Buffer.from(hkdfSync('sha256', secretsKey, '', 'clusterbridge sealed secrets v1', 32));
  keys.set(secretsKey, known);
  return known;
}

/** Encrypted and authenticated under a key derived from SECRETS_KEY; each time another text. */
export function seal(plain: string, secretsKey: string): string {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(ALGORITHM, keyFrom(secretsKey), nonce, { authTagLength: TAG });
  const sealed = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return VERSION + sealed.toString('base64url');
}

/** Throws BrokenSeal when a single bit differs. */
export function open(sealed: string, secretsKey: string): string {
  if (!sealed.startsWith(VERSION)) throw new BrokenSeal('not a sealed text');
  const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url');
  if (bytes.length < NONCE + TAG) throw new BrokenSeal('too short');
  try {
    const decipher = createDecipheriv(ALGORITHM, keyFrom(secretsKey), bytes.subarray(0, NONCE), { authTagLength: TAG });
    decipher.setAuthTag(bytes.subarray(-TAG));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()]).toString('utf8');
  } catch {
    throw new BrokenSeal('broken, or sealed under another key');
  }
}
