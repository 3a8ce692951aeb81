import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Difference } from '#libs/contracts/history';
import { pointer } from './json-pointer.js';

type Members = Record<string, unknown>;

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where two values differ, as deep as they are alike. */
export function differences(before: unknown, after: unknown, at = ''): Difference[] {
  if (before === after) return [];
  if (isMembers(before) && isMembers(after)) return ofMembers(before, after, at);
  if (Array.isArray(before) && Array.isArray(after)) return ofItems(before, after, at);
  return isDeepStrictEqual(before, after) ? [] : [difference(at, before, after)];
}

const difference = (at: string, before: unknown, after: unknown): Difference => ({
  pointer: at,
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
});

function ofMembers(before: Members, after: Members, at: string): Difference[] {
  const names = new Set([...Object.keys(after), ...Object.keys(before)]);
  return [...names].flatMap((name) => differences(before[name], after[name], at + pointer(name)));
}

/** What begins and ends alike is passed over, so that an item put in between is told as just that. */
function ofItems(before: unknown[], after: unknown[], at: string): Difference[] {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && isDeepStrictEqual(before[from], after[from])) from += 1;
  let rest = 0;
  while (rest < shorter - from && isDeepStrictEqual(before.at(-1 - rest), after.at(-1 - rest))) rest += 1;
  const [gone, come] = [before.slice(from, before.length - rest), after.slice(from, after.length - rest)];
  const placed = (i: number) => at + pointer(from + i);
  if (gone.length === come.length) return gone.flatMap((item, i) => differences(item, come[i], placed(i)));
  return [
    ...gone.map((item, i) => difference(placed(i), item, undefined)),
    ...come.map((item, i) => difference(placed(i), undefined, item)),
  ];
}

/** The value without what stands at these dotted paths; a path leads into every item of a list. */
export function without(value: unknown, paths: readonly string[]): unknown {
  return paths.reduce((rest, path) => withoutPath(rest, path.split('.')), value);
}

function withoutPath(value: unknown, [name = '', ...below]: string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutPath(item, [name, ...below]));
  if (!isMembers(value) || !(name in value)) return value;
  const { [name]: member, ...rest } = value;
  return below.length === 0 ? rest : { ...value, [name]: withoutPath(member, below) };
}

/** What the place of a difference and the length and hash of its values take up. */
const AT_LEAST = 250;

const size = (value: unknown) => (value === undefined ? 0 : JSON.stringify(value).length);

/** The differences in about as many characters: what is too large is told by length and hash; null when not even that fits. */
export function abridged(found: readonly Difference[], characters: number): { told: Difference[] | null; used: number } {
  let left = characters - found.length * AT_LEAST;
  if (left < 0) return { told: null, used: 0 };
  const told = found.map((one) => {
    const needed = size(one.before) + size(one.after);
    if (needed > left) return shortened(one);
    left -= needed;
    return one;
  });
  return { told, used: characters - left };
}

const shortened = ({ pointer: at, before, after }: Difference): Difference => ({
  ...difference(at, digest(before), digest(after)),
  abridged: true,
});

const digest = (value: unknown) =>
  value === undefined ? undefined : { length: size(value), sha256: createHash('sha256').update(JSON.stringify(value)).digest('hex') };
