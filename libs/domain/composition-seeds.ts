import { partnershipFiles } from '#libs/reference/partnerships';
import { region } from '#libs/reference/regions';
import type { ClusterSource, MembershipSource, PartnershipSource } from './composition.js';
import { sourceId } from './ids.js';
import { quantity } from './quantity.js';
import { textOf } from './text.js';

interface Row {
  no: number;
  name: string;
  aliases?: { name: string; origin: string }[];
  country: string;
  region: string | null;
  nuts1?: string;
  nuts2?: string | null;
  totalMembers?: number;
  totalSmes?: number;
  codes?: Partial<ClusterSource['classifications']>;
}

interface File {
  code: string;
  identity: { acronym: string; name: string };
  coordinator: { cluster: string } | null;
  funding: { disclaimerRequired: boolean; disclaimer: string | null };
  composition: Row[];
}

export interface CompositionSeed {
  partnership: PartnershipSource;
  clusters: ClusterSource[];
  memberships: MembershipSource[];
}

/** A partnership of the seeds as its owner would publish it, as far as its composition goes. */
export function compositionSeed(name: keyof typeof partnershipFiles): CompositionSeed {
  const { code, identity, coordinator, funding, composition } = partnershipFiles[name] as File;
  const id = sourceId(code);
  return {
    partnership: { id, slug: name, ...identity, funding: fundingOf(funding) },
    clusters: composition.map((row) => clusterOf(code, row)),
    memberships: composition.map(({ no, name: cluster }) => ({
      kind: 'CLUSTER_IN_PARTNERSHIP',
      partnership: id,
      cluster: clusterId(code, no),
      role: coordinator?.cluster === cluster ? 'COORDINATOR' : 'PARTNER',
      no,
      state: 'ACTIVE',
    })),
  };
}

const fundingOf = ({ disclaimerRequired, disclaimer }: File['funding']): PartnershipSource['funding'] => ({
  programme: 'COSME',
  programmeOrigin: null,
  period: null,
  periodOrigin: null,
  disclaimerRequired,
  disclaimer: disclaimer === null ? null : textOf(disclaimer),
});

const clusterId = (code: string, no: number) => sourceId(`${code}:composition:${no}`);

function clusterOf(code: string, { no, name, aliases = [], country, codes = {}, totalMembers, totalSmes, ...row }: Row): ClusterSource {
  const nuts = row.nuts2 ?? row.nuts1 ?? null;
  const { sectoralIndustries = null, technologyFields = null, s3PriorityAreas = null, emergingIndustries = null } = codes;
  return {
    id: clusterId(code, no),
    name,
    aliases,
    country,
    region: row.region === null ? null : { code: nuts, version: nuts && (region(nuts)?.version ?? null), label: row.region },
    totals: { members: declared(totalMembers), smes: declared(totalSmes) },
    classifications: { sectoralIndustries, technologyFields, s3PriorityAreas, emergingIndustries },
  };
}

const declared = (value: number | undefined) => (value === undefined ? null : quantity(value));
