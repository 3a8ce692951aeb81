import type { Body } from './running-house.js';

/** An operation of the OpenAPI document, with what it says of who may call it. */
export interface Operation {
  id: string;
  method: string;
  path: string;
  /** Somebody without a token may call it. */
  isPublic: boolean;
  /** null: none is needed. */
  scope: string | null;
  isAdmins: boolean;
  isWrite: boolean;
  /** Parameters of the query that it needs, each with a value that has its shape. */
  needs: Record<string, string>;
  /** It answers with pages. */
  isPaged: boolean;
  /** It answers for as long as one listens. */
  streams: boolean;
  /** An example of what it takes; null when it takes nothing. */
  example: unknown;
  /** Content type of what it takes. */
  media: string;
}

export function operationsIn(document: Body): Operation[] {
  return Object.entries(document.paths as Record<string, Record<string, Body>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, found]) => operationOf(document, path, method, found)),
  );
}

function operationOf(document: Body, path: string, method: string, found: Body): Operation {
  const security = found.security as Record<string, string[]>[];
  const content = (resolved(document, found.requestBody)?.content ?? {}) as Record<string, Body>;
  const [[media, taken] = ['application/json', null]] = Object.entries(content);
  return {
    id: found.operationId,
    method,
    path,
    isPublic: security.some((way) => Object.keys(way).length === 0),
    scope: security.flatMap(({ bearer = [] }) => bearer)[0] ?? null,
    isAdmins: JSON.stringify(resolved(document, found.responses['403']) ?? {}).includes('"AUTH.ROLE"'),
    isWrite: method !== 'get' && JSON.stringify(found.parameters).includes('parameters/IdempotencyKey'),
    needs: Object.fromEntries(
      (found.parameters as Body[])
        .map((each) => resolved(document, each))
        .filter((each) => each.in === 'query' && each.required)
        .map(({ name, schema }) => [name, String(exampleOf(document, schema))]),
    ),
    isPaged: JSON.stringify(found.parameters).includes('parameters/Cursor'),
    streams: JSON.stringify(found.responses['200'] ?? {}).includes('text/event-stream'),
    example: taken ? exampleOf(document, taken.schema) : null,
    media,
  };
}

function resolved(document: Body, value: Body): Body {
  const ref = value?.$ref as string | undefined;
  if (!ref) return value;
  const target = ref
    .slice(2)
    .split('/')
    .reduce((node: Body, part) => node[part.replaceAll('~1', '/').replaceAll('~0', '~')], document);
  return resolved(document, target);
}

/** The schema's own example, else the least that has its shape. */
function exampleOf(document: Body, given: Body): unknown {
  const schema = resolved(document, given) ?? {};
  if (schema.examples) return schema.examples[0];
  if ('example' in schema) return schema.example;
  if ('default' in schema) return schema.default;
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  const alternative = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (alternative) return exampleOf(document, alternative[0]);
  if (schema.type === 'object') {
    const required = (schema.required ?? []) as string[];
    return Object.fromEntries(required.map((name) => [name, exampleOf(document, schema.properties[name])]));
  }
  if (schema.type === 'array') return Array.from({ length: schema.minItems ?? 0 }, () => exampleOf(document, schema.items));
  return (
    plain[schema.format] ??
    { integer: schema.minimum ?? 1, number: schema.minimum ?? 1, boolean: false, string: 'x'.repeat(schema.minLength ?? 1) }[
      schema.type as string
    ] ??
    null
  );
}

const plain: Record<string, string> = {
  uuid: '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f',
  date: '2018-09-12',
  'date-time': '2018-09-12T00:00:00Z',
  uri: 'https://partner.example/',
  email: 'partner@example.org',
};
