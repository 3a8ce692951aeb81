import type { Actor } from '#libs/contracts/actor';
import { isAdmin, visibility } from '#libs/domain/visibility';
import { AUDIT_OUTCOMES, type AuditEntry } from './audit.js';
import { malformed } from './problem.js';

export const AUDIT_FILTERS = ['from', 'to', 'actor', 'resource', 'subject', 'outcome'] as const;
type Filters = Partial<Record<(typeof AUDIT_FILTERS)[number], string[]>>;

/** Of whom entries are shown: what they did, and what was done to the partnerships they run. */
interface Whose {
  id: string;
  partnerships: string[];
}

/** Which entries are asked for; what is missing is asked of none. */
export interface AuditAsked {
  actors?: string[];
  resources?: string[];
  subjects?: string[];
  outcomes?: string[];
  /** Instants as they stand in the log. */
  from?: string;
  to?: string;
  /** Missing: everybody's. */
  whose?: Whose;
}

export function auditAsked({ actor, resource, subject, outcome, from, to }: Filters, by: Actor): AuditAsked {
  if (outcome?.some((one) => !(AUDIT_OUTCOMES as readonly string[]).includes(one)))
    throw misformed('outcome', `one of ${AUDIT_OUTCOMES.join(', ')}`);
  const whose = whoseOf(by);
  return {
    ...(actor && { actors: actor }),
    ...(resource && { resources: resource }),
    ...(subject && { subjects: subject }),
    ...(outcome && { outcomes: outcome }),
    ...(from && { from: instant('from', from) }),
    ...(to && { to: instant('to', to, 'T23:59:59.999Z') }),
    ...(whose && { whose }),
  };
}

export function isAsked({ actors, resources, subjects, outcomes, from, to, whose }: AuditAsked, entry: AuditEntry): boolean {
  const among = (values: string[] | undefined, value: string | null | undefined) => !values || (value != null && values.includes(value));
  return (
    among(actors, entry.by?.id) &&
    among(resources, entry.resource) &&
    among(subjects, entry.subject) &&
    among(outcomes, entry.outcome) &&
    (from === undefined || entry.at >= from) &&
    (to === undefined || entry.at <= to) &&
    (!whose || entry.by?.id === whose.id || entry.partnerships.some((id) => whose.partnerships.includes(id)))
  );
}

/** The links of the chain that may hold such entries, by what is indexed. */
export function auditBlocks({ actors, subjects, from, to, whose }: AuditAsked): Record<string, unknown> {
  const own = whose && [{ 'entries.by.id': whose.id }, { 'entries.partnerships': { $in: whose.partnerships } }];
  return {
    ...(actors && { 'entries.by.id': { $in: actors } }),
    ...(subjects && { 'entries.subject': { $in: subjects } }),
    ...(own && { $or: own }),
    ...((from || to) && { 'entries.at': { ...(from && { $gte: from }), ...(to && { $lte: to }) } }),
  };
}

/** As it stands in the log; a day is taken to its beginning or its end. */
function instant(name: string, values: string[], endOfDay = 'T00:00:00.000Z'): string {
  const [text = ''] = values;
  const whole = /^\d{4}-\d{2}-\d{2}$/.test(text) ? text + endOfDay : text;
  if (values.length > 1 || !/^\d{4}-\d{2}-\d{2}T/.test(whole) || Number.isNaN(Date.parse(whole)))
    throw misformed(name, 'one instant, or one day, YYYY-MM-DD');
  return new Date(whole).toISOString();
}

export function numberFrom(value: unknown): number {
  if (value === undefined) return 1;
  if (typeof value === 'string' && /^[1-9]\d{0,14}$/.test(value)) return Number(value);
  throw misformed('from', 'the number of an entry');
}

const misformed = (name: string, message: string) =>
  malformed('QUERY.MALFORMED', `${name} is ${message}.`, [{ pointer: `?${name}`, message }]);

/** Everybody sees what they did; who runs a partnership, what was done to it; the platform, all. */
function whoseOf(by: Actor): Whose | null {
  if (isAdmin(by)) return null;
  const partnerships = by.roles.flatMap(({ role, binding }) => (binding?.kind === 'PARTNERSHIP' && runs.has(role) ? [binding.id] : []));
  return { id: by.id, partnerships };
}

/** Who sees all of a partnership. */
const runs = new Set(visibility.partnerships!.roles.filter(({ to }) => to === 'IN_CHARGE').map(({ role }) => role));
