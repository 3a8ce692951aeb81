import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, agentOf, Promised, promisedFetch } from './answers.js';

const promised = new Promised(JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url), 'utf8')));

const traced = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };
const json = { ...traced, 'content-type': 'application/json; charset=utf-8' };
const tagged = { ...json, etag: '"1.x"', vary: 'Authorization' };
const refused = { ...traced, 'content-type': 'application/problem+json' };

const as = (path: string, status: number, headers: Record<string, string>, body?: unknown, method = 'GET'): Answer => ({
  method,
  path,
  status,
  headers,
  body,
  text: body === undefined ? '' : JSON.stringify(body),
});

const problem = (status: number, code: string) => ({
  type: '/docs/problems/some',
  title: 'Some',
  status,
  detail: 'Some detail.',
  code,
  errors: [],
  verdicts: [],
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  retryable: false,
});

const me = { kind: 'CLIENT', id: 'one', roles: [], scopes: [], at: '2018-09-12T00:00:00Z', name: null, organisations: [] };
const taxonomy = { name: 'roles', asOf: '2018-09-12', source: 'some', items: [], related: {} };
const report = '/v1/reports/one/content';

describe('An answer', () => {
  it.each([
    ['one view', as('/v1/me', 200, json, me)],
    ['a list', as('/v1/taxonomies?limit=5', 200, tagged, { items: [{ name: 'roles', asOf: '2018-09-12', count: 1 }], next: null })],
    ['what has not changed', as('/v1/events/one', 304, { ...traced, etag: '"1.x"' })],
    [
      'where it is now',
      as('/v1/partnerships/old', 308, { ...json, location: '/v1/partnerships/new' }, { location: '/v1/partnerships/new' }),
    ],
    ['a problem', as('/v1/events/one', 404, refused, problem(404, 'RESOURCE.ABSENT'))],
    ['a file, whatever it holds', { ...as(report, 200, { ...tagged, 'content-type': 'text/csv' }), text: 'no;json' }],
    ['lines', { ...as('/v1/snapshot', 200, { ...traced, 'content-type': 'application/x-ndjson' }), text: '{}\n{}\n' }],
    ['the refusal of what is no operation', as('/v1/castles', 404, refused, problem(404, 'ROUTE.ABSENT'))],
    ['what is no part of the API', as('/metrics', 200, {}, 'anything')],
  ])('is as promised: %s', (_, answer) => {
    expect(promised.broken(answer)).toEqual([]);
  });

  it.each([
    ['a status that is not documented', as('/v1/me', 201, json, me), 'the status 201 is not documented'],
    ['a status of other operations', as('/v1/me', 412, refused, problem(412, 'RESOURCE.OUTDATED')), 'the status 412 is not documented'],
    ['an operation that is not documented', as('/v1/castles', 200, json, {}), 'the operation is not documented'],
    ['a method that is not documented', as('/v1/me', 200, json, me, 'DELETE'), 'the operation is not documented'],
    ['a refusal that is no problem', as('/v1/castles', 404, json, { message: 'no' }), 'refused as application/json'],
    [
      'another content type',
      as('/v1/me', 200, { ...json, 'content-type': 'text/html' }, me),
      'the content type text/html is not documented',
    ],
    ['another file', as(report, 200, { ...tagged, 'content-type': 'image/png' }), 'the content type image/png is not documented'],
    ['no content type', as('/v1/me', 200, traced, me), 'the content type that is none is not documented'],
    ['no body', as('/v1/me', 200, json), 'there is no body'],
    ['a body where none is', as('/v1/events/one', 304, { ...traced, etag: '"1.x"' }, {}), 'there is a body, and none is documented'],
    ['a missing field', as('/v1/me', 200, json, { ...me, name: undefined }), "must have required property 'name'"],
    ['a field that is another thing', as('/v1/me', 200, json, { ...me, scopes: [1] }), '/scopes/0 must be string'],
    ['a value that is none of those', as('/v1/me', 200, json, { ...me, kind: 'KING' }), '/kind must be equal to one of the allowed values'],
    ['a date that is none', as('/v1/me', 200, json, { ...me, at: '2018-13-01T00:00:00Z' }), '/at must match format "date-time"'],
    ['a blank where none may be', as('/v1/taxonomies/roles', 200, tagged, { ...taxonomy, source: null }), '/source must be string'],
    [
      'a code of other operations',
      as('/v1/me', 401, { ...refused, 'www-authenticate': 'Bearer' }, problem(401, 'AUTH.OTHER')),
      '/code must be',
    ],
    ['a code at another status', as('/v1/events/one', 404, refused, problem(404, 'AUTH.SCOPE')), '/code must be equal'],
    [
      'a problem of another status',
      as('/v1/events/one', 404, refused, problem(400, 'RESOURCE.ABSENT')),
      '/status must be equal to constant',
    ],
    ['no ETag', as('/v1/taxonomies/roles', 200, { ...json, vary: 'Authorization' }, taxonomy), 'the header ETag is missing'],
    ['no trace', as('/v1/me', 200, { 'content-type': 'application/json' }, me), 'the header traceparent is missing'],
    ['no way to say who one is', as('/v1/me', 401, refused, problem(401, 'AUTH.REQUIRED')), 'the header WWW-Authenticate is missing'],
    ['no place that it moved to', as('/v1/partnerships/old', 308, json, {}), 'the header Location is missing'],
  ])('is not as promised: %s', (_, answer, said) => {
    expect(promised.broken(answer).join('\n')).toContain(said);
  });
});

describe('Who asks in a test', () => {
  let server: Server;
  let address: string;
  beforeAll(async () => {
    server = createServer((asked, response) => {
      const body = asked.url === '/v1/me' ? me : { ...me, name: 7 };
      response.writeHead(200, json).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  const wrong = /^GET \/v1\/me\?name=7 was answered 200, not as openapi.json says:\n- \/name must be string,null/;

  it('is handed what is as promised', async () => {
    expect((await agentOf(address).get('/v1/me')).body).toEqual(me);
    expect(await (await promisedFetch(new Request(`${address}/v1/me`))).json()).toEqual(me);
  });

  it('fails by what is not, and is told of which request', async () => {
    await expect((async () => agentOf(address, 'key').get('/v1/me?name=7'))()).rejects.toThrow(wrong);
    await expect(promisedFetch(new Request(`${address}/v1/me?name=7`))).rejects.toThrow(wrong);
  });
});
