import { z } from 'zod';
import { ApiKeyView } from '#libs/contracts/api-key';
import { CalendarTokenView } from '#libs/contracts/calendar-token';
import { ClientView } from '#libs/contracts/client';
import { ClusterShown, ClusterView } from '#libs/contracts/cluster';
import { DeliverableView } from '#libs/contracts/deliverable';
import { MeetingView } from '#libs/contracts/meeting';
import { MarketEntry } from '#libs/contracts/meeting-profile';
import { MembershipView } from '#libs/contracts/membership';
import { OrganisationView, SuspectedDuplicate } from '#libs/contracts/organisation';
import { PartnershipView } from '#libs/contracts/partnership';
import { PartnershipFigures } from '#libs/contracts/partnership-sections';
import { Classifications } from '#libs/contracts/profile';
import { DraftOf } from '#libs/contracts/publication';
import { Day, Figure, Quantity } from '#libs/contracts/values';

const names = Object.keys(PartnershipFigures.shape) as (keyof typeof PartnershipFigures.shape)[];
type Figures = Record<(typeof names)[number], typeof Figure>;

/** A partnership as it is read: what is computed from its composition stands beside what is declared and targeted. */
export const PartnershipShown = PartnershipView.omit({ draft: true })
  .extend({
    draftOf: DraftOf,
    figures: z.object(Object.fromEntries(names.map((name) => [name, Figure])) as Figures),
  })
  .meta({ id: 'PartnershipShown' });

const Sum = z.object({ value: z.number(), coverage: z.string().describe('parts known of parts there are, "4 of 4"') }).nullable();
const ValueCount = z
  .object({ code: z.string(), label: z.string(), group: z.string().nullable().describe('what it belongs to'), count: z.int().min(0) })
  .meta({ id: 'ValueCount' });

const { id, name, aliases, country, region, classifications } = ClusterView.shape;
const { role, no } = MembershipView.shape;

/** One row per partner cluster; `members` and `smes` as it declares them, null is "not declared", never 0. */
export const CompositionItem = z
  .object({ id, name, aliases, country, region, role, no, members: Quantity.nullable(), smes: Quantity.nullable(), classifications })
  .meta({ id: 'CompositionItem' });

export const CompositionShown = z
  .object({
    items: z.array(CompositionItem),
    next: z.null(),
    totals: z.object({ clusters: z.int().min(0), members: Sum, smes: Sum }),
    counts: z
      .object(Object.fromEntries(Object.keys(Classifications.shape).map((dimension) => [dimension, z.array(ValueCount)])))
      .describe('how many clusters bear each value, the most frequent first'),
  })
  .meta({ id: 'Composition' });

/** What it may be a second record of is told when it is made. */
export const OrganisationShown = OrganisationView.extend({
  duplicates: z.array(SuspectedDuplicate).optional().describe('in the answer to its registration: other records that look like it'),
}).meta({ id: 'OrganisationShown' });

/** A deliverable as it is read: by which day, counted from when its partnership began. */
export const DeliverableShown = DeliverableView.extend({
  due: Day.nullable().describe('last day of its month; null as long as it is not known in which month the partnership began'),
  late: z.boolean().nullable().describe('handed in after that day; null: not handed in yet, or the day is not known'),
}).meta({ id: 'DeliverableShown' });

/** Hashes are for the gateway alone. */
export const ApiKeyShown = ApiKeyView.omit({ sha256: true }).meta({ id: 'ApiKeyShown' });
export const CalendarTokenShown = CalendarTokenView.omit({ sha256: true }).meta({ id: 'CalendarTokenShown' });
export const ClientShown = ClientView.omit({ hashes: true }).meta({ id: 'ClientShown' });

const MeetingSideShown = MeetingView.shape.requester.omit({ account: true }).extend({
  name: z.string().nullable().describe('null: forgotten'),
  organisationName: z.string().nullable(),
  email: z.string().nullable().describe('once the meeting was accepted'),
  offers: z.array(MarketEntry).describe('what they have for others'),
});

/** A meeting as it is read: who the two are, and how to reach them once they have agreed. */
export const MeetingShown = MeetingView.omit({ accounts: true })
  .extend({ requester: MeetingSideShown, guest: MeetingSideShown })
  .meta({ id: 'MeetingShown' });

/** Resources that are read otherwise than their service publishes them. */
export const shown: Record<string, z.ZodType | undefined> = {
  partnerships: PartnershipShown,
  organisations: OrganisationShown,
  clusters: ClusterShown,
  deliverables: DeliverableShown,
  meetings: MeetingShown,
  clients: ClientShown,
  'api-keys': ApiKeyShown,
  'calendar-tokens': CalendarTokenShown,
};
