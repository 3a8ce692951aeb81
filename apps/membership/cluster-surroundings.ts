import type { ClusterPatch } from '#libs/contracts/cluster';
import type { Region } from '#libs/contracts/profile';
import { codeAt } from '#libs/domain/file-codes';
import { ecosystemOf } from '#libs/domain/import-cluster';
import { type Fault, failed, notApplicable, passed, rule } from '#libs/domain/verdict';
import { isCountry } from '#libs/reference/countries';
import { nutsPrefix, nutsVersions, region as regionOf, versionsOf } from '#libs/reference/regions';
import { vocabulary } from '#libs/reference/vocabulary';
import type { Cluster } from './cluster.js';

/** Where a cluster is, and what is around it. */

type Ecosystem = NonNullable<ClusterPatch['ecosystem']>;

/** With the version its code belongs to, where that is not said. */
export const withVersion = (region: Region | null): Region | null =>
  region?.code && region.version === null ? { ...region, version: regionOf(region.code)?.version ?? 'NUTS 2021' } : region;

/** As it is kept: named after the cluster, in codes. */
export const surroundings = (ecosystem: Ecosystem | null, { name, ecosystem: before }: Cluster): Cluster['ecosystem'] =>
  ecosystem && ecosystemOf({ ...ecosystem, no: before?.no ?? null, partner: before?.partner ?? name });

interface Said {
  patch: ClusterPatch;
  country: string;
}

/** The list of regions is not complete: of what it does not have the form is checked, and the country. */
export const knownRegion = rule(
  'CLUSTER.REGION.KNOWN',
  ({ patch: { region }, country }: Said) => {
    if (!region) return notApplicable('No region is stated.');
    const { code, version } = region;
    const inputs = { code, version, country };
    if (code === null)
      return version === null ? passed('It has no code.', inputs) : failed('A version is that of a code.', inputs, '/region/version');
    if (!/^[A-Z]{2}[A-Z0-9]{1,3}$/.test(code)) return failed(`${code} is no NUTS code.`, inputs, '/region/code');
    if (!code.startsWith(nutsPrefix(country))) return failed(`${code} is no region of ${country}.`, inputs, '/region/code');
    const versions = versionsOf(code) ?? nutsVersions;
    return version === null || versions.includes(version)
      ? passed('The region is one of the version.', inputs)
      : failed(`${code} is of ${versions.join(', ')}.`, { ...inputs, versions }, '/region/version');
  },
  { source: 'nuts-regions.json' },
);

export const knownEcosystem = rule(
  'CLUSTER.ECOSYSTEM.KNOWN',
  ({ patch: { ecosystem, facts } }: Said) => {
    if (!ecosystem && !facts) return notApplicable('No ecosystem is stated.');
    const unknown = [...(ecosystem ? faultsOf(ecosystem) : []), ...qualifiersOf('/facts', facts ?? [])];
    return unknown.length === 0 ? passed('Its codes are known.') : failed('A code is not known.', {}, unknown);
  },
  { source: 'ecosystem-sections.json' },
);

function faultsOf({ sections, figures }: Ecosystem): Fault[] {
  const kinds = (sections ?? []).flatMap(({ kind }, place) =>
    vocabulary('ecosystem-sections').findItem(kind)
      ? []
      : [{ pointer: `/ecosystem/sections/${place}/kind`, message: `${kind} is not a code of ecosystem-sections.` }],
  );
  const countries = (sections ?? []).flatMap(({ items }, place) =>
    (items ?? []).flatMap((item, row) => {
      const country = 'country' in item && typeof item.country === 'string' && 'names' in item ? item.country : null;
      return country === null || isCountry(country)
        ? []
        : [{ pointer: `/ecosystem/sections/${place}/items/${row}/country`, message: `${country} is not a country of ISO 3166-1.` }];
    }),
  );
  return [...kinds, ...countries, ...qualifiersOf('/ecosystem/figures', figures ?? [])];
}

const qualifiersOf = (at: string, facts: readonly { qualifier: string | null }[]): Fault[] =>
  facts.flatMap(({ qualifier }, place) =>
    qualifier === null || vocabulary('quantity-qualifiers').findItem(codeAt('qualifier', qualifier))
      ? []
      : [{ pointer: `${at}/${place}/qualifier`, message: `${qualifier} is not a code of quantity-qualifiers.` }],
  );
