import type { ClusterView } from '#libs/contracts/cluster';
import type { FileRegion } from '#libs/contracts/file-parts';
import type { OrganisationView } from '#libs/contracts/organisation';
import { region as knownRegion } from '#libs/reference/regions';
import type { Printed } from './export-printed.js';
import type { FileCluster, FileMember } from './import-cluster.js';
import type { Quantity } from './quantity.js';
import { defined } from './said.js';

type Stated = ClusterView['totals']['members'];
type Exported = Pick<
  ClusterView,
  'name' | 'aliases' | 'fullName' | 'country' | 'region' | 'website' | 'foundedYear' | 'totals' | 'classifications' | 'facts' | 'summary'
>;

/** A row of the composition that records the cluster as it stands. `asOf`: the date of the file, which plain numbers share. */
export function clusterRow(cluster: Exported, no: number | null, at: string, printed: Printed, asOf: string | null): FileCluster {
  const { name, aliases, fullName, country, region, website, foundedYear, totals, classifications, facts, summary } = cluster;
  return {
    no,
    name,
    aliases,
    fullName,
    country,
    ...regionRow(region),
    website,
    foundedYear,
    totalMembers: numberOf(totals.members, asOf),
    totalSmes: numberOf(totals.smes, asOf),
    ...printed.classified(classifications, at),
    facts,
    summary,
  };
}

/** By name and code where these say all of it, else whole. */
function regionRow(region: ClusterView['region']): Pick<FileCluster, 'region' | 'nuts1' | 'nuts2'> {
  if (region === null) return { region: null, nuts1: null, nuts2: null };
  const { code, version, label } = region;
  const implied = code === null ? null : (knownRegion(code)?.version ?? 'NUTS 2021');
  if (label === null || version !== implied) return { region: region satisfies FileRegion, nuts1: null, nuts2: null };
  return { region: label, nuts1: code?.length === 3 ? code : null, nuts2: code?.length === 3 ? null : code };
}

function numberOf(stated: Stated, asOf: string | null): FileCluster['totalMembers'] {
  if (stated === null) return null;
  const { value, qualifier, unit, asPrinted } = stated;
  const isPlain = qualifier === null && stated.asOf === asOf && !unit && !asPrinted;
  return isPlain ? value : quantityRow(stated);
}

export const quantityRow = ({ value, qualifier, asOf, unit = null, asPrinted = null }: Quantity | NonNullable<Stated>) => ({
  value,
  qualifier,
  unit: unit ?? null,
  asOf,
  asPrinted: asPrinted ?? null,
});

/** What a reader does not see of an organisation is missing. */
export type ExportedMember = Pick<OrganisationView, 'name' | 'type' | 'country'> &
  Partial<Pick<OrganisationView, 'address' | 'website' | 'externalIds'>>;

export function memberRow({ name, type, country, address, website, externalIds }: ExportedMember): FileMember {
  const city = address === undefined ? undefined : (address?.city ?? undefined);
  return { name, type, country, ...defined({ city, website, externalIds }) };
}
