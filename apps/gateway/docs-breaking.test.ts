import { describe, expect, it } from '@jest/globals';
import { breaking } from './docs-breaking.js';
import type { JsonObject } from './openapi-schemas.js';

const object = (properties: JsonObject, required: string[] = [], more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  required,
  ...more,
});
const text: JsonObject = { type: 'string' };

const messages = (about: JsonObject) => ({ contracts: about, openapi: {} });
const command = (data: JsonObject) => messages({ commands: { 'agreement.sign.v1': { creates: null, data, answer: {} } } });
const fact = (data: JsonObject, schemas: JsonObject = {}) => messages({ facts: { 'agreement.signed.v1': data }, components: { schemas } });
const route = (about: JsonObject) => ({
  contracts: {},
  openapi: { paths: { '/v1/agreements': { get: { operationId: 'listAgreements', ...about } } } },
});
const answer = (codes: string[]): JsonObject => ({
  responses: { 422: { content: { 'application/problem+json': { schema: { allOf: [{}, { properties: { code: { enum: codes } } }] } } } } },
});

describe('What is sent to us', () => {
  const before = command(
    object({ party: text, kind: { enum: ['MOU', 'LOI'] }, title: { type: ['string', 'null'], maxLength: 100 } }, ['party']),
  );

  it('may gain an optional field and further codes, and may be looser', () => {
    const after = object({
      party: { type: ['string', 'null'] },
      kind: { enum: ['MOU', 'LOI', 'NDA'] },
      title: { type: ['string', 'null'] },
      note: text,
    });
    expect(breaking(before, command(after))).toEqual([]);
  });

  it('breaks by what is asked in addition', () => {
    const after = object({ party: text, kind: { enum: ['MOU', 'LOI'] }, title: { type: ['string', 'null'], maxLength: 100 }, hash: text }, [
      'party',
      'hash',
      'kind',
    ]);
    expect(breaking(before, command(after))).toEqual([
      'agreement.sign.v1 data/hash is required now',
      'agreement.sign.v1 data/kind is required now',
    ]);
  });

  it('breaks by what is no longer taken', () => {
    const after = object({ party: { type: 'integer' }, kind: { enum: ['MOU'] }, title: { type: 'string', maxLength: 50 } }, ['party']);
    expect(breaking(before, command(after))).toEqual([
      'agreement.sign.v1 data/party was string and is integer now',
      'agreement.sign.v1 data/kind no longer takes LOI',
      'agreement.sign.v1 data/title has maxLength 50 now, not 100',
      'agreement.sign.v1 data/title no longer takes null',
    ]);
  });

  it('breaks when unknown fields are refused, or a form is asked for', () => {
    const after = object({ party: { type: 'string', pattern: '^a' } }, ['party'], { additionalProperties: false });
    expect(breaking(command(object({ party: text }, ['party'])), command(after))).toEqual([
      'agreement.sign.v1 data/party has the pattern ^a now',
      'agreement.sign.v1 data refuses unknown fields now',
    ]);
  });
});

describe('What we tell', () => {
  const before = fact(object({ id: text, state: { enum: ['DRAFT', 'SIGNED'] } }, ['id', 'state']));

  it('may gain fields and codes', () => {
    expect(
      breaking(before, fact(object({ id: text, state: { enum: ['DRAFT', 'SIGNED', 'ENDED'] }, hash: text }, ['id', 'state', 'hash']))),
    ).toEqual([]);
  });

  it('breaks by a field that is gone, may be missing, or may be null', () => {
    expect(breaking(before, fact(object({ state: { enum: ['DRAFT', 'SIGNED'] } }, ['state'])))).toEqual([
      'agreement.signed.v1 data/id is gone',
    ]);
    expect(breaking(before, fact(object({ id: text, state: { enum: ['DRAFT', 'SIGNED'] } }, ['state'])))).toEqual([
      'agreement.signed.v1 data/id is no longer always there',
    ]);
    expect(
      breaking(before, fact(object({ id: { anyOf: [text, { type: 'null' }] }, state: { enum: ['DRAFT', 'SIGNED'] } }, ['id', 'state']))),
    ).toEqual(['agreement.signed.v1 data/id may now be null']);
  });

  it('is followed through what it refers to, and told once', () => {
    const referring = object({ one: { $ref: '#/components/schemas/Party' }, two: { $ref: '#/components/schemas/Party' } });
    const found = breaking(fact(referring, { Party: object({ name: text }) }), fact(referring, { Party: object({}) }));
    expect(found).toEqual(['agreement.signed.v1 data/one/name is gone']);
  });
});

describe('A route', () => {
  const q = { name: 'q', in: 'query', schema: text };

  it('may gain optional parameters, answers and codes', () => {
    const before = route({ parameters: [q], ...answer(['A.B']) });
    const after = route({ parameters: [q, { name: 'sort', in: 'query', schema: text }], ...answer(['A.B', 'A.C']) });
    expect(breaking(before, after)).toEqual([]);
  });

  it('breaks by a parameter that is gone or asked for, and by a code that is gone', () => {
    const before = route({ parameters: [q], ...answer(['A.B']) });
    const after = route({ parameters: [{ name: 'country', in: 'query', schema: text, required: true }], ...answer(['A.C']) });
    expect(breaking(before, after)).toEqual([
      'GET /v1/agreements: query q is gone',
      'GET /v1/agreements: query country is required now',
      'GET /v1/agreements: the code 422 A.B is gone',
    ]);
  });

  it('breaks when it is gone, renamed, or asks who you are', () => {
    expect(breaking(route({}), { contracts: {}, openapi: {} })).toEqual(['GET /v1/agreements is gone']);
    expect(breaking(route({ security: [{}, { bearer: [] }] }), route({ operationId: 'agreements', security: [{ bearer: [] }] }))).toEqual([
      'GET /v1/agreements was called listAgreements and is called agreements now',
      'GET /v1/agreements is no longer public',
    ]);
  });
});
