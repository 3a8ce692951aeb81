import { countryName } from '#libs/reference/countries';
import type { Body } from './running-house.js';

type Path = readonly string[];

/** All that can be read about a partnership, so that each place of it has one pointer. */
export interface Readable {
  partnership: Body;
  composition: Body;
  exchangeProfile: Body;
  remarks: Body;
  /** In the order of the rows of the file, by their numbers. */
  clusters: Body[];
  memberships: Body[];
  events: Body[];
  /** Label of a code, its parent's before it where it has one, by vocabulary. */
  labels: Record<string, Record<string, string[]>>;
}

/** Where a value of the file is read: a pointer into what can be read, or what follows from it. */
type Place = string | ((readable: Readable, at: Path, file: Body) => unknown);

/** Of each classification. */
export const vocabularies = {
  sectoralIndustries: 'sectoral-industries',
  technologyFields: 'technology-fields',
  s3PriorityAreas: 's3-priority-areas',
  emergingIndustries: 'emerging-industries',
} as const;

/** What a code stands for as it was printed: by its provenance, else by its label; of two levels the one that is asked for. */
const printed = (holder: (readable: Readable, at: Path) => Body, depth: number): Place => {
  return (readable, at) => {
    const [name, index, level] = at.slice(depth) as [keyof typeof vocabularies, string, string | undefined];
    const said: string | undefined = readable.partnership.provenance.asPrinted?.[`/${at.slice(0, depth + 2).join('/')}`];
    const labels = readable.labels[vocabularies[name]]?.[holder(readable, at).classifications[name]?.[index]] ?? [];
    if (level === undefined || level === 'name') return said ?? labels.at(-1);
    const levels = said?.split(': ') ?? labels;
    return level === 'group' || level === 'area' ? levels[0] : levels.at(-1);
  };
};

const countryPrinted =
  (field: string): Place =>
  ({ partnership }, at) =>
    partnership.provenance.asPrinted?.[`/${at.join('/')}`] ?? countryName(partnership[field][at[1]!]);

/** Pattern of pointers into the file, the first that fits counts; `*` is one step, `**` all that follow. */
const places: Record<string, Place> = {
  '/codeOrigin': '/partnership/provenance/origins/~1code',
  '/identity/fullName': '/partnership/longName',
  '/identity/breadcrumb/*': '/partnership/provenance/breadcrumb/*',
  '/identity/*': '/partnership/*',
  '/programme/code': '/partnership/programme',
  '/programme/call': '/partnership/call',
  '/programme/codeOrigin': '/partnership/provenance/origins/~1programme~1code',
  '/programme/callOrigin': '/partnership/provenance/origins/~1programme~1call',
  '/programme/*': '/partnership/provenance/programme/*',
  '/status': '/partnership/statusLabel',
  '/status/label': '/partnership/statusLabel',
  '/status/phase': '/partnership/state',
  '/status/strand': '/partnership/strand',
  '/startOfPartnership': '/partnership/start',
  '/numberOfPartners': '/partnership/figures/partners/declared',
  // Stated in one of two sections: blank here, it may stand below.
  '/numberOfSmesInvolved': ({ partnership }, _, { declaredMembership }) =>
    declaredMembership?.smes ? null : partnership.figures.smes.declared,
  '/declaredMembership/universitiesResearchAndOthers/*': '/partnership/figures/others/declared/*',
  '/declaredMembership/*/*': '/partnership/figures/*/declared/*',
  '/targets': ({ partnership }) => Object.fromEntries(partnership.targets.map((target: Body) => [target.name, target])),
  '/targets/*/*': ({ partnership }, [, name, field]) => partnership.targets.find((target: Body) => target.name === name)?.[field!],
  '/targetedThirdCountries': '/partnership/targetCountries',
  '/targetedThirdCountries/*/code': '/partnership/targetCountries/*',
  '/targetedThirdCountries/*/name': countryPrinted('targetCountries'),
  '/countries/*/code': '/partnership/countries/*',
  '/countries/*/name': countryPrinted('countries'),
  '/coordinator/cluster': '/partnership/coordinator/name',
  '/coordinator/origin': '/partnership/provenance/origins/~1coordinator',
  '/escp4xAim/*': '/partnership/aims/*',
  '/classification/dataFrom': '/partnership/provenance/classificationsFrom',
  '/classification/codes/*/*': '/partnership/classifications/*/*',
  '/classification/sectoralIndustries/*/partners': '/partnership/partnersPerSector/*/partners',
  '/classification/*/**': printed(({ partnership }) => partnership, 1),
  '/classification/*': '/partnership/classifications/*',
  '/plannedEvents': ({ events }) => (events.length === 0 ? null : events),
  '/plannedEvents/*/estimatedDate': '/events/*/when/edtf',
  '/plannedEvents/*/estimatedDateLabel': '/events/*/whenLabel',
  '/plannedEvents/*/**': '/events/*/**',
  '/communicationChannels/*': '/partnership/channels/*/label',
  // What the page links to stands behind what it uses; none of the three links anything.
  '/links': ({ partnership }, _, { communicationChannels }) => partnership.channels.slice(communicationChannels?.length ?? 0),
  '/linkedPartnersAndNetworks': '/partnership/externalPartners',
  '/composition/*/no': '/memberships/*/no',
  '/composition/*/region': '/clusters/*/region/label',
  '/composition/*/nuts1': '/clusters/*/region/code',
  '/composition/*/nuts2': ({ clusters }, [, row], { composition }) =>
    composition[row!].nuts1 ? null : (clusters[Number(row)].region?.code ?? null),
  '/composition/*/totalMembers': '/clusters/*/totals/members/value',
  '/composition/*/totalSmes': '/clusters/*/totals/smes/value',
  '/composition/*/codes/*/*': '/clusters/*/classifications/*/*',
  ...Object.fromEntries(
    Object.keys(vocabularies).map((name) => [`/composition/*/${name}/**`, printed(({ clusters }, [, row]) => clusters[Number(row)], 2)]),
  ),
  '/composition/*/**': '/clusters/*/**',
  '/computedTotals/clusters': '/composition/totals/clusters',
  '/computedTotals/ecosystems': ({ partnership }) => partnership.ecosystems.length,
  '/computedTotals/countries/*': ({ composition }, [, , place]) =>
    [...new Set(composition.items.map(({ country }: Body) => country))].toSorted()[Number(place)],
  '/computedTotals/origin': '/partnership/provenance/origins/~1computedTotals',
  '/computedTotals/*': '/composition/totals/*/value',
  '/remarks/**': '/remarks/**',
};
for (const name of ['source', 'asOf', 'asOfEdtf', 'origin']) places[`/${name}`] = `/partnership/provenance/${name}`;
places['/conventions/*'] = '/partnership/provenance/conventions/*';
for (const name of ['clusterXchange', 'hostOrganisations', 'welcomePackage', 'successStories', 'alumniNetwork'])
  places[`/${name}/**`] = `/exchangeProfile/${name}/**`;
/** What stands under its own name. */
const byName = [
  ...[
    'code',
    'previousInitiatives',
    'durationMonths',
    'targetCountriesInText',
    'coordinator',
    'operationalManager',
    'pillars',
    'description',
  ],
  ...['objectives', 'addedValue', 'benefits', 'funding', 'otherActivities', 'strategyTest', 'expectedResults', 'policies', 'mous'],
  ...['intermediaries', 'networks', 'policyReferences', 'ecosystems'],
];
for (const name of byName) Object.assign(places, { [`/${name}`]: `/partnership/${name}`, [`/${name}/**`]: `/partnership/${name}/**` });

const steps = (pointer: string) => pointer.split('/').slice(1);
const rules = Object.entries(places).map(([pattern, place]) => ({ pattern: steps(pattern), place }));

/** The steps that the stars of a pattern stand for; null where it does not fit. */
function fitting(pattern: Path, at: Path): Path | null {
  const open = pattern.at(-1) === '**';
  if (open ? at.length < pattern.length : at.length !== pattern.length) return null;
  const fits = pattern.every((step, i) => step === '*' || step === '**' || step === at[i]);
  return fits ? at.filter((_, i) => i >= pattern.length || pattern[i] === '*' || pattern[i] === '**') : null;
}

function filled(pointer: string, stars: Path): Path {
  const left = [...stars];
  return steps(pointer)
    .flatMap((step) => (step === '**' ? left.splice(0) : step === '*' ? left.splice(0, 1) : [step]))
    .map((step) => step.replaceAll('~1', '/'));
}

/** Below what is blank all is blank. */
const valueAt = (value: Body, [step, ...rest]: Path): unknown =>
  step === undefined ? value : value === null ? null : valueAt(value?.[step], rest);

/** What is read where a value of the file belongs; text in one language as the text alone. */
function readAt(readable: Readable, at: Path, file: Body): unknown {
  for (const { pattern, place } of rules) {
    const stars = fitting(pattern, at);
    if (!stars) continue;
    const value = (typeof place === 'string' ? valueAt(readable, filled(place, stars)) : place(readable, at, file)) as Body;
    return value && Object.keys(value).join() === 'en' ? value.en : value;
  }
  return undefined;
}

/** Every value with its path; what is empty is a value of its own. */
function leavesOf(value: unknown, at: Path = []): [Path, unknown][] {
  const parts = value !== null && typeof value === 'object' ? Object.entries(value) : [];
  return parts.length === 0 ? [[at, value]] : parts.flatMap(([name, part]) => leavesOf(part, [...at, name]));
}

export interface Missed {
  pointer: string;
  value: unknown;
  read: unknown;
}

/** The values of a file that are not read where they belong: `undefined` is read where there is nothing, not even a blank. */
export function missedIn(file: Body, readable: Readable): Missed[] {
  return leavesOf(file).flatMap(([at, value]) => {
    const read = readAt(readable, at, file);
    const same = value !== null && typeof value === 'object' ? JSON.stringify(read) === JSON.stringify(value) : read === value;
    return same ? [] : [{ pointer: `/${at.join('/')}`, value, read }];
  });
}
