import type { Belongs } from './standing.js';

/** Who belongs to what: a cluster to a partnership, or an organisation to a cluster. */
export interface Pair {
  kind: string;
  partnership: string | null;
  cluster: string;
  organisation: string | null;
}

type Side = 'JOINED' | 'JOINING';

/** What a side of the pair is, as roles are bound to it. */
const sides: Record<string, Record<Side, (pair: Pair) => Belongs>> = {
  CLUSTER_IN_PARTNERSHIP: {
    JOINED: ({ partnership }) => ({ PARTNERSHIP: partnership ? [partnership] : [] }),
    JOINING: ({ cluster }) => ({ CLUSTER: [cluster] }),
  },
  ORGANISATION_IN_CLUSTER: {
    JOINED: ({ cluster }) => ({ CLUSTER: [cluster] }),
    JOINING: ({ organisation }) => ({ ORGANISATION: organisation ? [organisation] : [] }),
  },
};

/** JOINED: what somebody belongs to; JOINING: who belongs. */
export const sideOf = (pair: Pair, side: Side): Belongs => sides[pair.kind]?.[side](pair) ?? {};

export const bothSides = (pair: Pair): Belongs => ({ ...sideOf(pair, 'JOINED'), ...sideOf(pair, 'JOINING') });

/** Whose answer is awaited: by what is joined to what, and by who spoke first. */
const answering: Record<string, Record<string, string>> = {
  CLUSTER_IN_PARTNERSHIP: { INVITED: 'CLUSTER_MANAGER', REQUESTED: 'PARTNERSHIP_COORDINATOR' },
  ORGANISATION_IN_CLUSTER: { INVITED: 'ORGANISATION_REPRESENTATIVE', REQUESTED: 'CLUSTER_MANAGER' },
};

/** The party role of who holds these roles towards a membership, as the machine knows it; the service and `/actions` ask here alike. */
export const counterpartyIn = (kind: string, state: string, roles: readonly string[]): string[] =>
  roles.includes(answering[kind]?.[state] ?? '-') ? ['COUNTERPARTY'] : [];
