import { z } from 'zod';

export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };
export type Direction = 'input' | 'output';
type Dialect = 'draft-2020-12' | 'draft-7';

const REF = '#/components/schemas/';
/** Marks what is written until both forms of a schema are known to be one. */
const WRITTEN = '?written';
const UNBOUND = Number.MAX_SAFE_INTEGER;

/** One contract may read otherwise than it is written (defaults, strictness); where both forms are the same they share a component. */
export class Components {
  private readonly known: Record<Direction, Map<string, JsonObject>> = { input: new Map(), output: new Map() };

  constructor(
    private readonly dialect: Dialect = 'draft-2020-12',
    private readonly absent: (schema: z.core.$ZodType) => readonly string[] = () => [],
  ) {}

  /** The schema, or the reference to its component. */
  of(schema: z.ZodType, direction: Direction): JsonObject {
    const {
      properties,
      $defs,
      definitions = $defs ?? {},
    } = z.toJSONSchema(z.object({ root: schema }), {
      target: this.dialect,
      io: direction,
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => this.clean(zodSchema, jsonSchema as JsonObject, direction),
    }) as unknown as { properties: { root: JsonObject }; $defs?: Record<string, JsonObject>; definitions?: Record<string, JsonObject> };
    for (const [name, definition] of Object.entries(definitions))
      this.known[direction].set(name, this.marked(definition, direction) as JsonObject);
    return this.marked(properties.root, direction) as JsonObject;
  }

  private clean(zodSchema: z.core.$ZodType, schema: JsonObject, direction: Direction): void {
    if (schema.minimum === -UNBOUND) delete schema.minimum;
    if (schema.maximum === UNBOUND) delete schema.maximum;
    // The format says it, and the expression behind it nobody can read.
    if (schema.format === 'uuid' || schema.format === 'date') delete schema.pattern;
    if (schema.format === 'date-time') schema.pattern = 'Z$';
    if (schema.example !== undefined) {
      schema.examples = [schema.example];
      delete schema.example;
    }
    delete schema.id;
    if (direction === 'output') this.open(zodSchema, schema);
    nullable(schema);
  }

  /** What is told may hold more one day, and less for who may not see all of it. */
  private open(zodSchema: z.core.$ZodType, schema: JsonObject): void {
    if (schema.additionalProperties === false) delete schema.additionalProperties;
    const absent = this.absent(zodSchema);
    if (absent.length > 0 && Array.isArray(schema.required))
      schema.required = schema.required.filter((name) => !absent.includes(String(name)));
  }

  private marked(value: Json, direction: Direction): Json {
    const mark = direction === 'input' ? WRITTEN : '';
    return withRefs(value, (ref) => REF + ref.replace(/^#\/(\$defs|definitions)\//, '') + mark);
  }

  /** All components by name, and what refers to them under their last names. */
  settle<T>(document: T): { document: T; schemas: JsonObject } {
    const names = this.names();
    const renamed = <V>(value: V): V =>
      withRefs(value as Json, (ref) => {
        if (!ref.startsWith(REF)) return ref;
        const name = ref.slice(REF.length);
        return REF + (name.endsWith(WRITTEN) ? names.get(name.slice(0, -WRITTEN.length)) : name);
      }) as V;
    const { input, output } = this.known;
    const all = [...output, ...[...input].map(([name, schema]) => [names.get(name)!, schema] as const)];
    const schemas = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, schema]) => [name, renamed(schema)]));
    return { document: renamed(document), schemas };
  }

  /** The last names of what is written: its own, unless it is read in another form. */
  private names(): Map<string, string> {
    const { input, output } = this.known;
    const same = new Set([...input.keys()].filter((name) => output.has(name)));
    const form = (schema: JsonObject | undefined) =>
      JSON.stringify(
        withRefs(schema ?? null, (ref) => {
          const name = ref.slice(REF.length).replace(WRITTEN, '');
          return same.has(name) ? REF + name : ref;
        }),
      );
    for (let size = -1; size !== same.size; ) {
      size = same.size;
      for (const name of same) if (form(input.get(name)) !== form(output.get(name))) same.delete(name);
    }
    return new Map([...input.keys()].map((name) => [name, output.has(name) && !same.has(name) ? `${name}Input` : name]));
  }
}

/** `anyOf` of one type and null is that type or null. */
function nullable(schema: JsonObject): void {
  if (!Array.isArray(schema.anyOf) || schema.anyOf.length !== 2) return;
  const [value, none] = schema.anyOf as [JsonObject, JsonObject];
  if (none.type !== 'null' || typeof value.type !== 'string' || value.enum || value.const !== undefined) return;
  const { type, ...rest } = value;
  const { anyOf: _, ...said } = schema;
  for (const key of Object.keys(schema)) delete schema[key];
  Object.assign(schema, { type: [type, 'null'] }, rest, said);
}

function withRefs(value: Json, rename: (ref: string) => string): Json {
  if (Array.isArray(value)) return value.map((each) => withRefs(each, rename));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, key === '$ref' && typeof each === 'string' ? rename(each) : withRefs(each, rename)]),
  );
}
