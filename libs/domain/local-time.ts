import { DateTime, IANAZone } from 'luxon';

const FORM = "yyyy-MM-dd'T'HH:mm";

/** The instant (ISO 8601 UTC) of a local time in a zone; of one that comes twice the first; null where it does not exist on that day. */
export function instantOf(local: string, zone: string): string | null {
  if (!IANAZone.isValidZone(zone)) return null;
  const found = DateTime.fromISO(local, { zone });
  // A time that the clocks leap over is moved on by luxon.
  if (!found.isValid || found.toFormat(FORM) !== local) return null;
  const first = Math.min(...found.getPossibleOffsets().map((each) => each.toMillis()));
  return new Date(first).toISOString();
}

/** The day it is in a zone at an instant, YYYY-MM-DD. */
export const dayIn = (zone: string | null, at: string): string =>
  DateTime.fromISO(at, { zone: zone !== null && IANAZone.isValidZone(zone) ? zone : 'utc' }).toFormat('yyyy-MM-dd');
