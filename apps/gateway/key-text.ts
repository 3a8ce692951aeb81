import { createHash, hkdfSync } from 'node:crypto';
import { checksum, lettersOf } from '#libs/service/key-form';

/** 32 characters from the secret, the same for the same id and purpose. */
const letters = (secret: string, id: string, purpose: string) =>
  lettersOf(new Uint8Array(hkdfSync('sha256', secret, id, purpose, 255))).slice(0, 32);

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

/** The same for a calendar token: it opens a calendar, and nothing else. */
export function calendarTokenOf(id: string, secret: string): string {
  const body = letters(secret, id, 'clusterbridge calendar token');
  return `${CALENDAR}_${body}${checksum(CALENDAR, body)}`;
}

const CALENDAR = 'cbc';

/** A mistyped or cut one is told without asking the database. */
export function isCalendarToken(token: string): boolean {
  const [, body, sum] = /^cbc_([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/.exec(token) ?? [];
  return body !== undefined && checksum(CALENDAR, body) === sum;
}

/** What stands in the QR code of a person's badge: nobody else's, and of no other event. */
export const checkInCodeOf = (event: string, person: string, secret: string): string =>
  `cbp_${letters(secret, `${event}:${person}`, 'clusterbridge check-in').slice(0, 20)}`;

export const isTest = (key: string) => key.startsWith('cb_test_');
export const prefixOf = (key: string) => key.slice(0, 12);
export const hashOf = (key: string) => createHash('sha256').update(key).digest('hex');
