import { beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { codes } from './codes.js';
import { documentedApp } from './docs-app.js';
import { openApi } from './openapi.js';
import { examples } from './openapi-examples.js';
import { namesOf } from './openapi-routes.js';
import type { Json, JsonObject } from './openapi-schemas.js';
import { texts } from './openapi-texts.js';

interface Parameter {
  name?: string;
  in?: string;
  $ref?: string;
}
interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  parameters: Parameter[];
  requestBody?: { required: boolean; content: JsonObject };
  responses: Record<string, JsonObject>;
  security: JsonObject[];
}

let document: JsonObject;
let operations: [method: string, path: string, operation: Operation][];
const operation = (id: string) => operations.find(([, , { operationId }]) => operationId === id)![2];
/** What is shared by operations stands among the components. */
const codesAt = ({ responses }: Operation, status: string) => {
  const name = String(responses[status]!.$ref ?? '')
    .split('/')
    .at(-1)!;
  const shared = (document.components as Record<string, JsonObject>).responses!;
  return JSON.stringify(shared[name] ?? responses[status]);
};
const named = ({ parameters }: Operation) => parameters.map(({ name, $ref = '' }) => name ?? $ref.split('/').at(-1));

beforeAll(async () => {
  document = openApi(await documentedApp());
  operations = Object.entries(document.paths as unknown as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, each]): [string, string, Operation] => [method, path, each]),
  );
});

describe('The OpenAPI document', () => {
  it('names each operation once, and by its path', () => {
    const ids = operations.map(([, , { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(['listPartnerships', 'getPartnership', 'pauseSubscription', 'listSubscriptionDeliveries']));
  });

  it('has a text only for operations there are', () => {
    expect(Object.keys(texts).filter((id) => !operations.some(([, , { operationId }]) => operationId === id))).toEqual([]);
  });

  it('says of each operation whose it is, and with which scope', () => {
    const aboutTheCaller = ['getMe', 'getOperation', 'listOperations', 'createToken'];
    for (const [, , { operationId, tags, security, summary }] of operations) {
      expect(tags).toHaveLength(1);
      expect(summary).not.toBe('');
      if (aboutTheCaller.includes(operationId)) continue;
      expect(security.at(-1)).toEqual({ bearer: [expect.stringMatching(/^[a-z-]+:(read|write)$/)] });
    }
    expect(operation('listPartnerships').security).toContainEqual({});
    expect(operation('listSubscriptions').security).not.toContainEqual({});
  });

  it('gives each list its filters and the parameters all lists share', () => {
    expect(named(operation('listPartnerships'))).toEqual(
      expect.arrayContaining(['programme', 'country', 'Q', 'sort', 'Limit', 'Cursor', 'IfNoneMatch']),
    );
    expect(named(operation('listEvents'))).toEqual(expect.arrayContaining(['From', 'To']));
    expect(named(operation('listSubscriptionDeliveries'))).not.toContain('subscription');
  });

  it('gives a list of one order that order and no filter but its own', () => {
    expect(named(operation('listEventHistory'))).toEqual(['id', 'sort', 'Limit', 'Cursor', 'IfNoneMatch', 'Traceparent']);
    expect(named(operation('listOperations'))).toEqual(['state', 'sort', 'Limit', 'Cursor', 'Traceparent']);
    expect(named(operation('listAudit'))).toEqual(expect.arrayContaining(['actor', 'sort', 'Limit', 'Cursor']));
    for (const id of ['listOperations', 'listAudit', 'getAuditExport', 'getAuditVerify'])
      expect(codesAt(operation(id), '400')).toContain('QUERY.MALFORMED');
    const [sort] = operation('listAudit').parameters.filter(({ name }) => name === 'sort');
    expect(sort).toMatchObject({ schema: { enum: ['seq', '-seq'], default: '-seq' } });
  });

  it('speaks of ETags where there are some', () => {
    const tagged = operations.filter(([, , { responses }]) => responses['304']).map(([, , { operationId }]) => operationId);
    for (const [, , each] of operations) {
      const { headers = {} } = (each.responses['200'] ?? {}) as { headers?: JsonObject };
      expect([each.operationId, 'ETag' in headers, named(each).includes('IfNoneMatch')]).toEqual([
        each.operationId,
        ...Array(2).fill(tagged.includes(each.operationId)),
      ]);
    }
    expect(tagged).toEqual(expect.arrayContaining(['listPartnerships', 'getPartnership', 'getReportContent']));
    for (const anew of ['getMe', 'getFeed', 'getFeedStream', 'getSnapshot', 'listOperations']) expect(tagged).not.toContain(anew);
  });

  it('demands a body only where there is no doing without', () => {
    const demanded = (id: string) => operation(id).requestBody!.required;
    expect(demanded('rotateSigningKey')).toBe(false);
    expect(demanded('createClient')).toBe(true);
  });

  it('gives each write its conventions, and asks for If-Match where a change is made', () => {
    for (const [method, , each] of operations.filter(([verb, , { operationId }]) => verb !== 'get' && operationId !== 'createToken'))
      expect(named(each)).toEqual(
        expect.arrayContaining([
          'DryRun',
          'IdempotencyKey',
          'Prefer',
          method === 'patch' || method === 'delete' ? 'IfMatchRequired' : 'IfMatch',
        ]),
      );
    expect(Object.keys(operation('updateEvent').responses)).toEqual(expect.arrayContaining(['412', '428', '422', '202']));
  });

  it('lists the codes a rule of the command may refuse with', () => {
    const refused = JSON.stringify(operation('updateEvent').responses['422']);
    for (const code of [...codes.keys()].filter((each) => /^EVENT\.CHANGE\.(TYPE|WHEN|ZONE)$/.test(each))) expect(refused).toContain(code);
    expect(JSON.stringify(operation('pauseSubscription').responses['409'])).toContain('SUBSCRIPTION.PAUSE.STATE');
  });

  it('has no leftovers of the conversion', () => {
    const text = JSON.stringify(document);
    expect(text).not.toContain(String(Number.MAX_SAFE_INTEGER));
    expect(text).not.toContain('"nullable"');
    expect(text).not.toContain('slot:');
    expect(text).not.toContain('?written');
  });

  it('leaves open what a reader may not be told', () => {
    const { required } = (document.components as { schemas: Record<string, { required: string[] }> }).schemas.PartnershipShown!;
    expect(required).toContain('figures');
    expect(required).not.toContain('remarks');
    expect(required).not.toContain('operationalManager');
  });

  it('shows examples that are what they stand for', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'api', ...document });
    const { schemas } = document.components as { schemas: Record<string, { examples?: Json[] }> };
    const shown = Object.entries(schemas).flatMap(([name, { examples: all = [] }]) => all.map((example) => [name, example] as const));
    expect(Object.keys(examples).filter((name) => !shown.some(([each]) => each === name))).toEqual([]);
    for (const [name, example] of shown) {
      const valid = ajv.validate(`api#/components/schemas/${name}`, example);
      expect([name, valid, ajv.errors]).toEqual([name, true, null]);
    }
  });
});

describe('The name of an operation', () => {
  const list = { item: {} as never, write: false };
  const read = { item: null, write: false };
  const write = { item: null, write: true };
  it.each([
    ['get', '/v1/taxonomies', list, 'listTaxonomies', 'List taxonomies'],
    ['get', '/v1/taxonomies/{name}', read, 'getTaxonomy', 'Read a taxonomy'],
    ['get', '/v1/me', read, 'getMe', 'Read me'],
    ['post', '/v1/api-keys', write, 'createApiKey', 'Create an api key'],
    ['post', '/v1/subscriptions/{id}/rotate-secret', write, 'rotateSecretSubscription', 'Rotate secret a subscription'],
    ['patch', '/v1/events/{id}', write, 'updateEvent', 'Change an event'],
    ['get', '/v1/partnerships/{id}/exchange-profile', read, 'getPartnershipExchangeProfile', 'Read the exchange profile of a partnership'],
  ])('%s %s', (method, path, answers, operationId, summary) => {
    expect(namesOf(method, path, answers)).toEqual({ operationId, summary });
  });
});
