import { asSchema, breakingSchemas, namesIn, resolved } from './docs-breaking-schemas.js';
import type { Json, JsonObject } from './openapi-schemas.js';

/** What others rely on: messages by their contracts, routes by the OpenAPI document. */
export interface Published {
  contracts: JsonObject;
  openapi: JsonObject;
}

/** What breaks somebody who relies on what was published before, one sentence each; additions pass. */
export function breaking(before: Published, after: Published): string[] {
  return [...messages(before.contracts, after.contracts), ...routes(before.openapi, after.openapi)];
}

function messages(before: JsonObject, after: JsonObject): string[] {
  const placed = (schema: Json | undefined, document: JsonObject) => ({ schema, document });
  return [
    ...each(before.commands, after.commands, (type, was, is) => [
      ...(was.creates === is.creates ? [] : [`${type} does not begin as it did: ${was.creates} is ${is.creates} now`]),
      ...breakingSchemas(placed(was.data, before), placed(is.data, after), 'input', `${type} data`),
      ...breakingSchemas(placed(was.answer, before), placed(is.answer, after), 'output', `${type} answer`),
    ]),
    ...each(before.facts, after.facts, (type, was, is) =>
      breakingSchemas(placed(was, before), placed(is, after), 'output', `${type} data`),
    ),
    ...each(before.views, after.views, (name, was, is) =>
      breakingSchemas(placed(was, before), placed(is, after), 'output', `view of ${name}`),
    ),
  ];
}

function routes(before: JsonObject, after: JsonObject): string[] {
  return each(operationsOf(before), operationsOf(after), (name, was, is) => [
    ...(was.operationId === is.operationId ? [] : [`${name} was called ${was.operationId} and is called ${is.operationId} now`]),
    ...(isOpen(was) && !isOpen(is) ? [`${name} is no longer public`] : []),
    ...parameters(name, parametersOf(was, before), parametersOf(is, after), before, after),
    ...body(name, was, is, before, after),
    ...answers(name, answersOf(was, before), answersOf(is, after), before, after),
    ...codes(name, answersOf(was, before), answersOf(is, after)),
  ]);
}

type Compare = (name: string, was: JsonObject, is: JsonObject) => string[];

/** All that were, each with what it is now; what is gone breaks. */
const each = (before: Json | undefined, after: Json | undefined, compare: Compare): string[] =>
  Object.entries(asSchema(before)).flatMap(([name, was]) => {
    const is = asSchema(after)[name];
    return is === undefined ? [`${name} is gone`] : compare(name, asSchema(was), asSchema(is));
  });

const operationsOf = (document: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(asSchema(document.paths)).flatMap(([path, operations]) =>
      Object.entries(asSchema(operations)).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation]),
    ),
  );

const isOpen = ({ security }: JsonObject) => Array.isArray(security) && security.some((way) => Object.keys(asSchema(way)).length === 0);

const direct = (value: Json | undefined, document: JsonObject): JsonObject => {
  const given = asSchema(value);
  return typeof given.$ref === 'string' ? resolved(given.$ref, document) : given;
};

const parametersOf = ({ parameters = [] }: JsonObject, document: JsonObject): JsonObject =>
  Object.fromEntries((parameters as Json[]).map((each) => direct(each, document)).map((each) => [`${each.in} ${each.name}`, each]));

function parameters(at: string, was: JsonObject, is: JsonObject, before: JsonObject, after: JsonObject): string[] {
  const kept = each(was, is, (name, then, now) => [
    ...(now.required === true && then.required !== true ? [`${name} is required now`] : []),
    ...breakingSchemas({ schema: then.schema, document: before }, { schema: now.schema, document: after }, 'input', name),
  ]);
  const added = Object.entries(is).filter(([name, now]) => !(name in was) && asSchema(now).required === true);
  return [...kept, ...added.map(([name]) => `${name} is required now`)].map((found) => `${at}: ${found}`);
}

function body(at: string, was: JsonObject, is: JsonObject, before: JsonObject, after: JsonObject): string[] {
  const [then, now] = [asSchema(was.requestBody), asSchema(is.requestBody)];
  if (!was.requestBody) return now.required === true ? [`${at}: a body is required now`] : [];
  return each(then.content, now.content, (type, { schema: old }, { schema }) =>
    breakingSchemas({ schema: old, document: before }, { schema, document: after }, 'input', type),
  ).map((found) => `${at}: ${found}`);
}

const answersOf = ({ responses }: JsonObject, document: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(asSchema(responses)).map(([status, response]) => [status, direct(response, document)]));

const succeeded = (answers: JsonObject) => Object.fromEntries(Object.entries(answers).filter(([status]) => status < '400'));

function answers(at: string, was: JsonObject, is: JsonObject, before: JsonObject, after: JsonObject): string[] {
  return each(succeeded(was), succeeded(is), (status, then, now) => [
    ...each(then.headers, now.headers, () => []).map((found) => `${status} header ${found}`),
    ...each(then.content, now.content, (type, { schema: old }, { schema }) =>
      breakingSchemas({ schema: old, document: before }, { schema, document: after }, 'output', type),
    ).map((found) => `${status} ${found}`),
  ]).map((found) => `${at}: ${found}`);
}

/** A stable code stays, and stays with its status. */
function codes(at: string, was: JsonObject, is: JsonObject): string[] {
  const now = codesIn(is);
  return codesIn(was)
    .filter((code) => !now.includes(code))
    .map((code) => `${at}: the code ${code} is gone`);
}

const codesIn = (answers: JsonObject): string[] =>
  Object.entries(answers).flatMap(([status, response]) => {
    const problem = asSchema(asSchema(asSchema(response).content)['application/problem+json']);
    const [, narrowed] = (asSchema(problem.schema).allOf as Json[] | undefined) ?? [];
    return namesIn(asSchema(asSchema(asSchema(narrowed).properties).code).enum).map((code) => `${status} ${code}`);
  });
