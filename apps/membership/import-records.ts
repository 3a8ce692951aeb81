import { RecordAgreement } from '#libs/contracts/agreement';
import { RecordCluster } from '#libs/contracts/cluster';
import { RecordExchangeProfile } from '#libs/contracts/exchange-profile';
import type { ImportItem } from '#libs/contracts/import';
import { RecordMembership } from '#libs/contracts/membership';
import type { CommandContract } from '#libs/contracts/message';
import { RecordOrganisation } from '#libs/contracts/organisation';
import { RecordPartnership } from '#libs/contracts/partnership';
import { RecordEvent } from '#libs/contracts/planned-event';
import type { CompositionPlan } from '#libs/domain/composition-plan';
import type { Suspected } from '#libs/domain/duplicates';
import type { ImportPlan } from '#libs/domain/import-plan';
import type { Fault } from '#libs/domain/verdict';

type Kind = ImportItem['kind'];

/** Of one record: more nobody compares. */
const MOST_SUSPECTS = 5;

export const recordedBy: Record<Kind, CommandContract> = {
  partnership: RecordPartnership,
  cluster: RecordCluster,
  organisation: RecordOrganisation,
  membership: RecordMembership,
  event: RecordEvent,
  'exchange-profile': RecordExchangeProfile,
  agreement: RecordAgreement,
};

export interface PlannedRecord {
  kind: Kind;
  id: string;
  sourceKey: string;
  /** null: nothing of it is new. */
  data: unknown;
  row?: number;
  suspects?: ImportItem['suspects'];
}

/** What an import is to record, in this order: a partnership first, everything else belongs to it. */
export interface Work {
  readonly partnership: string;
  readonly code: string;
  readonly slug: string;
  readonly records: readonly PlannedRecord[];
  readonly findings: readonly Fault[];
}

export function recordsOf({
  partnership,
  clusters,
  organisations,
  memberships,
  agreements,
  events,
  exchangeProfile,
}: ImportPlan): PlannedRecord[] {
  const of = (kind: Kind, items: readonly { id: string; data: { sourceKey: string }; suspects?: readonly Suspected[] }[]) =>
    items.map(({ id, data, suspects }) => ({ kind, id, sourceKey: data.sourceKey, data, ...suspected(suspects) }));
  return [
    ...of('partnership', [partnership]),
    ...of('cluster', clusters),
    ...of('organisation', organisations),
    ...of('membership', memberships),
    ...of('agreement', agreements),
    ...of('event', events),
    ...of('exchange-profile', exchangeProfile ? [exchangeProfile] : []),
  ];
}

/** The rows of a list of partners: each is a cluster, and what it has to do with the partnership. */
export function rowRecords({ clusters, memberships }: CompositionPlan): PlannedRecord[] {
  const of = (kind: Kind, items: CompositionPlan['clusters'] | CompositionPlan['memberships']) =>
    items.map(({ suspects, ...item }) => ({ kind, ...item, ...suspected(suspects) }));
  return [...of('cluster', clusters), ...of('membership', memberships)];
}

const suspected = (suspects: readonly Suspected[] = []): Pick<PlannedRecord, 'suspects'> =>
  suspects.length === 0
    ? {}
    : { suspects: suspects.slice(0, MOST_SUSPECTS).map(({ organisation, ...told }) => ({ id: organisation, ...told })) };

/** A record travels as one message and is kept in one document: what is larger could be written, but never told. */
const largest = { records: 2_000, oneRecord: 500_000, allRecords: 8_000_000 };

export function sizeFault(records: readonly PlannedRecord[]): Fault | null {
  if (records.length > largest.records)
    return { pointer: '', message: `The file has ${records.length} records; an import takes ${largest.records}.` };
  const sizes = records.map(({ data }) => Buffer.byteLength(JSON.stringify(data)));
  const tooLarge = sizes.findIndex((bytes) => bytes > largest.oneRecord);
  if (tooLarge >= 0)
    return { pointer: '', message: `${records[tooLarge]?.sourceKey} has ${sizes[tooLarge]} bytes; a record takes ${largest.oneRecord}.` };
  const all = sizes.reduce((sum, bytes) => sum + bytes, 0);
  return all > largest.allRecords
    ? { pointer: '', message: `The records have ${all} bytes; an import takes ${largest.allRecords}.` }
    : null;
}
