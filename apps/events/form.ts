import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import type { Fault } from '#libs/domain/verdict';

/** The form of an event, ready to look at answers. */
export interface Form {
  version: number;
  /** Where answers break it, as places in what was sent; none: they fit. */
  faultsOf(answers: Record<string, unknown>): Fault[];
}

const LARGEST = 64_000;
const DEEPEST = 12;
const MOST_FAULTS = 50;
const COMPILED = 200;
/** References lead nowhere but within the schema; what leads elsewhere, or makes up its own dialect, is not taken. */
const ELSEWHERE = new Set(['$id', '$schema', '$dynamicRef', '$dynamicAnchor', '$anchor', '$vocabulary']);
const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
/** A pattern is run on what strangers send: those with a repeated repetition may take for ever. */
const PATTERN_LONGEST = 200;
const NESTED_REPETITION = /\([^)]*[+*}][^)]*\)\s*[+*{]/;

const addFormats = addFormatsModule as unknown as (ajv: Ajv2020) => void;

function newAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    allowUnionTypes: true,
    ownProperties: true,
  });
  addFormats(ajv);
  return ajv;
}

/** What is wrong with a schema as the form of an event: places in it. */
export function faultsOfSchema(schema: Record<string, unknown>, at = '/form'): Fault[] {
  if (JSON.stringify(schema).length > LARGEST) return [{ pointer: at, message: `at most ${LARGEST} characters` }];
  const faults = walk(schema, at, 0);
  if (schema.type !== 'object') faults.push({ pointer: `${at}/type`, message: 'a form is an object' });
  if (faults.length > 0) return faults.slice(0, MOST_FAULTS);
  try {
    newAjv().compile(schema);
    return [];
  } catch (error) {
    return [{ pointer: at, message: (error as Error).message.slice(0, 300) }];
  }
}

function walk(part: unknown, at: string, depth: number): Fault[] {
  if (typeof part !== 'object' || part === null) return [];
  if (depth > DEEPEST) return [{ pointer: at, message: `nests deeper than ${DEEPEST}` }];
  return Object.entries(part).flatMap(([name, value]) => {
    const pointer = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const fault = faultOf(name, value);
    return fault ? [{ pointer, message: fault }] : walk(value, pointer, depth + 1);
  });
}

function faultOf(name: string, value: unknown): string | null {
  if (name === '$schema' && value === DIALECT) return null;
  if (ELSEWHERE.has(name) && typeof value === 'string') return 'a form stands for itself, in draft 2020-12';
  if (name === '$ref' && typeof value === 'string' && !value.startsWith('#')) return 'references lead within the form';
  if (name === 'pattern' && typeof value === 'string' && (value.length > PATTERN_LONGEST || NESTED_REPETITION.test(value)))
    return `a pattern has at most ${PATTERN_LONGEST} characters and no repetition within a repetition`;
  return null;
}

const compiled = new Map<string, ValidateFunction>();

/** The form in this version; compiled once. `key` names event and version. */
export function formOf(key: string, { version, schema }: { version: number; schema: Record<string, unknown> }): Form {
  const validate = compiled.get(key) ?? newAjv().compile(schema);
  compiled.set(key, validate);
  if (compiled.size > COMPILED) compiled.delete(compiled.keys().next().value as string);
  return {
    version,
    faultsOf: (answers) => (validate(answers) ? [] : (validate.errors ?? []).slice(0, MOST_FAULTS).map(faultIn)),
  };
}

/** At the field that is missing or not known, where it is about one. */
function faultIn({ instancePath, params, message = 'breaks the form' }: ErrorObject): Fault {
  const { missingProperty, additionalProperty, unevaluatedProperty } = params as Record<string, string | undefined>;
  const field = missingProperty ?? additionalProperty ?? unevaluatedProperty;
  const below = field === undefined ? '' : `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return { pointer: `/answers${instancePath}${below}`, message };
}
