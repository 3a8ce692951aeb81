import type { Actor, Binding } from '#libs/contracts/actor';

/** What a record belongs to: ids by kind of binding. */
export type Belongs = Partial<Record<Binding['kind'], readonly string[]>>;

/** The roles somebody holds towards a record: those bound to what it belongs to, and those bound to nothing. */
export function rolesTowards(by: Actor, belongs: Belongs): string[] {
  const held = by.roles.filter(({ binding }) => binding === null || (belongs[binding.kind] ?? []).includes(binding.id));
  return [...new Set(held.map(({ role }) => role))];
}
