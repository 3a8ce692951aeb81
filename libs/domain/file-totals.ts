import type { PartnershipFile } from '#libs/contracts/partnership-file';
import { findCountry } from '#libs/reference/countries';
import { pointer } from './json-pointer.js';
import { type Computed, sumOf } from './quantity.js';
import type { Fault } from './verdict.js';

export interface Totals {
  readonly clusters: number;
  readonly ecosystems: number;
  readonly members: Computed | null;
  readonly smes: Computed | null;
  readonly countries: readonly string[];
}

/** What the composition of the file adds up to. */
export function totalsOf({ composition, ecosystems }: PartnershipFile): Totals {
  const rows = composition ?? [];
  return {
    clusters: rows.length,
    ecosystems: ecosystems?.length ?? 0,
    members: sumOf(rows.map(({ totalMembers }) => numberOf(totalMembers))),
    smes: sumOf(rows.map(({ totalSmes }) => numberOf(totalSmes))),
    countries: [...new Set(rows.map(({ country }) => findCountry(country) ?? country))].sort(),
  };
}

const numberOf = (stated: number | { value: number } | null | undefined): number | null =>
  typeof stated === 'object' && stated !== null ? stated.value : (stated ?? null);

/** Totals the file states beside what is computed from it. A blank total is not declared, so there is nothing to compare. */
export function totalNotes(file: PartnershipFile): Fault[] {
  const stated = file.computedTotals;
  if (!stated || !file.composition) return [];
  const totals = totalsOf(file);
  const computed = { ...totals, members: totals.members?.value ?? null, smes: totals.smes?.value ?? null };
  const numbers = (['clusters', 'ecosystems', 'members', 'smes'] as const)
    .filter((name) => (stated[name] ?? null) !== null && stated[name] !== computed[name])
    .map((name) => note(name, stated[name], computed[name]));
  const countries = stated.countries && [...stated.countries].sort();
  if (!countries || countries.join() === computed.countries.join()) return numbers;
  return [...numbers, note('countries', countries, computed.countries)];
}

const note = (name: string, stated: unknown, computed: unknown): Fault => ({
  pointer: pointer('computedTotals', name),
  message: `${name}: the file says ${stated}, its composition gives ${computed}.`,
});

/** SMEs may be declared in two sections; where they differ, the profile's own field is taken. */
export function figureNotes({ numberOfSmesInvolved, declaredMembership }: PartnershipFile): Fault[] {
  const inProfile = typeof numberOfSmesInvolved === 'number' ? numberOfSmesInvolved : numberOfSmesInvolved?.value;
  const inText = declaredMembership?.smes?.value;
  if (inProfile === undefined || inText === undefined || inProfile === inText) return [];
  return [{ pointer: '/declaredMembership/smes', message: `SMEs are declared as ${inProfile} and as ${inText}; ${inProfile} is taken.` }];
}
