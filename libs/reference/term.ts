import { countryName } from './countries.js';
import type { Entry, ReferenceFile } from './files.js';

/** One entry of a vocabulary, whatever its file calls the parts. */
export interface Term {
  readonly code: string;
  readonly label: string;
  readonly parent: string | null;
  readonly aliases: readonly string[];
  /** What else the file says about it. */
  readonly details: Entry;
}

/** Lists beside the entries: what they belong to, and what belongs to the file. */
const beside = ['areas', 'groups', 'activityTypes', 'partyRoles', 'flags', 'fundingModes', 'thirdCountriesTargetedBySeeds'];
/** Lists inside an entry: what belongs to it. */
const inside = ['subTypes', 'topics', 'segments', 'calls', 'phases'];

/** The items of a file in its order, or its machines; a file with neither has none. */
export function termsOf(file: ReferenceFile): Term[] {
  const parents = [...entries(file.areas), ...entries(file.groups)].map(({ code }) => code);
  return entries(file.items ?? file.machines).map((entry) => {
    const written = entries(file.aliases).filter(({ code }) => code === entry.code);
    const parent = [entry.group, entry.areaCode].find((code) => parents.includes(code));
    return term(
      entry,
      typeof parent === 'string' ? parent : null,
      written.map(({ text }) => text),
    );
  });
}

/** The further lists of a file, by their name. */
export function relatedOf(file: ReferenceFile): Record<string, Term[]> {
  const outer = beside.map((name) => [name, entries(file[name]).map((entry) => term(entry, null))] as const);
  const owners = entries(file.items);
  const inner = inside.map(
    (name) => [name, owners.flatMap((owner) => entries(owner[name]).map((entry) => term(entry, String(owner.code))))] as const,
  );
  return Object.fromEntries([...outer, ...inner].filter(([, terms]) => terms.length > 0));
}

function entries(list: unknown): Entry[] {
  if (!Array.isArray(list)) return [];
  return list.filter((entry) => typeof entry === 'object' && ('code' in entry || 'country' in entry));
}

function term(entry: Entry, parent: string | null, spellings: readonly unknown[] = []): Term {
  // The rows of the tariff have a country for their code.
  const { code = entry.country, name, title, alsoWritten, printedAs, aliases, alsoNamed, ...details } = entry;
  const label = String(name ?? title ?? entry.label ?? countryName(String(code)) ?? sentence(String(code)));
  const { seedName, alsoSeedName, nuts2013, nuts2024 } = entry;
  const seedNames = typeof seedName === 'string' ? seedName.split(' / ') : [];
  const others = [alsoWritten, printedAs, aliases, alsoNamed, seedNames, alsoSeedName, nuts2013, nuts2024, spellings].flat();
  const written = others.filter((each): each is string => typeof each === 'string' && each !== label);
  return { code: String(code), label, parent, aliases: [...new Set(written)], details };
}

/** A rule has no name of its own: MIN_WORKING_DAYS is labelled "Min working days". */
function sentence(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
