import type { MembershipRecord } from '#libs/contracts/membership';
import type { OrganisationRecord } from '#libs/contracts/organisation';
import type { PartnershipFile } from '#libs/contracts/partnership-file';
import { findCountry } from '#libs/reference/countries';
import type { Suspected } from './duplicates.js';
import { codeAt } from './file-codes.js';
import { sourceId } from './ids.js';
import { clusterId, type Existing, type FileMember } from './import-cluster.js';
import { defined } from './said.js';
import { fold } from './text.js';

interface Item<T> {
  readonly sourceKey: string;
  readonly id: string;
  readonly data: T;
}

export interface MemberPlan {
  readonly organisations: readonly (Item<OrganisationRecord> & { readonly suspects: readonly Suspected[] })[];
  readonly memberships: readonly Item<MembershipRecord>[];
}

const countryOf = ({ country }: FileMember): string => findCountry(country) ?? country;

/** The same whichever cluster names it, so that they mean one. */
export const memberKey = (member: FileMember): string => `organisation:${countryOf(member)}:${fold(member.name)}`;

/** The organisations that belong to the clusters of a file: each once, though it belongs to several. */
export function planMembers({ composition }: PartnershipFile, existing: Existing): MemberPlan {
  const organisations = new Map<string, MemberPlan['organisations'][number]>();
  const memberships = new Map<string, Item<MembershipRecord>>();
  for (const cluster of composition ?? []) {
    for (const member of cluster.members ?? []) {
      const organisation = organisationOf(member, existing);
      if (!organisations.has(organisation.id)) organisations.set(organisation.id, organisation);
      const membership = membershipOf(organisation.id, clusterId(cluster, existing), existing);
      memberships.set(membership.id, membership);
    }
  }
  return { organisations: [...organisations.values()], memberships: [...memberships.values()] };
}

function organisationOf(member: FileMember, { members }: Existing): MemberPlan['organisations'][number] {
  const sourceKey = memberKey(member);
  const known = members?.organisation(member) ?? null;
  const { name, type, city, website, externalIds } = member;
  const told = { city, website, externalIds: externalIds ?? undefined };
  return {
    sourceKey,
    id: known ?? sourceId(sourceKey),
    data: { name, type: codeAt('/composition/*/members/*/type', type), country: countryOf(member), ...defined(told), sourceKey },
    suspects: known === null ? (members?.suspects(member) ?? []) : [],
  };
}

/** Known by the two it joins: partnerships that share a cluster tell the same of its members. */
function membershipOf(organisation: string, cluster: string, { members }: Existing): Item<MembershipRecord> {
  const sourceKey = `member:${cluster}:${organisation}`;
  return {
    sourceKey,
    id: members?.membership(organisation, cluster) ?? sourceId(sourceKey),
    data: { kind: 'ORGANISATION_IN_CLUSTER', partnership: null, cluster, organisation, role: 'MEMBER', no: null, sourceKey },
  };
}
