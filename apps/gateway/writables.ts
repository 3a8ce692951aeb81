import type { z } from 'zod';
import {
  Agreement,
  AgreementDraft,
  AgreementPatch,
  AgreementPut,
  ChangeAgreement,
  ProspectAgreement,
  PutAgreement,
  RemoveAgreement,
} from '#libs/contracts/agreement';
import { ChangeCluster, Cluster, ClusterDraft, ClusterPatch, PutCluster, RegisterCluster, RemoveCluster } from '#libs/contracts/cluster';
import {
  ChangeDeliverable,
  Deliverable,
  DeliverableDraft,
  DeliverablePatch,
  DeliverablePut,
  PromiseDeliverable,
  PutDeliverable,
  RemoveDeliverable,
} from '#libs/contracts/deliverable';
import {
  BeginDocument,
  ChangeDocument,
  Document,
  DocumentDraft,
  DocumentPatch,
  DocumentPut,
  PutDocument,
  RemoveDocument,
} from '#libs/contracts/document';
import type { AggregateContract, CommandContract } from '#libs/contracts/message';
import {
  ChangeOrganisation,
  Organisation,
  OrganisationDraft,
  OrganisationPatch,
  PutOrganisation,
  RegisterOrganisation,
  RemoveOrganisation,
} from '#libs/contracts/organisation';
import { ChangePartnership, Partnership, PutPartnership, RegisterPartnership, RemovePartnership } from '#libs/contracts/partnership';
import { PartnershipDraft, PartnershipPatch, PartnershipPut } from '#libs/contracts/partnership-patch';
import { ChangePerson, Person, PersonDraft, PersonPatch, PersonPut, PutPerson, RecordPerson, RemovePerson } from '#libs/contracts/person';
import {
  ChangeEvent,
  EventDraft,
  EventPatch,
  EventPut,
  PlanEvent,
  PlannedEvent,
  PutEvent,
  RemoveEvent,
} from '#libs/contracts/planned-event';

/** A resource whose records are written one by one. */
export interface OneByOne {
  contract: AggregateContract;
  /** POST of a new one. */
  create: CommandContract;
  draft: z.ZodType;
  /** A merge patch. */
  change: CommandContract;
  patch: z.ZodType;
  /** DELETE of what nothing depends on. */
  remove: CommandContract;
}

/** One whose records partners write themselves: also by outside ids, and in batches. */
export interface Writable extends OneByOne {
  /** By an outside id, which the command takes beside what is said. */
  put: CommandContract;
  said: z.ZodType;
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
    remove: RemovePartnership,
  },
  {
    contract: Cluster.contract,
    create: RegisterCluster,
    draft: ClusterDraft,
    change: ChangeCluster,
    patch: ClusterPatch,
    put: PutCluster,
    said: ClusterPatch,
    remove: RemoveCluster,
  },
  {
    contract: Organisation.contract,
    create: RegisterOrganisation,
    draft: OrganisationDraft,
    change: ChangeOrganisation,
    patch: OrganisationPatch,
    put: PutOrganisation,
    said: OrganisationPatch,
    remove: RemoveOrganisation,
  },
  {
    contract: Person.contract,
    create: RecordPerson,
    draft: PersonDraft,
    change: ChangePerson,
    patch: PersonPatch,
    put: PutPerson,
    said: PersonPut,
    remove: RemovePerson,
  },
  {
    contract: Agreement.contract,
    create: ProspectAgreement,
    draft: AgreementDraft,
    change: ChangeAgreement,
    patch: AgreementPatch,
    put: PutAgreement,
    said: AgreementPut,
    remove: RemoveAgreement,
  },
  {
    contract: Document.contract,
    create: BeginDocument,
    draft: DocumentDraft,
    change: ChangeDocument,
    patch: DocumentPatch,
    put: PutDocument,
    said: DocumentPut,
    remove: RemoveDocument,
  },
  {
    contract: Deliverable.contract,
    create: PromiseDeliverable,
    draft: DeliverableDraft,
    change: ChangeDeliverable,
    patch: DeliverablePatch,
    put: PutDeliverable,
    said: DeliverablePut,
    remove: RemoveDeliverable,
  },
  {
    contract: PlannedEvent.contract,
    create: PlanEvent,
    draft: EventDraft,
    change: ChangeEvent,
    patch: EventPatch,
    put: PutEvent,
    said: EventPut,
    remove: RemoveEvent,
  },
];
