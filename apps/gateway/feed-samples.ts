import type { Json, JsonObject } from './openapi-schemas.js';

/** What fields of these names hold in our field; taken where the schema allows it. */
const usual: Record<string, Json> = {
  slug: 'dia',
  code: 'DIA',
  acronym: 'DIA',
  name: 'European Digital Industry Alliance',
  programme: 'ESCP-4I',
  profile: 'PUBLISHED',
  state: 'PLANNED',
  city: 'Bilbao',
  zone: 'Europe/Madrid',
  country: 'ES',
  sourceKey: 'DIA:plannedEvents:1',
  website: 'https://partner.example',
  url: 'https://partner.example',
};

const formats: Record<string, string> = {
  uuid: '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f',
  date: '2018-09-12',
  'date-time': '2018-09-12T08:30:00Z',
  email: 'office@partner.example',
  uri: 'https://partner.example',
};

/** One of them suits every pattern of the contracts; a test tells when none does. */
const texts = ['text', 'ES', 'en', 'EUR', 'dia', '2018-09', 'event.*', 'partnerships:read', '0'.repeat(64)];
const DEPTH = 12;

/** A value of the schema: short, and as true to life as its names and examples allow. */
export const sampleOf = (schema: JsonObject): Json => sample(schema, schema, '', 0);

function sample(schema: JsonObject, root: JsonObject, name: string, depth: number): Json {
  const given = (schema.examples as Json[] | undefined)?.[0] ?? schema.example ?? schema.const ?? (schema.enum as Json[] | undefined)?.[0];
  if (given !== undefined) return given;
  if (typeof schema.$ref === 'string') return sample(resolved(schema.$ref, root), root, name, depth + 1);
  const branches = (schema.anyOf ?? schema.oneOf) as JsonObject[] | undefined;
  if (branches) return ofBranches(branches, root, name, depth);
  const type = [schema.type].flat().find((each) => each !== 'null') ?? 'null';
  if (type === 'object') return ofObject(schema, root, depth);
  if (type === 'array') return ofArray(schema, root, name, depth);
  if (type === 'string') return ofText(schema, name);
  if (type === 'integer' || type === 'number') return Math.max(Number(schema.minimum ?? 1), Math.min(1, Number(schema.maximum ?? 1)));
  return type === 'boolean' ? true : null;
}

function resolved(ref: string, root: JsonObject): JsonObject {
  const path = ref.replace(/^#\/?/, '').split('/').filter(Boolean);
  return path.reduce<JsonObject>((at, part) => at[part.replaceAll('~1', '/').replaceAll('~0', '~')] as JsonObject, root);
}

/** Deep down what may be null is null, so that what holds itself comes to an end. */
function ofBranches(branches: JsonObject[], root: JsonObject, name: string, depth: number): Json {
  const isNull = ({ type }: JsonObject) => type === 'null';
  if (depth > DEPTH && branches.some(isNull)) return null;
  const first = branches.find((branch) => !isNull(branch));
  return first ? sample(first, root, name, depth + 1) : null;
}

function ofObject({ properties = {}, required = [] }: JsonObject, root: JsonObject, depth: number): JsonObject {
  const wanted = Object.entries(properties as Record<string, JsonObject>).filter(
    ([name]) => depth <= DEPTH || (required as string[]).includes(name),
  );
  return Object.fromEntries(wanted.map(([name, schema]) => [name, sample(schema, root, name, depth + 1)]));
}

function ofArray({ items, prefixItems, minItems = 0 }: JsonObject, root: JsonObject, name: string, depth: number): Json[] {
  if (Array.isArray(prefixItems)) return prefixItems.map((item) => sample(item as JsonObject, root, name, depth + 1));
  const many = Math.max(Number(minItems), depth > DEPTH || !items ? 0 : 1);
  return Array.from({ length: many }, () => sample(items as JsonObject, root, name, depth + 1));
}

function ofText(schema: JsonObject, name: string): string {
  const format = formats[String(schema.format)];
  if (format) return format;
  const candidates = [usual[name], ...texts].filter((each): each is string => typeof each === 'string');
  return candidates.find((text) => suits(text, schema)) ?? 'text';
}

const suits = (text: string, { pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: JsonObject) =>
  text.length >= Number(minLength) && text.length <= Number(maxLength) && (!pattern || new RegExp(String(pattern), 'u').test(text));
