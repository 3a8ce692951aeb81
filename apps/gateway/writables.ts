import type { z } from 'zod';
import { ChangeCluster, Cluster, ClusterDraft, ClusterPatch, PutCluster, RegisterCluster } from '#libs/contracts/cluster';
import type { AggregateContract, CommandContract } from '#libs/contracts/message';
import {
  ChangePartnership,
  Partnership,
  PartnershipDraft,
  PartnershipPatch,
  PartnershipPut,
  PutPartnership,
  RegisterPartnership,
} from '#libs/contracts/partnership';
import { ChangeEvent, EventDraft, EventPatch, EventPut, PlanEvent, PlannedEvent, PutEvent } from '#libs/contracts/planned-event';

/** The id behind an id or slug that stands at a place in what is said; throws 404 for what the caller may not see. */
export type IdOf = (resource: string, idOrSlug: string, pointer: string) => Promise<string>;

/** A resource whose records partners write themselves: one by one, by outside ids, in batches. */
export interface Writable {
  contract: AggregateContract;
  /** POST of a new one. */
  create: CommandContract;
  draft: z.ZodType;
  /** A merge patch. */
  change: CommandContract;
  patch: z.ZodType;
  /** By an outside id, which the command takes beside what is said. */
  put: CommandContract;
  said: z.ZodType;
  /** What is said, with ids where it names other records by their slugs. */
  resolved(said: object, idOf: IdOf): Promise<object>;
}

/** Every resource that is written in the common way; its routes follow from this. */
export const writables: readonly Writable[] = [
  {
    contract: Partnership.contract,
    create: RegisterPartnership,
    draft: PartnershipDraft,
    change: ChangePartnership,
    patch: PartnershipPatch,
    put: PutPartnership,
    said: PartnershipPut,
    resolved: asSaid,
  },
  {
    contract: Cluster.contract,
    create: RegisterCluster,
    draft: ClusterDraft,
    change: ChangeCluster,
    patch: ClusterPatch,
    put: PutCluster,
    said: ClusterPatch,
    resolved: asSaid,
  },
  {
    contract: PlannedEvent.contract,
    create: PlanEvent,
    draft: EventDraft,
    change: ChangeEvent,
    patch: EventPatch,
    put: PutEvent,
    said: EventPut,
    resolved: withPartnerships,
  },
];

async function asSaid(said: object): Promise<object> {
  return said;
}

async function withPartnerships(said: { partnerships?: string[] }, idOf: IdOf): Promise<object> {
  const { partnerships } = said;
  if (!partnerships) return said;
  return { ...said, partnerships: await Promise.all(partnerships.map((each, i) => idOf('partnerships', each, `/partnerships/${i}`))) };
}
