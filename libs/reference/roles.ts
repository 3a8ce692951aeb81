import file from './data/roles.json' with { type: 'json' };

/** A role that can be given to a person or client. */
export interface Role {
  readonly code: string;
  readonly name: string;
  readonly actsFor?: readonly string[];
  /** Commands given beyond the tables of the machines, `MACHINE.command`. */
  readonly mayCommand?: readonly string[];
  readonly aliases?: readonly string[];
}

/** An actor of the machines that follows from a record. `actedBy` empty: the person itself, or the product. */
export interface PartyRole {
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  readonly actedBy: readonly string[];
}

export const roles: readonly Role[] = file.items;
export const partyRoles: readonly PartyRole[] = file.partyRoles;

export function isRole(code: string): boolean {
  return roles.some((role) => role.code === code);
}

/** By its code; undefined when there is none. */
export function partyRole(code: string): PartyRole | undefined {
  return partyRoles.find((each) => each.code === code);
}

/** Whether a role, inside its own organisation or partnership, may act for a party of the record. */
export function mayActFor(role: string, party: string): boolean {
  return partyRole(party)?.actedBy.includes(role) ?? false;
}
