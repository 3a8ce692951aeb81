import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { MailLink } from '#libs/contracts/mail';

/** A link of a mail. */
export interface Link extends MailLink {
  /** Id of the mail. */
  mail: string;
}

/** One letter each, never given twice. */
const LETTERS: Record<MailLink['purpose'], string> = { MEMBERSHIP_INVITATION: 'i', SEAT_OFFER: 's', MEETING_REQUEST: 'm' };
const MAC = 24;
const ID = 16;

const bytesOf = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex');
const idFrom = (bytes: Buffer) => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

const keys = new Map<string, Buffer>();
function keyFrom(secretsKey: string): Buffer {
  const known = keys.get(secretsKey) ?? Buffer.from(hkdfSync('sha256', secretsKey, '', 'clusterbridge links in mails v1', 32));
  keys.set(secretsKey, known);
  return known;
}

const macOf = (said: Buffer, letter: string, secretsKey: string) =>
  createHmac('sha256', keyFrom(secretsKey)).update(letter).update(said).digest().subarray(0, MAC);

/** What stands in the address; it follows from the mail and SECRETS_KEY, so it lies nowhere. Instants are kept to the second. */
export function linkToken({ purpose, mail, subject, expiresAt }: Link, secretsKey: string): string {
  const time = Buffer.alloc(6);
  time.writeUIntBE(Math.floor(Date.parse(expiresAt) / 1000), 0, 6);
  const said = Buffer.concat([bytesOf(mail), bytesOf(subject), time]);
  return LETTERS[purpose] + Buffer.concat([said, macOf(said, LETTERS[purpose], secretsKey)]).toString('base64url');
}

/** Null: it was not made here. Whether it still holds is for the record it is about to say. */
export function linkFrom(token: string, secretsKey: string): Link | null {
  const letter = token.charAt(0);
  const purpose = (Object.keys(LETTERS) as MailLink['purpose'][]).find((each) => LETTERS[each] === letter);
  const bytes = Buffer.from(token.slice(1), 'base64url');
  if (!purpose || bytes.length !== 2 * ID + 6 + MAC || bytes.toString('base64url') !== token.slice(1)) return null;
  const [said, mac] = [bytes.subarray(0, -MAC), bytes.subarray(-MAC)];
  if (!timingSafeEqual(mac, macOf(said, letter, secretsKey))) return null;
  const expiresAt = new Date(said.readUIntBE(2 * ID, 6) * 1000).toISOString();
  return { purpose, mail: idFrom(said.subarray(0, ID)), subject: idFrom(said.subarray(ID, 2 * ID)), expiresAt };
}
