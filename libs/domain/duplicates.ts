import { type DuplicateSignal, duplicateWeights, legalForms, suspectedFrom } from '#libs/reference/duplicate-signals';
import { words } from './text.js';

/** As much of an organisation as tells whether two records are of one. */
export interface Comparable {
  id: string;
  name: string;
  aliases: readonly string[];
  country: string;
  type: string;
  website: string | null;
  address: { city?: string | null } | null;
  externalIds: readonly { system: string; id: string }[];
}

export interface Suspected {
  organisation: string;
  name: string;
  /** Sum of its parts, 0 to 100. */
  score: number;
  parts: { code: DuplicateSignal; score: number; weight: number }[];
}

const significant = (name: string): string[] => {
  // S.A. and a.s. are spelt with dots.
  const all = words(name.replaceAll('.', ''));
  const told = all.filter((word) => !legalForms.has(word));
  return told.length > 0 ? told : all;
};

const plain = (name: string) => significant(name).join(' ');
const namesOf = ({ name, aliases }: Comparable) => [name, ...aliases].map(plain);
const vatOf = ({ externalIds }: Comparable) =>
  externalIds.flatMap(({ system, id }) => (system.toUpperCase() === 'VAT' ? id.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase() : []));
const hostOf = ({ website }: Comparable): string | null =>
  website && URL.canParse(website) ? new URL(website).hostname.replace(/^www\./, '') : null;
const townOf = ({ address }: Comparable) => (address?.city ? words(address.city).join(' ') : null);

/** Dice’s coefficient of pairs of letters: 1 for the same text, 0 where no pair is shared. */
export function similarity(a: string, b: string): number {
  if (a === b) return 1;
  const [ofA, ofB] = [pairs(a), pairs(b)];
  const total = ofA.length + ofB.length;
  if (total === 0) return 0;
  const left = [...ofB];
  const shared = ofA.filter((pair) => {
    const found = left.indexOf(pair);
    if (found >= 0) left.splice(found, 1);
    return found >= 0;
  });
  return (2 * shared.length) / total;
}

const pairs = (text: string) => [...text].slice(1).map((letter, i) => `${[...text][i]}${letter}`);

const same = (a: string | null, b: string | null) => (a !== null && a === b ? 1 : 0);

/** How far two records look like one organisation, part by part; the same whichever is asked about. */
export function compare(a: Comparable, b: Comparable): Pick<Suspected, 'score' | 'parts'> {
  const holds: Record<DuplicateSignal, number> = {
    NAME: Math.max(...namesOf(a).flatMap((one) => namesOf(b).map((other) => similarity(one, other)))),
    VAT: vatOf(a).some((vat) => vatOf(b).includes(vat)) ? 1 : 0,
    WEBSITE: same(hostOf(a), hostOf(b)),
    COUNTRY: same(a.country, b.country),
    TOWN: same(townOf(a), townOf(b)),
    TYPE: same(a.type, b.type),
  };
  const parts = [...duplicateWeights].flatMap(([code, weight]) => {
    const score = Math.round(weight * holds[code]);
    return score > 0 ? [{ code, score, weight }] : [];
  });
  return {
    score: Math.min(
      100,
      parts.reduce((sum, part) => sum + part.score, 0),
    ),
    parts,
  };
}

/** The most suspected first; what scores less than suspicion begins at is left out. */
export function suspectedAmong(asked: Comparable, others: readonly Comparable[]): Suspected[] {
  const all = others
    .filter(({ id }) => id !== asked.id)
    .map((other) => ({ organisation: other.id, name: other.name, ...compare(asked, other) }));
  return all
    .filter(({ score }) => score >= suspectedFrom)
    .toSorted((a, b) => b.score - a.score || (a.organisation < b.organisation ? -1 : 1));
}

const BEGINNING = 5;
const WORDS = 12;

/** What it is found by when another is compared with it: beginnings of its words within the country, whole names, VAT numbers, website. */
export function signsOf(organisation: Comparable): string[] {
  const { country } = organisation;
  const names = [organisation.name, ...organisation.aliases];
  const host = hostOf(organisation);
  const found = [
    ...names
      .flatMap(significant)
      .slice(0, WORDS)
      .map((word) => `word:${country}:${word.slice(0, BEGINNING)}`),
    ...names.map((name) => `name:${plain(name)}`),
    ...vatOf(organisation).map((vat) => `vat:${vat}`),
    ...(host ? [`web:${host}`] : []),
  ];
  return [...new Set(found)];
}
