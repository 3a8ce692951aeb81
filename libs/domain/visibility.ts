import type { Actor, BoundRole } from '#libs/contracts/actor';
import { covers } from './scopes.js';
import { type Level, type Needed, owners, type Rule, type View, visibility } from './visibility-table.js';

export { type Level, owners, type View, visibility };

const ORDER: Needed[] = ['NOTHING', 'PUBLIC', 'MEMBER', 'IN_CHARGE', 'NOBODY'];

/** Who reads, as far as the table asks. */
export type Reader = Pick<Actor, 'id' | 'roles' | 'scopes'>;

const idsAt = (view: View, field: string): string[] =>
  [view[field]].flat().flatMap((value) => (typeof value === 'string' ? value.slice(value.lastIndexOf('/') + 1) : []));

/** What decides beside the view itself whether it is public: their ids. */
export const parentsOf = (resource: string, view: View): string[] =>
  (visibility[resource]?.parents ?? []).flatMap(({ by }) => idsAt(view, by));

const atLeast = (level: Level, needed: Needed) => ORDER.indexOf(level) >= ORDER.indexOf(needed);
const higher = (a: Level, b: Level): Level => (atLeast(a, b) ? a : b);

/** Bound to a part, the role is no more than its name. */
export const isAdmin = ({ roles }: Reader) => roles.some(({ role, binding }) => role === 'PLATFORM_ADMIN' && binding === null);

/** How much of a view somebody sees. `parents`: the views named by `parentsOf`, as far as they are known; what is missing opens nothing. */
export function levelOf(resource: string, view: View, by: Reader, parents: View[]): Level {
  const rule = visibility[resource];
  if (!rule || !mayRead(resource, by)) return 'NOTHING';
  if (isAdmin(by)) return 'IN_CHARGE';
  if ([rule.owner ?? []].flat().some((field) => [view[field]].flat().includes(by.id))) return 'IN_CHARGE';
  const belonging = higher(rule.everyone(view, parents), asMember(rule, view, by, parents));
  return by.roles.reduce((level, held) => higher(level, levelBy(rule, view, held)), belonging);
}

function asMember({ members }: Rule, view: View, { roles }: Reader, parents: View[]): Level {
  if (!members) return 'NOTHING';
  const { of, bound, roles: may } = members;
  const held = roles.flatMap(({ role, binding }) => (binding?.kind === bound && may.includes(role) ? binding.id : []));
  const other = of === 'cluster' ? 'partnership' : 'cluster';
  return parents.some((each) => each.state === 'ACTIVE' && each[of] === view.id && held.includes(String(each[other])))
    ? 'MEMBER'
    : 'NOTHING';
}

/** The memberships that decide how much of such records somebody sees: found by which field, for which of the ids they hold roles in. */
export function membershipsFor(resource: string, by: Reader): { field: 'partnership' | 'cluster'; ids: string[] } {
  const members = visibility[resource]?.members;
  if (!members) return { field: 'cluster', ids: [] };
  const ids = by.roles.flatMap(({ role, binding }) => (binding?.kind === members.bound && members.roles.includes(role) ? binding.id : []));
  return { field: members.of === 'cluster' ? 'partnership' : 'cluster', ids: [...new Set(ids)] };
}

/** The field that memberships name such a record in; null: it has none that decide. */
export const memberField = (resource: string) => visibility[resource]?.members?.of ?? null;

/** Told to those who see it: what is being written, and what was before it was published. */
const AT_WORK = /\.(draft-changed|profile-submitted|profile-changes-requested)\.v1$/;

/** How much of its subject somebody must see to be told a fact: the public is told what was in public when it was told. */
export function neededFor(resource: string, { type, data }: { type: string; data: unknown }): Level {
  if (!visibility[resource]?.members) return 'PUBLIC';
  const { profile } = (data ?? {}) as { profile?: unknown };
  return AT_WORK.test(type) || (profile !== undefined && profile !== 'PUBLISHED') ? 'MEMBER' : 'PUBLIC';
}

/** Whether this level is enough to be told. */
export const isTold = (level: Level, needed: Level): boolean => level !== 'NOTHING' && atLeast(level, needed);

/** A key with scopes reads only what they name. */
export const mayRead = (resource: string, by: Reader) => covers(by.scopes, `${resource}:read`);
export const mayWrite = (resource: string, by: Reader) => covers(by.scopes, `${resource}:write`);

function levelBy(rule: Rule, view: View, { role, binding }: BoundRole): Level {
  if (!binding) return 'NOTHING';
  const gives = rule.roles.filter((r) => r.role === role && r.bound === binding.kind && idsAt(view, r.by).includes(binding.id));
  return gives.reduce<Level>((level, { to }) => higher(level, to), 'NOTHING');
}

/** The clusters that a partnership is made of, for somebody who sees this much of it: who runs it sees them all, others those they may see. */
export const partnersSeen = <C extends { id: string; profile: string }>(clusters: readonly C[], level: Level, by: Reader): C[] =>
  clusters.filter((each) => level === 'IN_CHARGE' || levelOf('clusters', { ...each }, { ...by, scopes: [] }, []) !== 'NOTHING');

/** As this level reads it: whoever belongs to it reads what is being written of its profile in the place of what the public goes on seeing. */
export function seenAt<V extends View>(resource: string, view: V, level: Level): V {
  const { draft, ...rest } = view;
  if (draft === undefined || !visibility[resource]?.members) return redact(resource, view, level);
  const written = draft !== null && atLeast(level, 'MEMBER') ? { ...rest, ...(draft as object), draftOf: view.profile } : rest;
  return redact(resource, written as V, level);
}

/** The view without what this level does not see. */
export function redact<V extends View>(resource: string, view: V, level: Level): V {
  const hidden = Object.entries(visibility[resource]?.hidden ?? {}).filter(([, needed]) => !atLeast(level, needed!));
  if (hidden.length === 0) return view;
  const seen = { ...view };
  for (const [field] of hidden) delete seen[field];
  return seen;
}
