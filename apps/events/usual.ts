import { bundled, explained, type PolicyVersion, policyFor } from '#libs/domain/policy';
import type { Standing } from '#libs/service/policy-copies';

/** By what a field was set that the event itself does not say. */
export type SetBy<F extends string> = Partial<Record<F, ReturnType<typeof explained>>>;

interface Usual<F extends string> {
  values: Readonly<Record<F, unknown>>;
  setBy: SetBy<F>;
}

/** Where no version is in force any more, what the product brings holds: an event has to be run somehow. */
const versionOf = (code: string, at: string, { policies, owners }: Standing): PolicyVersion => {
  const found = policyFor(code, { at, policies }, owners) ?? policyFor(code, { at, policies: bundled });
  if (!found) throw new Error(`No policy ${code} is there.`);
  return found;
};

/** What the event says of itself; else what is in force for its partnerships, their calls and the scheme. */
export function usually<F extends string>(codes: Readonly<Record<F, string>>, said: object, at: string, standing: Standing): Usual<F> {
  const own = said as Partial<Record<F, unknown>>;
  const fields = Object.keys(codes) as F[];
  const found = fields.flatMap((field) => (own[field] === undefined ? [[field, versionOf(codes[field], at, standing)] as const] : []));
  return {
    values: { ...own, ...Object.fromEntries(found.map(([field, { value }]) => [field, value])) } as Record<F, unknown>,
    setBy: Object.fromEntries(found.map(([field, version]) => [field, explained(version)])) as SetBy<F>,
  };
}
