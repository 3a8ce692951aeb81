import type { Actor } from '#libs/contracts/actor';
import { AUDIT_OUTCOMES } from './audit.js';
import { malformed } from './problem.js';
import { isAdmin, visibility } from './visibility.js';

export const AUDIT_FILTERS = ['from', 'to', 'actor', 'resource', 'subject', 'outcome'] as const;
type Filters = Partial<Record<(typeof AUDIT_FILTERS)[number], string[]>>;

const fields = { actor: 'by.id', resource: 'resource', subject: 'subject', outcome: 'outcome' } as const;

export function auditFilter({ from, to, ...filters }: Filters): Record<string, unknown> {
  if (filters.outcome?.some((outcome) => !(AUDIT_OUTCOMES as readonly string[]).includes(outcome)))
    throw misformed('outcome', `one of ${AUDIT_OUTCOMES.join(', ')}`);
  const chosen = Object.entries(filters).map(([name, values]) => [fields[name as keyof typeof fields], { $in: values }]);
  const at = { ...(from ? { $gte: instant('from', from) } : {}), ...(to ? { $lte: instant('to', to, 'T23:59:59.999Z') } : {}) };
  return { ...Object.fromEntries(chosen), ...(from || to ? { at } : {}) };
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
export function ownOf(by: Actor): Record<string, unknown> {
  if (isAdmin(by)) return {};
  const running = by.roles.flatMap(({ role, binding }) => (binding?.kind === 'PARTNERSHIP' && runs.has(role) ? [binding.id] : []));
  const own = { 'by.id': by.id };
  return running.length > 0 ? { $or: [own, { partnerships: { $in: running } }] } : own;
}

/** Who sees all of a partnership. */
const runs = new Set(visibility.partnerships!.roles.filter(({ to }) => to === 'IN_CHARGE').map(({ role }) => role));
