import type { z } from 'zod';
import type { AgreementRecord } from '#libs/contracts/agreement';
import type { ClusterRecord } from '#libs/contracts/cluster';
import type { ExchangeProfileRecord } from '#libs/contracts/exchange-profile';
import type { MembershipRecord } from '#libs/contracts/membership';
import type { PartnershipRecord } from '#libs/contracts/partnership';
import type { PartnershipFile } from '#libs/contracts/partnership-file';
import type { PlannedEventRecord } from '#libs/contracts/planned-event';
import { findCountry } from '#libs/reference/countries';
import { codeAt } from './file-codes.js';
import { clusterNamed } from './file-names.js';
import { type Totals, totalsOf } from './file-totals.js';
import { sourceId } from './ids.js';
import { plannedAgreements } from './import-agreements.js';
import { clusterId, clusterKey, clusterRecord, clusterSlug, type Existing, type FileCluster } from './import-cluster.js';
import { type MemberPlan, planMembers } from './import-members.js';
import { partnershipRecord } from './import-partnership.js';
import { defined, each } from './said.js';

/** One record of the import: where it stands in the source, the id that follows from that, and what is said of it. */
export interface Item<T> {
  readonly sourceKey: string;
  readonly id: string;
  readonly data: T;
}

export interface ImportPlan {
  readonly partnership: Item<PartnershipRecord>;
  readonly clusters: readonly Item<ClusterRecord>[];
  readonly organisations: MemberPlan['organisations'];
  /** Of clusters in the partnership, then of organisations in those clusters. */
  readonly memberships: readonly Item<z.infer<typeof MembershipRecord>>[];
  readonly agreements: readonly Item<AgreementRecord>[];
  readonly events: readonly Item<z.infer<typeof PlannedEventRecord>>[];
  /** null where the file says nothing of exchanges. */
  readonly exchangeProfile: Item<z.infer<typeof ExchangeProfileRecord>> | null;
  /** The totals the file states beside those of its composition: checked and reported, never recorded. */
  readonly totals: { readonly stated: NonNullable<PartnershipFile['computedTotals']> | null; readonly computed: Totals };
}

export interface ImportOptions {
  readonly profile: 'PUBLISHED' | 'DRAFT';
  readonly existing: Existing;
}

/** What a file that passed its check records, item by item. The same file gives the same plan. */
export function planImport(file: PartnershipFile, { profile, existing }: ImportOptions): ImportPlan {
  const partnership = existing.partnership ?? sourceId(file.code);
  const members = planMembers(file, existing);
  const ecosystems = new Map((file.ecosystems ?? []).map((ecosystem) => [clusterNamed(file, ecosystem.partner), ecosystem]));
  return {
    partnership: { sourceKey: file.code, id: partnership, data: { ...partnershipRecord(file, existing), profile, sourceKey: file.code } },
    clusters: (file.composition ?? []).map((cluster, index) => {
      const id = clusterId(cluster, existing);
      const record = clusterRecord(cluster, ecosystems.get(cluster), file.asOfEdtf ?? null);
      const found = `${file.code}:composition:${cluster.no ?? index + 1}`;
      return {
        sourceKey: clusterKey(cluster),
        id,
        data: { ...record, slug: clusterSlug(cluster, id, existing), profile, sourceKey: found },
      };
    }),
    organisations: members.organisations,
    memberships: [...(file.composition ?? []).map((cluster) => membership(file, cluster, partnership, existing)), ...members.memberships],
    agreements: plannedAgreements(file, partnership),
    events: (file.plannedEvents ?? []).map((event) => plannedEvent(file.code, event, partnership)),
    exchangeProfile: exchangeProfile(file, partnership),
    totals: { stated: file.computedTotals ?? null, computed: totalsOf(file) },
  };
}

/** A membership is known by its cluster: the number of its row may change when a page is printed anew. */
function membership(
  file: PartnershipFile,
  cluster: FileCluster,
  partnership: string,
  existing: Existing,
): ImportPlan['memberships'][number] {
  const sourceKey = `${file.code}:membership:${clusterKey(cluster)}`;
  const id = clusterId(cluster, existing);
  const isCoordinator = file.coordinator ? clusterNamed(file, file.coordinator.cluster) === cluster : false;
  return {
    sourceKey,
    id: existing.membership?.(id) ?? sourceId(sourceKey),
    data: {
      kind: 'CLUSTER_IN_PARTNERSHIP',
      partnership,
      cluster: id,
      organisation: null,
      role: isCoordinator ? 'COORDINATOR' : 'PARTNER',
      no: cluster.no ?? null,
      sourceKey,
    },
  };
}

type FileEvent = NonNullable<PartnershipFile['plannedEvents']>[number];

/** A row is known by its number alone: two rows may say the very same. */
function plannedEvent(code: string, event: FileEvent, partnership: string): ImportPlan['events'][number] {
  const { no, type, typeLabel, targetGroups, openToSmes, estimatedDate, estimatedDateLabel, country, city, cityAsPrinted } = event;
  const sourceKey = `${code}:plannedEvents:${no}`;
  return {
    sourceKey,
    id: sourceId(sourceKey),
    data: {
      partnerships: [partnership],
      type: type && codeAt('/plannedEvents/*/type', type),
      typeLabel,
      targetGroups: targetGroups?.map((group) => codeAt('/plannedEvents/*/targetGroups/*', group)) ?? null,
      openToSmes,
      when: estimatedDate,
      whenLabel: estimatedDateLabel,
      country: country && (findCountry(country) ?? country),
      city,
      cityAsPrinted,
      no,
      sourceKey,
    },
  };
}

function exchangeProfile(file: PartnershipFile, partnership: string): ImportPlan['exchangeProfile'] {
  const { clusterXchange, hostOrganisations, welcomePackage, successStories, alumniNetwork } = file;
  const scheme = clusterXchange && withCodes(clusterXchange);
  const sections = defined({ clusterXchange: scheme, hostOrganisations, welcomePackage, successStories, alumniNetwork });
  if (Object.keys(sections).length === 0) return null;
  const sourceKey = `${file.code}:exchangeProfile`;
  return { sourceKey, id: sourceId(sourceKey), data: { partnership, sourceKey, ...sections } };
}

type ClusterXchange = NonNullable<PartnershipFile['clusterXchange']>;

/** With the codes that were meant, whatever spelling was written. */
function withCodes(scheme: ClusterXchange): ClusterXchange {
  const at = (field: string, written: string) => codeAt(`/clusterXchange/${field}`, written);
  return {
    ...scheme,
    purposes: each(scheme.purposes, (purpose) => ({ ...purpose, code: at('purposes/*/code', purpose.code) })),
    eligibleParticipants: each(scheme.eligibleParticipants, (row) => ({ ...row, type: at('eligibleParticipants/*/type', row.type) })),
    geographicScope: each(scheme.geographicScope, (country) => at('geographicScope/*', country)),
  };
}
