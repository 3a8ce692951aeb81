/** A view, or as much of it as is known: what is not there belongs to nobody. */
export type View = Record<string, unknown> & { id: string };

/** How much of a view somebody sees; NOTHING is answered 404. */
export type Level = 'NOTHING' | 'PUBLIC' | 'MEMBER' | 'IN_CHARGE';

/** What a field asks for; NOBODY reaches the last. */
export type Needed = Level | 'NOBODY';

/** Views that decide whether a view is public: an event is while one of its partnerships is. */
interface Parents {
  resource: string;
  by: string;
}

export interface Rule {
  /** The level of somebody who holds no role in it. */
  everyone(view: View, parents: View[]): Level;
  parents?: Parents[];
  /** The level that a bound role gives; what it is bound to is compared with the view, where an id or a path that ends with it stands. */
  roles: { role: string; to: Level; bound: 'PARTNERSHIP' | 'CLUSTER' | 'ORGANISATION' | 'EVENT'; by: string }[];
  /** Whoever created it, or whom it is about, sees all of it: where the id of who asks stands. */
  owner?: string | string[];
  /** Who belongs to what it is made of, or is made up of it: by the ACTIVE memberships among its parents. */
  members?: { of: 'partnership' | 'cluster'; bound: 'PARTNERSHIP' | 'CLUSTER'; roles: string[] };
  /** Fields left out below this level. */
  hidden: Partial<Record<string, Needed>>;
}

const published = (view: View): Level => (view.profile === 'PUBLISHED' ? 'PUBLIC' : 'NOTHING');
const never = (): Level => 'NOTHING';
const ofPublished = (_: View, parents: View[]): Level => (parents.some((p) => p.profile === 'PUBLISHED') ? 'PUBLIC' : 'NOTHING');
const partnership = { resource: 'partnerships', by: 'partnership' };

const RUNNING = ['PARTNERSHIP_COORDINATOR', 'PARTNERSHIP_MANAGER', 'EXCHANGE_OPERATIONAL_MANAGER'];
const inCharge = (by: string, roles = RUNNING) =>
  roles.map((role) => ({ role, to: 'IN_CHARGE' as Level, bound: 'PARTNERSHIP' as const, by }));

const ofOrganisation = (by: string, roles: string[], to: Level) => roles.map((role) => ({ role, to, bound: 'ORGANISATION' as const, by }));

/** Of what is kept of an event: who runs it, or one of its partnerships. */
const ofEventsOrganiser = [
  ...inCharge('partnerships', [...RUNNING, 'EVENT_ORGANISER']),
  { role: 'EVENT_ORGANISER', to: 'IN_CHARGE' as Level, bound: 'EVENT' as const, by: 'event' },
];

/** Who runs what a client may belong to. */
export const owners: Partial<Record<string, string[]>> = {
  PARTNERSHIP: ['PARTNERSHIP_COORDINATOR', 'PARTNERSHIP_MANAGER'],
  ORGANISATION: ['ORGANISATION_REPRESENTATIVE', 'CLUSTER_MANAGER'],
};

/** View × role × field: what is not named is not seen. Used by list, get, feed, webhook, report and export alike. */
export const visibility: Record<string, Rule> = {
  partnerships: {
    everyone: published,
    roles: inCharge('id'),
    members: { of: 'partnership', bound: 'CLUSTER', roles: ['CLUSTER_MANAGER'] },
    hidden: {
      remarks: 'IN_CHARGE',
      operationalManager: 'IN_CHARGE',
      stateReason: 'IN_CHARGE',
      draft: 'MEMBER',
      draftOf: 'MEMBER',
      profileReason: 'MEMBER',
    },
  },
  clusters: {
    everyone: published,
    roles: ['id', 'formerIds'].map((by) => ({ role: 'CLUSTER_MANAGER', to: 'IN_CHARGE', bound: 'CLUSTER', by })),
    members: { of: 'cluster', bound: 'PARTNERSHIP', roles: ['PARTNERSHIP_COORDINATOR', 'PARTNERSHIP_MANAGER'] },
    hidden: { remarks: 'IN_CHARGE', stateReason: 'IN_CHARGE', draft: 'MEMBER', draftOf: 'MEMBER', profileReason: 'MEMBER' },
  },
  organisations: {
    everyone: () => 'PUBLIC',
    roles: ['id', 'formerIds'].flatMap((by) => ofOrganisation(by, ['ORGANISATION_REPRESENTATIVE', 'CLUSTER_MANAGER'], 'IN_CHARGE')),
    owner: 'owner',
    hidden: {
      address: 'IN_CHARGE',
      coordinates: 'IN_CHARGE',
      establishments: 'IN_CHARGE',
      website: 'IN_CHARGE',
      contact: 'IN_CHARGE',
      offers: 'IN_CHARGE',
      size: 'IN_CHARGE',
      sizeClass: 'IN_CHARGE',
      externalIds: 'IN_CHARGE',
      owner: 'IN_CHARGE',
      aliases: 'IN_CHARGE',
    },
  },
  persons: {
    everyone: never,
    roles: ofOrganisation('organisation', ['ORGANISATION_REPRESENTATIVE', 'CLUSTER_MANAGER', 'VISITOR', 'HOST', 'ALUMNUS'], 'MEMBER'),
    owner: ['account', 'owner'],
    hidden: {
      language: 'IN_CHARGE',
      zone: 'IN_CHARGE',
      phone: 'IN_CHARGE',
      relation: 'IN_CHARGE',
      account: 'IN_CHARGE',
      consents: 'IN_CHARGE',
      externalIds: 'IN_CHARGE',
      owner: 'IN_CHARGE',
    },
  },
  erasures: { everyone: never, roles: [], owner: 'owner', hidden: {} },
  memberships: {
    everyone: (view, parents) =>
      view.state === 'ACTIVE' && parents.length > 0 && parents.every((p) => p.profile === 'PUBLISHED') ? 'PUBLIC' : 'NOTHING',
    parents: [partnership, { resource: 'clusters', by: 'cluster' }],
    roles: [
      ...inCharge('partnership'),
      { role: 'CLUSTER_MANAGER', to: 'IN_CHARGE', bound: 'CLUSTER', by: 'cluster' },
      { role: 'ORGANISATION_REPRESENTATIVE', to: 'MEMBER', bound: 'ORGANISATION', by: 'organisation' },
    ],
    hidden: { reason: 'MEMBER', agreed: 'MEMBER', invitation: 'MEMBER' },
  },
  agreements: {
    everyone: (view, parents) => (view.inForceSince && parents.some((p) => p.profile === 'PUBLISHED') ? 'PUBLIC' : 'NOTHING'),
    parents: [partnership],
    roles: [
      ...inCharge('partnership', ['PARTNERSHIP_COORDINATOR', 'PARTNERSHIP_MANAGER']),
      ...['PARTNERSHIP_COORDINATOR', 'PARTNERSHIP_MANAGER'].map((role) => ({
        role,
        to: 'MEMBER' as Level,
        bound: 'PARTNERSHIP' as const,
        by: 'partnerships',
      })),
      { role: 'CLUSTER_MANAGER', to: 'MEMBER', bound: 'CLUSTER', by: 'clusters' },
      { role: 'ORGANISATION_REPRESENTATIVE', to: 'MEMBER', bound: 'ORGANISATION', by: 'organisations' },
    ],
    hidden: Object.fromEntries(
      [
        ...['title', 'open', 'stage', 'hash', 'signedBy', 'missing', 'voided', 'versions'],
        ...['contacts', 'signatories', 'attachments', 'externalIds', 'sourceKey'],
      ].map((field) => [field, 'MEMBER' as Level]),
    ),
  },
  documents: {
    everyone: (view, parents) =>
      view.releasedAt && view.approved && parents.some((p) => p.profile === 'PUBLISHED') ? 'PUBLIC' : 'NOTHING',
    parents: [partnership, { resource: 'clusters', by: 'cluster' }],
    roles: [
      ...inCharge('partnership', ['PARTNERSHIP_COORDINATOR', 'PARTNERSHIP_MANAGER']),
      { role: 'CLUSTER_MANAGER', to: 'IN_CHARGE', bound: 'CLUSTER', by: 'cluster' },
      { role: 'CLUSTER_MANAGER', to: 'MEMBER', bound: 'CLUSTER', by: 'partners' },
    ],
    hidden: Object.fromEntries(
      ['title', 'open', 'stage', 'hash', 'partners', 'agreedBy', 'versions', 'attachments', 'externalIds'].map((field) => [
        field,
        'MEMBER' as Level,
      ]),
    ),
  },
  deliverables: {
    everyone: never,
    roles: [
      ...inCharge('partnership', ['PARTNERSHIP_COORDINATOR', 'PARTNERSHIP_MANAGER', 'AGENCY_OFFICER']),
      { role: 'CLUSTER_MANAGER', to: 'MEMBER', bound: 'CLUSTER', by: 'partners' },
    ],
    hidden: { reason: 'IN_CHARGE' },
  },
  events: {
    everyone: ofPublished,
    parents: [{ resource: 'partnerships', by: 'partnerships' }],
    roles: [
      ...inCharge('partnerships', [...RUNNING, 'EVENT_ORGANISER']),
      { role: 'EVENT_ORGANISER', to: 'IN_CHARGE', bound: 'EVENT', by: 'id' },
    ],
    hidden: { joinUrl: 'MEMBER', outcomeReport: 'IN_CHARGE' },
  },
  registrations: {
    everyone: never,
    roles: [
      ...inCharge('partnerships', [...RUNNING, 'EVENT_ORGANISER']),
      { role: 'EVENT_ORGANISER', to: 'IN_CHARGE', bound: 'EVENT', by: 'event' },
      ...ofOrganisation('organisation', ['ORGANISATION_REPRESENTATIVE', 'CLUSTER_MANAGER'], 'MEMBER'),
    ],
    owner: ['owner', 'accounts'],
    hidden: { owner: 'IN_CHARGE', accounts: 'IN_CHARGE' },
  },
  'check-ins': { everyone: never, roles: ofEventsOrganiser, hidden: {} },
  announcements: {
    everyone: never,
    roles: [...ofEventsOrganiser, ...ofOrganisation('organisations', ['ORGANISATION_REPRESENTATIVE', 'CLUSTER_MANAGER'], 'MEMBER')],
    owner: 'accounts',
    hidden: { accounts: 'NOBODY', organisations: 'NOBODY', registrations: 'IN_CHARGE' },
  },
  'feedback-rounds': { everyone: never, roles: ofEventsOrganiser, hidden: { answered: 'NOBODY' } },
  // Shown in sum, where they are enough to hide each.
  'feedback-figures': { everyone: never, roles: [], hidden: { counts: 'NOBODY', texts: 'NOBODY' } },
  meetings: {
    everyone: never,
    roles: [...ofEventsOrganiser, ...ofOrganisation('organisations', ['ORGANISATION_REPRESENTATIVE', 'CLUSTER_MANAGER'], 'MEMBER')],
    owner: 'accounts',
    hidden: {},
  },
  'meeting-plans': {
    everyone: never,
    roles: [
      ...inCharge('partnerships', [...RUNNING, 'EVENT_ORGANISER']),
      { role: 'EVENT_ORGANISER', to: 'IN_CHARGE', bound: 'EVENT', by: 'id' },
    ],
    hidden: {},
  },
  // What others may know of it they read among the suggestions of the event.
  'meeting-profiles': {
    everyone: never,
    roles: [...ofEventsOrganiser, ...ofOrganisation('organisation', ['ORGANISATION_REPRESENTATIVE', 'CLUSTER_MANAGER'], 'MEMBER')],
    owner: ['owner', 'account'],
    hidden: { owner: 'IN_CHARGE', account: 'IN_CHARGE' },
  },
  // Read as the availability of the event, by whoever sees the event.
  'seat-ledgers': { everyone: never, roles: [], hidden: {} },
  'exchange-profiles': { everyone: ofPublished, parents: [partnership], roles: inCharge('partnership'), hidden: { remarks: 'IN_CHARGE' } },
  // What was in force explains the decisions of its days: it stays as public as it was.
  policies: {
    everyone: ({ state }) => (state === 'DRAFT' ? 'NOTHING' : 'PUBLIC'),
    roles: inCharge('partnership', ['PARTNERSHIP_COORDINATOR']),
    hidden: {},
  },
  imports: { everyone: never, roles: inCharge('partnership', ['PARTNERSHIP_COORDINATOR']), hidden: {} },
  subscriptions: { everyone: never, roles: [], owner: 'owner', hidden: {} },
  deliveries: { everyone: never, roles: [], owner: 'owner', hidden: {} },
  mails: { everyone: never, roles: [], owner: 'owner', hidden: {} },
  reminders: {
    everyone: never,
    roles: [...inCharge('partnerships'), { role: 'EVENT_ORGANISER', to: 'IN_CHARGE', bound: 'EVENT', by: 'subject' }],
    hidden: {},
  },
  reports: { everyone: never, roles: [], owner: 'owner', hidden: {} },
  clients: {
    everyone: never,
    roles: [
      ...inCharge('partnership', owners.PARTNERSHIP),
      ...owners.ORGANISATION!.map((role) => ({ role, to: 'IN_CHARGE' as Level, bound: 'ORGANISATION' as const, by: 'organisation' })),
    ],
    owner: 'id',
    hidden: { hashes: 'NOBODY' },
  },
  parked: { everyone: never, roles: [], hidden: {} },
  'calendar-tokens': { everyone: never, roles: [], owner: 'owner', hidden: { sha256: 'NOBODY' } },
  'api-keys': { everyone: never, roles: [], owner: 'owner', hidden: { sha256: 'NOBODY' } },
};
