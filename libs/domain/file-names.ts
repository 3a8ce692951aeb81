import type { PartnershipFile } from '#libs/contracts/partnership-file';
import { findCountry } from '#libs/reference/countries';
import { pointer } from './json-pointer.js';
import { fold } from './text.js';
import type { Fault } from './verdict.js';

type FileCluster = NonNullable<PartnershipFile['composition']>[number];

/** Sections whose rows carry their own number. */
const numbered = [
  'plannedEvents',
  'composition',
  'otherActivities',
  'expectedResults',
  'objectives',
  'addedValue',
  'pillars',
  'ecosystems',
] as const;

/** What a row is known by where it has no number: the same twice cannot be told apart when the file is imported again. */
const keyed: readonly {
  readonly section: keyof PartnershipFile;
  readonly field: string;
  readonly keys: (file: PartnershipFile) => readonly string[];
}[] = [
  {
    section: 'composition',
    field: 'name',
    keys: ({ composition }) => (composition ?? []).map(({ name, country }) => `${findCountry(country)}:${fold(name)}`),
  },
  {
    section: 'mous',
    field: 'party',
    keys: ({ mous }) => (mous ?? []).map(({ party, country }) => `${findCountry(country ?? '')}:${fold(party)}`),
  },
  {
    section: 'policies',
    field: 'code',
    keys: ({ policies }) => (policies ?? []).map(({ code, validFrom }) => `${code}:${validFrom ?? ''}`),
  },
];

/** Numbers and names that stand twice. */
export function doubles(file: PartnershipFile): Fault[] {
  const numbers = numbered.flatMap((section) => {
    const rows = (file[section] ?? []).map(({ no }) => no ?? null);
    return repeated(rows).map((index) => ({
      pointer: pointer(section, index, 'no'),
      message: `Number ${rows[index]} stands twice in ${section}.`,
    }));
  });
  const names = keyed.flatMap(({ section, field, keys }) =>
    repeated(keys(file)).map((index) => ({
      pointer: pointer(section, index, field),
      message: `This ${field} stands twice in ${section}.`,
    })),
  );
  const areas = (file.hostOrganisations?.keyAreas ?? []).map(({ code }) => code);
  const codes = repeated(areas).map((index) => ({
    pointer: pointer('hostOrganisations', 'keyAreas', index, 'code'),
    message: `Key area ${areas[index]} stands twice.`,
  }));
  return [...numbers, ...names, ...codes];
}

function repeated(keys: readonly (string | number | null)[]): number[] {
  const seen = new Set<string | number>();
  return keys.flatMap((key, index) => {
    if (key === null) return [];
    const isDouble = seen.has(key);
    seen.add(key);
    return isDouble ? [index] : [];
  });
}

/** Clusters that the file names elsewhere, but that are not in its composition. */
export function strangers(file: PartnershipFile): Fault[] {
  const { coordinator, ecosystems } = file;
  const named = [
    ...(coordinator ? [{ pointer: '/coordinator/cluster', name: coordinator.cluster }] : []),
    ...(ecosystems ?? []).map(({ partner }, index) => ({ pointer: pointer('ecosystems', index, 'partner'), name: partner })),
  ];
  return named
    .filter(({ name }) => !clusterNamed(file, name))
    .map(({ pointer, name }) => ({ pointer, message: `"${name}" is not in the composition.` }));
}

const byName = new WeakMap<readonly FileCluster[], ReadonlyMap<string, FileCluster>>();

/** The row of the composition that bears a name, as its name, full name or alias. A file may name thousands, so they are indexed once. */
export function clusterNamed({ composition }: PartnershipFile, name: string): FileCluster | undefined {
  if (!composition) return undefined;
  const known = byName.get(composition) ?? namesOf(composition);
  byName.set(composition, known);
  return known.get(fold(name));
}

/** Names win over full names and aliases of others, so they come last into the map. */
function namesOf(composition: readonly FileCluster[]): ReadonlyMap<string, FileCluster> {
  const others = composition.flatMap((cluster) =>
    [cluster.fullName, ...(cluster.aliases ?? []).map(({ name }) => name)].map((name) => [name, cluster] as const),
  );
  const named = composition.map((cluster) => [cluster.name, cluster] as const);
  return new Map([...others, ...named].flatMap(([name, cluster]) => (name ? [[fold(name), cluster] as const] : [])));
}
