import file from './data/organisation-types.json' with { type: 'json' };
import type { PolicyOwner } from './policies.js';

/** A kind of organisation as the scheme looks at it; null: it is no category of its own there. */
export interface ParticipantType {
  readonly code: string;
  readonly name: string;
  readonly mayVisit: boolean | null;
  readonly mayHost: boolean | null;
  readonly clusterMembershipRequired: boolean | null;
  /** First and last day, YYYY-MM-DD; null: no bound known. */
  readonly validFrom: string | null;
  readonly validTo: string | null;
  /** Whose rule it is, where not of the whole scheme. */
  readonly owner: PolicyOwner | null;
}

type Item = Pick<ParticipantType, 'code' | 'name' | 'mayVisit' | 'mayHost' | 'clusterMembershipRequired'> & {
  validFrom?: string | null;
  validTo?: string | null;
  owner?: PolicyOwner;
  subTypes?: { code: string }[];
  evaluateAs?: string;
};

const items = file.items as readonly Item[];

/** By its code, that of a sub-type, or that of the kind it is evaluated as; null when it is on no list. */
export function participantType(code: string): ParticipantType | null {
  const own = items.find((item) => item.code === code) ?? items.find(({ subTypes = [] }) => subTypes.some((sub) => sub.code === code));
  const found = own?.evaluateAs ? items.find((item) => item.code === own.evaluateAs) : own;
  if (!found) return null;
  const { validFrom = null, validTo = null, owner = null } = found;
  const { name, mayVisit, mayHost, clusterMembershipRequired } = found;
  return { code: found.code, name, mayVisit, mayHost, clusterMembershipRequired, validFrom: firstDay(validFrom), validTo, owner };
}

/** A month stands for its first day. */
const firstDay = (text: string | null): string | null => (text && text.length === 7 ? `${text}-01` : text);
