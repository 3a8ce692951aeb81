import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { ZodType } from 'zod';
import { visibility } from '#libs/domain/visibility';
import { examples } from './openapi-examples.js';
import { headerRefs, headers, parameters, parametersOf } from './openapi-parameters.js';
import { problemResponses, sharedResponses } from './openapi-problems.js';
import { isToken, type Route, routesOf } from './openapi-routes.js';
import { Components, type Json, type JsonObject } from './openapi-schemas.js';
import { texts } from './openapi-texts.js';
import { PAGE } from './people-page.js';
import { resources } from './resources.js';
import { ProblemBody } from './returns.js';
import { shown } from './shown.js';

export const VERSION = '0.1.0';

const about = `The back office of European cluster partnerships (ESCP-4i, ESCP-4x) and of ClusterXchange, for partner systems.

- **Who asks**: \`Authorization: Bearer …\` with an API key, an access token of \`/v1/oauth/token\`, or a token of a configured OpenID issuer. What is public is answered without.
- **Writes** wait for their service up to \`Prefer: wait\` seconds; then they are answered 202 with an operation, and are carried out all the same.
- **Repeating** is safe with an \`Idempotency-Key\`: one effect, the same answer.
- **Reading** is safe with \`ETag\` and \`If-None-Match\`; after a write is answered, every read shows it or something newer.
- **Problems** are \`application/problem+json\` (RFC 9457) with a stable \`code\`; each kind has [a page](/docs/problems).
- **Facts** come by webhook as CloudEvents, signed per Standard Webhooks; see \`/asyncapi.json\`.
- Unknown fields in a body and unknown parameters are refused; answers may gain fields, so ignore those you do not know.`;

const tags: [name: string, description: string][] = [
  ['Membership', 'Partnerships, clusters, memberships, and the import that records them.'],
  ['Events', 'Planned events of partnerships.'],
  ['Notifications', 'Subscriptions to facts, and their deliveries.'],
  ['Worker', 'Reminders and reports.'],
  ['Identity', 'Keys of people and partner systems.'],
  ['Platform', 'Vocabularies, event types, operations, and who one is.'],
];

const base = () => {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Clusterbridge')
    .setDescription(about)
    .setVersion(VERSION)
    .setLicense('EUPL-1.2', 'https://interoperable-europe.ec.europa.eu/collection/eupl/eupl-text-eupl-12')
    .addServer('/')
    .addBearerAuth(
      {
        type: 'http',
        description: 'Access token, or API key: `cb_live_…`, or `cb_test_…` with embedded engines. The scope of each operation is listed.',
      },
      'bearer',
    )
    .addBasicAuth(
      { type: 'http', scheme: 'basic', description: 'Id and secret of a client; or as client_id and client_secret in the form.' },
      'client',
    )
    .addApiKey({ type: 'apiKey', in: 'query', name: 'token', description: 'A calendar token, as part of an address.' }, 'link');
  for (const [name, description] of tags) builder.addTag(name, description);
  return builder.build();
};

interface Document {
  paths: Record<string, Record<string, JsonObject>>;
  components: Record<string, JsonObject>;
}

/** The document of the API: what Nest finds by the decorators, completed by what all routes share. */
export function openApi(app: NestFastifyApplication): JsonObject {
  const components = new Components('draft-2020-12', absentIn);
  const slots: JsonObject[] = [];
  const found = SwaggerModule.createDocument(app, base(), {
    operationIdFactory: (controller, method) => `${controller}.${method}`,
    autoTagControllers: false,
    // Filled in at the end: what is read and what is written are named when both are known.
    standardSchemaConverter: (schema, { schemaType }) => ({
      schema: { $ref: `${SLOT}${slots.push(components.of(schema as ZodType, schemaType)) - 1}` },
    }),
  }) as unknown as Document & JsonObject;
  components.of(ProblemBody, 'output');
  const routes = new Map(routesOf(app).map((route) => [route.handler, route]));
  const paths = Object.entries(found.paths).map(([path, operations]) => [path, completed(operations, routes)] as const);
  const filled = filledIn(Object.fromEntries(paths.sort(([a], [b]) => (a < b ? -1 : 1))), slots);
  const { document, schemas } = components.settle(filled);
  const shared = sharedResponses(document as Record<string, Record<string, JsonObject>>);
  const { info, servers, tags, components: described } = found;
  const securitySchemes = described.securitySchemes!;
  return {
    openapi: '3.1.0',
    info: info!,
    servers: servers!,
    tags: tags!,
    paths: document,
    components: { schemas: withExamples(schemas), parameters, headers, responses: shared, securitySchemes },
  };
}

const completed = (operations: Record<string, JsonObject>, routes: Map<string, Route>): JsonObject =>
  Object.fromEntries(
    Object.entries(operations).map(([method, found]) => [method, operation(found, routes.get(String(found.operationId)) as Route)]),
  );

function operation(found: JsonObject, route: Route): JsonObject {
  const { operationId, summary, policy, answers } = route;
  const scope = `${policy.resource}:${policy.access === 'READ' ? 'read' : 'write'}`;
  const bearer = { bearer: policy.own ? [] : [scope] };
  const { requestBody } = found as { requestBody?: JsonObject };
  const description = [texts[operationId], standing(policy)].filter(Boolean).join(' ');
  return {
    operationId,
    summary,
    tags: found.tags!,
    ...(description ? { description } : {}),
    parameters: parametersOf(route, found.parameters as JsonObject[]),
    ...(requestBody ? { requestBody: bodyOf(requestBody, route) } : {}),
    responses: asPages(route, {
      ...problemResponses(route),
      ...answersOf(found.responses as Record<string, JsonObject>, answers.write, route),
    }),
    security: isToken(route) ? [{ client: [] }, {}] : [...(policy.public ? [{}] : []), ...(policy.linked ? [{ link: [] }] : []), bearer],
  };
}

/** What is no JSON is told as its route says. */
const AS_SAID = ['application/x-www-form-urlencoded', 'application/octet-stream'];

const standing = ({ access, public: open }: Route['policy']) =>
  access === 'ADMIN' ? 'For the platform administrator.' : open ? 'Public; more is shown to who may see more.' : '';

/** Where people ask for a page, whatever is answered is one. */
const asPages = ({ policy }: Route, responses: JsonObject): JsonObject =>
  policy.people
    ? Object.fromEntries(
        Object.entries(responses as Record<string, JsonObject>).map(([status, response]) => [
          status,
          response.content
            ? { ...response, content: { ...(response.content as JsonObject), [PAGE]: { schema: { type: 'string' } } } }
            : response,
        ]),
      )
    : responses;

const file = { schema: { type: 'string', format: 'binary' } };
const filesOf = (types: readonly string[]): JsonObject => Object.fromEntries(types.map((type) => [type, file]));

function bodyOf({ content }: JsonObject, { method, bodyOptional, takes, policy }: Route): JsonObject {
  const [body] = Object.values(content as Record<string, JsonObject>);
  if (content && AS_SAID.some((type) => type in (content as object))) return { required: true, content: content! };
  const types = [
    ...(method === 'patch' ? ['application/merge-patch+json'] : []),
    'application/json',
    ...(policy.people ? ['application/x-www-form-urlencoded'] : []),
  ];
  return { required: !bodyOptional, content: { ...Object.fromEntries(types.map((type) => [type, body!])), ...filesOf(takes) } };
}

/** The same schema for every form: it tells what is answered, and clients that read JSON keep their types. */
const inForms = ({ content, description }: JsonObject, types: readonly string[]): JsonObject => {
  const [schema = {}] = Object.values(content as JsonObject);
  const forms = Object.fromEntries(types.map((type) => [type, schema]));
  return {
    content: { ...(content as JsonObject), ...forms },
    description: `${description} As ${types.join(' or ')}: its rows as a table.`,
  };
};

function answersOf(
  responses: Record<string, JsonObject>,
  write: boolean,
  { list, method, path, tagged, answers, forms }: Route,
): JsonObject {
  const told = Object.entries(responses).map(([status, response]) => {
    const names: [string, string][] = [['traceparent', 'Traceparent']];
    if (write && (status === '201' || status === '202')) names.push(['Location', 'Location']);
    if (write) names.push(['Idempotent-Replayed', 'IdempotentReplayed']);
    if (tagged) names.push(['ETag', 'ETag'], ['Vary', 'Vary']);
    names.push(['RateLimit', 'RateLimit'], ['RateLimit-Policy', 'RateLimitPolicy']);
    if (list) names.push(['Link', 'Link']);
    const also = status === String(answers.status) && forms.length > 0 ? inForms(response, forms) : {};
    return [status, { ...response, ...also, headers: headerRefs(...names) }] as const;
  });
  const unchanged = { description: 'Still as the ETag says.', headers: headerRefs(['traceparent', 'Traceparent'], ['ETag', 'ETag']) };
  const moved = {
    description: 'It has another address by now.',
    headers: headerRefs(['traceparent', 'Traceparent'], ['Location', 'Location']),
    content: { 'application/json': { schema: { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] } } },
  };
  if (tagged) told.push(['304', unchanged]);
  if (method === 'get' && LEADING_ON.some((resource) => path.startsWith(`/v1/${resource}/{id}`))) told.push(['308', moved]);
  return Object.fromEntries(told.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Resources whose records may come to have another slug, or to be merged into one of another id. */
const LEADING_ON = ['partnerships', 'organisations', 'clusters'];

const SLOT = 'slot:';

function filledIn(value: Json, slots: readonly JsonObject[]): Json {
  if (Array.isArray(value)) return value.map((each) => filledIn(each, slots));
  if (value === null || typeof value !== 'object') return value;
  if (typeof value.$ref === 'string' && value.$ref.startsWith(SLOT)) return slots[Number(value.$ref.slice(SLOT.length))]!;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filledIn(each, slots)]));
}

const withExamples = (schemas: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      examples[name] ? { ...(schema as JsonObject), examples: [examples[name]] } : schema!,
    ]),
  );

/** Fields that a reader without the rights is not told at all. */
const hidden = new Map<unknown, string[]>(
  Object.entries(resources).map(([name, { contract }]) => [shown[name] ?? contract.view, Object.keys(visibility[name]?.hidden ?? {})]),
);
const absentIn = (schema: unknown) => hidden.get(schema) ?? [];
