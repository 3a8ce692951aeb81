import { z } from 'zod';
import { REFERS_TO } from '#libs/contracts/values';
import { pointer } from '#libs/domain/json-pointer';

/** The id behind an id or slug that stands at a place in what is said; throws 404 for what the caller may not see. */
export type IdOf = (resource: string, idOrSlug: string, pointer: string) => Promise<string>;

/** What is said, with ids wherever its schema says that another record is named. */
export async function withIds<T>(schema: z.core.$ZodType, said: T, idOf: IdOf, at: readonly string[] = []): Promise<T> {
  return (await resolved(schema, said, idOf, at)) as T;
}

async function resolved(schema: z.core.$ZodType, said: unknown, idOf: IdOf, at: readonly string[]): Promise<unknown> {
  if (said === null || said === undefined) return said;
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNonOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return resolved(schema.unwrap(), said, idOf, at);
  const resource = schema instanceof z.ZodType ? schema.meta()?.[REFERS_TO] : undefined;
  if (typeof resource === 'string' && typeof said === 'string') return idOf(resource, said, pointer(...at));
  if (schema instanceof z.ZodArray && Array.isArray(said))
    return Promise.all(said.map((each, place) => resolved(schema.element, each, idOf, [...at, String(place)])));
  if (schema instanceof z.ZodObject && typeof said === 'object') {
    const shape = schema.shape as Record<string, z.core.$ZodType>;
    const fields = Object.entries(said).map(async ([name, value]) => {
      const part = shape[name];
      return [name, part ? await resolved(part, value, idOf, [...at, name]) : value];
    });
    return Object.fromEntries(await Promise.all(fields));
  }
  return said;
}
