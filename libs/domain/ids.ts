import { createHash } from 'node:crypto';
import { stringify, v5, v7 } from 'uuid';

const messages = 'b7d6e1f4-2c1a-5f0e-9a53-6f2d8c40e917';

/** The start of COSME 2014–2020: older than any id given by a clock, so an id that begins with it comes from a source key. */
const beforeAnyId = Date.UTC(2014, 0, 1);

/** UUIDv7; `now` in milliseconds when the caller has its own clock. */
export function newId(now?: number): string {
  return now === undefined ? v7() : v7({ msecs: now });
}

/** The same parts give the same id. They are joined as a JSON array, so ('a', 'b,c') and ('a,b', 'c') differ. */
export function messageId(...parts: readonly (string | number | null)[]): string {
  return v5(JSON.stringify(parts), messages);
}

/**
 * The id of what an import records, in the layout of UUIDv7: a fixed time, then 74 bits of the key's SHA-256.
 * An import must find its records again without asking any service, also when it is repeated, cut off half-way or sent
 * twice at once: so their ids follow from their source keys, while every reader may still take them for UUIDv7.
 */
export function sourceId(sourceKey: string): string {
  return derived(beforeAnyId, sourceKey);
}

/**
 * The id of the part at a place (0, 1, …) of what has this UUIDv7: its time, then 74 bits of a hash. What is asked for again
 * as a whole makes the same parts again.
 */
export function partId(whole: string, place: number): string {
  return derived(Number.parseInt(whole.replaceAll('-', '').slice(0, 12), 16), JSON.stringify([whole, place]));
}

function derived(time: number, text: string): string {
  const bytes = createHash('sha256').update(text, 'utf8').digest().subarray(0, 16);
  bytes.writeUIntBE(time, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] as number) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
  return stringify(bytes);
}

/** Of the one check-in of a person at an event. */
export const checkInId = (event: string, person: string): string => sourceId(`check-in:${event}:${person}`);
