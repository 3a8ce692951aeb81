import type { Direction, Json, JsonObject } from './openapi-schemas.js';

/** A schema with the document its references lead into. */
export interface Placed {
  schema: Json | undefined;
  document: JsonObject;
}

/** What breaks whoever relies on the schema of before: who sends it (input) or who reads it (output). Each names its place. */
export function breakingSchemas(before: Placed, after: Placed, direction: Direction, at: string): string[] {
  return new Comparison(before.document, after.document, direction).compare(before.schema, after.schema, at);
}

const LIMITS = { maxLength: 1, maxItems: 1, maximum: 1, maxProperties: 1, minLength: -1, minItems: -1, minimum: -1, minProperties: -1 };

class Comparison {
  constructor(
    private readonly before: JsonObject,
    private readonly after: JsonObject,
    private readonly direction: Direction,
    /** A component is looked at once, however often it is referred to. */
    private readonly seen = new Set<string>(),
  ) {}

  compare(before: Json | undefined, after: Json | undefined, at: string): string[] {
    const was = asSchema(before);
    const is = asSchema(after);
    if (typeof was.$ref === 'string' && typeof is.$ref === 'string') {
      const pair = `${was.$ref} ${is.$ref}`;
      if (this.seen.has(pair)) return [];
      this.seen.add(pair);
    }
    const [then, now] = [alternatives(was, this.before), alternatives(is, this.after)];
    return then.length === 1 && now.length === 1 ? this.single(then[0]!, now[0]!, at) : this.choice(then, now, at);
  }

  /** Whatever was sent must still be taken; whatever is answered must be something that was. */
  private choice(then: JsonObject[], now: JsonObject[], at: string): string[] {
    const input = this.direction === 'input';
    const [given, accepting] = input ? [then, now] : [now, then];
    return given.flatMap((each) => {
      const pairs = accepting.map((other) => this.apart().pair(each, other, at));
      const best = pairs.filter((_, i) => typeOf(accepting[i]!) === typeOf(each)).sort((a, b) => a.length - b.length)[0];
      if (pairs.some((found) => found.length === 0)) return [];
      return best ?? [input ? `${at} no longer takes ${typeOf(each)}` : `${at} may now be ${typeOf(each)}`];
    });
  }

  /** Trying one alternative leaves no trace for the others. */
  private apart(): Comparison {
    return new Comparison(this.before, this.after, this.direction, new Set(this.seen));
  }

  private pair(given: JsonObject, accepting: JsonObject, at: string): string[] {
    return this.direction === 'input' ? this.single(given, accepting, at) : this.single(accepting, given, at);
  }

  private single(was: JsonObject, is: JsonObject, at: string): string[] {
    const type = this.type(was, is, at);
    if (type.length > 0) return type;
    return [...this.values(was, is, at), ...this.form(was, is, at), ...this.fields(was, is, at), ...this.entries(was, is, at)];
  }

  private type(was: JsonObject, is: JsonObject, at: string): string[] {
    const [wider, narrower] = this.direction === 'input' ? [is.type, was.type] : [was.type, is.type];
    const fits = wider === undefined || wider === narrower || (wider === 'number' && narrower === 'integer');
    return fits ? [] : [`${at} was ${typeOf(was)} and is ${typeOf(is)} now`];
  }

  private values(was: JsonObject, is: JsonObject, at: string): string[] {
    const [then, now] = [valuesOf(was), valuesOf(is)];
    if (this.direction === 'output') return then && !now ? [`${at} is no longer one of ${then.join(', ')}`] : [];
    if (!now) return [];
    if (!then) return [`${at} takes only ${now.join(', ')} now`];
    return then.filter((value) => !now.includes(value)).map((value) => `${at} no longer takes ${value}`);
  }

  private form(was: JsonObject, is: JsonObject, at: string): string[] {
    if (this.direction === 'output')
      return was.format !== undefined && was.format !== is.format ? [`${at} has lost its format ${was.format}`] : [];
    const texts = (['pattern', 'format'] as const).flatMap((name) =>
      is[name] !== undefined && is[name] !== was[name] ? [`${at} has the ${name} ${is[name]} now`] : [],
    );
    const limits = Object.entries(LIMITS).flatMap(([name, sign]) => {
      const [then, now] = [was[name] as number | undefined, is[name] as number | undefined];
      const narrower = now !== undefined && (then === undefined ? !(sign === -1 && now === 0) : (now - then) * sign < 0);
      return narrower ? [`${at} has ${name} ${now} now${then === undefined ? '' : `, not ${then}`}`] : [];
    });
    return [...texts, ...limits];
  }

  private fields(was: JsonObject, is: JsonObject, at: string): string[] {
    const [then, now] = [asSchema(was.properties), asSchema(is.properties)];
    const [needed, needs] = [namesIn(was.required), namesIn(is.required)];
    const kept = Object.keys(then).flatMap((name) => {
      const field = `${at}/${name}`;
      return name in now ? this.compare(then[name], now[name], field) : [`${field} is gone`];
    });
    const input = this.direction === 'input';
    const asked = input ? needs.filter((name) => !needed.includes(name)).map((name) => `${at}/${name} is required now`) : [];
    const missing = input
      ? []
      : needed.filter((name) => name in now && !needs.includes(name)).map((name) => `${at}/${name} is no longer always there`);
    const closed = input && is.additionalProperties === false && was.additionalProperties !== false && was.type === 'object';
    return [...kept, ...asked, ...missing, ...(closed ? [`${at} refuses unknown fields now`] : [])];
  }

  private entries(was: JsonObject, is: JsonObject, at: string): string[] {
    const open = ({ additionalProperties: each }: JsonObject) => (each !== null && typeof each === 'object' ? each : undefined);
    return [
      ...this.ifStated(open(was), open(is), `${at}/*`),
      ...this.ifStated(was.propertyNames, is.propertyNames, `${at}/* as a name`),
      ...this.ifStated(was.items, is.items, `${at}/0`),
    ];
  }

  private ifStated(was: Json | undefined, is: Json | undefined, at: string): string[] {
    return was === undefined && is === undefined ? [] : this.compare(was, is, at);
  }
}

export const asSchema = (value: Json | undefined): JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
export const namesIn = (value: Json | undefined): string[] => (Array.isArray(value) ? value.map(String) : []);
const typeOf = (schema: JsonObject) => (schema.type === undefined ? 'anything' : String(schema.type));

function valuesOf(schema: JsonObject): string[] | null {
  if (schema.const !== undefined) return [String(schema.const)];
  return Array.isArray(schema.enum) ? schema.enum.map(String) : null;
}

/** One schema for each type it may be of. */
function alternatives(schema: JsonObject, document: JsonObject): JsonObject[] {
  if (typeof schema.$ref === 'string') return alternatives(resolved(schema.$ref, document), document);
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return choices.flatMap((each) => alternatives(asSchema(each), document));
  if (Array.isArray(schema.type)) return schema.type.map((type) => (type === 'null' ? { type } : { ...schema, type }));
  return [schema];
}

export const resolved = (ref: string, document: JsonObject): JsonObject =>
  ref
    .slice(2)
    .split('/')
    .reduce((place, name) => asSchema(place[name]), document);
