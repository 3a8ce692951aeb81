import { RecordCluster } from '#libs/contracts/cluster';
import { RecordExchangeProfile } from '#libs/contracts/exchange-profile';
import type { ImportItem } from '#libs/contracts/import';
import { RecordMembership } from '#libs/contracts/membership';
import type { CommandContract } from '#libs/contracts/message';
import { RecordPartnership } from '#libs/contracts/partnership';
import { RecordEvent } from '#libs/contracts/planned-event';
import type { ImportPlan } from '#libs/domain/import-plan';
import type { Fault } from '#libs/domain/verdict';

type Kind = ImportItem['kind'];

export const recordedBy: Record<Kind, CommandContract> = {
  partnership: RecordPartnership,
  cluster: RecordCluster,
  membership: RecordMembership,
  event: RecordEvent,
  'exchange-profile': RecordExchangeProfile,
};

export interface PlannedRecord {
  kind: Kind;
  id: string;
  sourceKey: string;
  data: unknown;
}

/** The partnership comes first: everything else belongs to it. */
export function recordsOf({ partnership, clusters, memberships, events, exchangeProfile }: ImportPlan): PlannedRecord[] {
  const of = (kind: Kind, items: readonly { id: string; data: { sourceKey: string } }[]) =>
    items.map(({ id, data }) => ({ kind, id, sourceKey: data.sourceKey, data }));
  return [
    ...of('partnership', [partnership]),
    ...of('cluster', clusters),
    ...of('membership', memberships),
    ...of('event', events),
    ...of('exchange-profile', exchangeProfile ? [exchangeProfile] : []),
  ];
}

/** A record travels as one message and is kept in one document: what is larger could be written, but never told. */
const largest = { records: 2_000, oneRecord: 500_000, allRecords: 8_000_000 };

export function sizeFault(plan: ImportPlan): Fault | null {
  const records = recordsOf(plan);
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
