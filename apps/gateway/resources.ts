import '#libs/contracts/agreement-moves';
import { Agreement } from '#libs/contracts/agreement';
import { Announcement } from '#libs/contracts/announcement';
import { ApiKey } from '#libs/contracts/api-key';
import { CalendarToken } from '#libs/contracts/calendar-token';
import { CheckIn } from '#libs/contracts/check-in';
import { Client } from '#libs/contracts/client';
import { Cluster } from '#libs/contracts/cluster';
import { Deliverable } from '#libs/contracts/deliverable';
import { Document } from '#libs/contracts/document';
import { Erasure } from '#libs/contracts/erasure';
import { FeedbackFigures, FeedbackRound } from '#libs/contracts/event-feedback';
import { ExchangeProfile } from '#libs/contracts/exchange-profile';
import { Import } from '#libs/contracts/import';
import { keptMessages } from '#libs/contracts/kept-message';
import { Mail } from '#libs/contracts/mail';
import { Meeting } from '#libs/contracts/meeting';
import { MeetingPlan } from '#libs/contracts/meeting-plan';
import { MeetingProfile } from '#libs/contracts/meeting-profile';
import { Membership } from '#libs/contracts/membership';
import type { AggregateContract } from '#libs/contracts/message';
import { Organisation } from '#libs/contracts/organisation';
import { Partnership } from '#libs/contracts/partnership';
import { Person } from '#libs/contracts/person';
import { PlannedEvent } from '#libs/contracts/planned-event';
import { Policy } from '#libs/contracts/policy';
import { Registration } from '#libs/contracts/registration';
import { Reminder } from '#libs/contracts/reminder';
import { Report } from '#libs/contracts/report';
import { SeatLedger } from '#libs/contracts/seat-ledger';
import { Delivery, Subscription } from '#libs/contracts/subscription';
import type { ExternalId } from '#libs/contracts/values';
import { type Comparable, signsOf } from '#libs/domain/duplicates';
import { externalName } from '#libs/domain/external-ids';
import { fold } from '#libs/domain/text';

export type View = Record<string, unknown> & { id: string; version: number };

/** How a resource is listed and found: what the read model indexes beside the view. */
export interface Resource {
  contract: AggregateContract;
  /** Of every service that has such records; most are one service's alone. */
  contracts: readonly AggregateContract[];
  /** Query parameter to path in the view. */
  filters: Record<string, string>;
  /** Sort key to path in the view; texts are compared folded. */
  sorts: Record<string, string>;
  /** Words found by `q`. */
  words?: (view: View) => unknown[];
  /** References that never change once set: lists by one of them are rendered again only when it is touched. */
  joins: string[];
  /** Its views have `periods`: lists take `on` and `asKnownOn`. */
  periodic?: true;
  /** Signs by which records that look like it are found; no word that is searched. */
  signs?: (view: View) => string[];
  /** There are so many of them that their words are looked through in memory. */
  many?: true;
  /** Records may be merged: the ids of those that went stand in `formerIds`, and lead on. */
  merges?: true;
  /** It may outlive what it names. */
  loose?: true;
  /** Read as part of something else: it has no routes of its own. */
  inner?: true;
}

const resource = (contract: AggregateContract, about: Partial<Omit<Resource, 'contract'>> = {}): Resource => ({
  contract,
  contracts: [contract],
  filters: {},
  joins: [],
  ...about,
  sorts: { ...about.sorts, updatedAt: 'updatedAt' },
});

const classified = {
  sectoralIndustry: 'classifications.sectoralIndustries',
  technologyField: 'classifications.technologyFields',
  s3PriorityArea: 'classifications.s3PriorityAreas',
  emergingIndustry: 'classifications.emergingIndustries',
};

export const resources: Record<string, Resource> = Object.fromEntries(
  [
    resource(Partnership.contract, {
      filters: {
        programme: 'programme',
        state: 'state',
        profile: 'profile',
        country: 'countries',
        targetCountry: 'targetCountries',
        slug: 'slug',
        externalId: 'externalIds',
        ...classified,
      },
      sorts: { name: 'name', acronym: 'acronym', state: 'state' },
      words: (v) => [v.acronym, v.name, v.longName],
    }),
    resource(Cluster.contract, {
      filters: { country: 'country', state: 'state', profile: 'profile', slug: 'slug', externalId: 'externalIds', ...classified },
      sorts: { name: 'name', country: 'country' },
      words: (v) => [v.name, v.fullName, ...((v.aliases as { name: string }[]) ?? []).map((a) => a.name)],
      merges: true,
    }),
    resource(Organisation.contract, {
      filters: { type: 'type', country: 'country', region: 'region.code', externalId: 'externalIds' },
      sorts: { name: 'name', country: 'country' },
      words: (v) => [v.name, ...((v.aliases as string[]) ?? [])],
      signs: (v) => signsOf(v as unknown as Comparable),
      many: true,
      merges: true,
    }),
    resource(Membership.contract, {
      filters: { partnership: 'partnership', cluster: 'cluster', organisation: 'organisation', role: 'role', state: 'state' },
      joins: ['partnership'],
      periodic: true,
    }),
    resource(Person.contract, {
      filters: { organisation: 'organisation', account: 'account', externalId: 'externalIds' },
      sorts: { name: 'name' },
      words: (v) => [v.name],
    }),
    resource(Erasure.contract, { filters: { person: 'person', owner: 'owner', state: 'state' }, loose: true }),
    resource(Agreement.contract, {
      filters: {
        partnership: 'partnership',
        party: 'parties.id',
        cluster: 'clusters',
        organisation: 'organisations',
        kind: 'kind',
        state: 'state',
        externalId: 'externalIds',
      },
      sorts: { validFrom: 'validFrom', validTo: 'validTo' },
      words: (v) => [...Object.values((v.title as object) ?? {}), ...((v.parties as { name: string | null }[]) ?? []).map((p) => p.name)],
      joins: ['partnership'],
    }),
    resource(Document.contract, {
      filters: { partnership: 'partnership', cluster: 'cluster', kind: 'kind', state: 'state', externalId: 'externalIds' },
      words: (v) => Object.values((v.title as object) ?? {}),
      joins: ['partnership', 'cluster'],
    }),
    resource(Deliverable.contract, {
      filters: { partnership: 'partnership', state: 'state', document: 'document', externalId: 'externalIds' },
      sorts: { dueMonth: 'dueMonth', number: 'number' },
      words: (v) => [v.number, ...Object.values((v.title as object) ?? {})],
      joins: ['partnership'],
    }),
    resource(PlannedEvent.contract, {
      filters: { partnership: 'partnerships', type: 'type', country: 'country', state: 'state', externalId: 'externalIds' },
      sorts: { when: 'when.earliest' },
      words: (v) => [v.typeLabel, v.city, ...Object.values((v.title as object) ?? {})],
    }),
    resource(Registration.contract, {
      filters: { event: 'event', organisation: 'organisation', person: 'persons', state: 'state' },
      sorts: { order: 'order' },
      joins: ['event'],
    }),
    resource(CheckIn.contract, { filters: { event: 'event', person: 'person' }, sorts: { at: 'at' }, joins: ['event'], inner: true }),
    resource(Announcement.contract, { filters: { event: 'event' }, sorts: { publishedAt: 'publishedAt' }, joins: ['event'], inner: true }),
    resource(FeedbackRound.contract, { filters: { event: 'event' }, joins: ['event'], loose: true, inner: true }),
    resource(FeedbackFigures.contract, { filters: { event: 'event' }, joins: ['event'], loose: true, inner: true }),
    resource(Meeting.contract, {
      filters: { event: 'event', state: 'state', kind: 'kind', organisation: 'organisations', person: 'persons' },
      sorts: { start: 'startsAt' },
      joins: ['event'],
    }),
    resource(MeetingPlan.contract, { inner: true }),
    resource(MeetingProfile.contract, {
      filters: { event: 'event', person: 'person', organisation: 'organisation' },
      joins: ['event'],
    }),
    resource(SeatLedger.contract, { inner: true }),
    resource(ExchangeProfile.contract, { filters: { partnership: 'partnership' }, joins: ['partnership'] }),
    resource(Policy.contract, {
      filters: { code: 'code', level: 'owner.level', owner: 'owner.code', partnership: 'partnership', state: 'state' },
      sorts: { code: 'code', validFrom: 'validFrom' },
      words: (v) => [String(v.code).replaceAll('_', ' '), v.note, v.source],
      joins: ['partnership'],
      loose: true,
    }),
    resource(Import.contract, { filters: { partnership: 'partnership', state: 'state' }, loose: true }),
    resource(Subscription.contract, { filters: { channel: 'channel', state: 'state', owner: 'owner' } }),
    resource(Mail.contract, { filters: { owner: 'owner', state: 'state' }, loose: true }),
    resource(Delivery.contract, { filters: { subscription: 'subscription', state: 'state' }, joins: ['subscription'] }),
    resource(Reminder.contract, {
      filters: { subject: 'subject', partnership: 'partnerships', state: 'state', rule: 'rule' },
      sorts: { dueAt: 'dueAt' },
      loose: true,
    }),
    resource(Report.contract, { filters: { kind: 'kind', state: 'state', owner: 'owner' } }),
    resource(Client.contract, {
      filters: { partnership: 'partnership', organisation: 'organisation', state: 'state' },
      sorts: { name: 'name' },
      words: (v) => [v.name],
    }),
    resource(keptMessages.gateway.contract, {
      contracts: Object.values(keptMessages).map(({ contract }) => contract),
      filters: { service: 'service', kind: 'kind', state: 'state', group: 'group', key: 'key', type: 'type' },
      sorts: { keptAt: 'keptAt' },
    }),
    resource(CalendarToken.contract, { filters: { state: 'state', owner: 'owner', sha256: 'sha256' }, joins: ['sha256'] }),
    resource(ApiKey.contract, { filters: { state: 'state', owner: 'owner', sha256: 'sha256' }, joins: ['sha256'] }),
  ].map((r) => [r.contract.resource, r]),
);

export const byAggregate = new Map(Object.values(resources).flatMap((r) => r.contracts.map(({ name }) => [name, r] as const)));

export const valueAt = (view: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((v, part) => (Array.isArray(v) ? v.map((each) => each?.[part]) : (v as Record<string, unknown> | null)?.[part]), view);

/** What the read model keeps beside the view so that lists need no scan. */
export function indexed({ sorts, words, signs }: Resource, view: View): Record<string, unknown> {
  const texts = (words?.(view) ?? []).filter((w): w is string => typeof w === 'string');
  const outside = [...((view.externalIds ?? []) as ExternalId[]).map(externalWord), ...(signs?.(view) ?? []).map(signWord)];
  const sortKeys = Object.fromEntries(Object.entries(sorts).map(([key, path]) => [key, sortKey(valueAt(view, path))]));
  const said = new Set(texts.flatMap((t) => fold(t).split(/[^\p{L}\p{N}]+/u)));
  return { words: [...[...said].filter(Boolean), ...outside], sort: sortKeys };
}

/** An outside id among the words of its record: no word that is searched begins like this, and each index costs every write. */
export const externalWord = (externalId: ExternalId): string => `=${externalName(externalId)}`;

/** A sign among the words, in the same way. */
export const signWord = (sign: string): string => `~${sign}`;

/** Unknown sorts last, whichever way texts compare. */
const sortKey = (value: unknown): string => (value === null || value === undefined ? '\uffff' : fold(String(value)));

/** Of few values, so that an index finds too much to pay for what it costs each write; or found by other means. */
const UNINDEXED = new Set(['state', 'profile', 'externalIds']);

/** What the read model of a resource is found and sorted by. */
export const indexesOf = ({ filters, sorts, merges }: Resource): Record<string, 1 | -1>[] => [
  ...Object.values(filters)
    .filter((path) => !UNINDEXED.has(path))
    .map((path) => ({ [`view.${path}`]: 1 as const })),
  ...Object.keys(sorts).map((key) => ({ [`sort.${key}`]: 1 as const, _id: 1 as const })),
  ...(filters.slug ? [{ 'view.formerSlugs': 1 as const }] : []),
  ...(merges ? [{ 'view.formerIds': 1 as const }] : []),
  { words: 1 },
];
