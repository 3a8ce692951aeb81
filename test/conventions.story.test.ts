import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/testing/eventually';
import type { Operation } from './documented.js';
import { EveryRoute, type Otherwise, unless, walk } from './every-route.js';

let routes: EveryRoute;
let operations: Operation[];
beforeAll(async () => {
  routes = await EveryRoute.open();
  // The token endpoint speaks OAuth; it has tests of its own.
  operations = routes.operations.filter(({ id }) => id !== 'createToken');
});
afterAll(() => routes?.close());

const takesFile = ({ media }: Operation) => media === 'application/octet-stream';
const takesBody = (operation: Operation) => operation.example !== null && !takesFile(operation);
const writes = (operation: Operation) => operation.isWrite && !takesFile(operation);
const changes = ({ method }: Operation) => method === 'patch' || method === 'delete';
const paged = (operation: Operation) => operation.isPaged && routes.isFurnished(operation);
const any = () => true;

interface Wrong {
  what: string;
  sent: (operation: Operation) => Otherwise;
  of: (operation: Operation) => boolean;
  status: number;
  code: string;
  pointer?: string;
}

const withField = ({ example }: Operation) => JSON.stringify({ ...(example as object), nmae: 1 });

const wrongs: Wrong[] = [
  { what: 'a key that is none', sent: () => ({ token: 'cb_test_nonsense' }), of: any, status: 401, code: 'AUTH.UNKNOWN' },
  { what: 'a token that is none', sent: () => ({ token: 'ey.J.x' }), of: any, status: 401, code: 'AUTH.UNKNOWN' },
  {
    what: 'another way to say who one is',
    sent: () => ({ headers: { authorization: 'Basic eDp5' } }),
    of: any,
    status: 401,
    code: 'AUTH.UNKNOWN',
  },
  {
    what: 'a parameter nobody knows',
    sent: () => ({ query: '?bogus=1' }),
    of: (operation) => routes.isFurnished(operation),
    status: 400,
    code: 'QUERY.UNKNOWN_PARAMETER',
    pointer: '?bogus',
  },
  ...['0', '201', 'x', '1.5', ''].map((limit) => ({
    what: `limit=${limit}`,
    sent: () => ({ query: `?limit=${limit}` }),
    of: paged,
    status: 400,
    code: 'QUERY.MALFORMED',
    pointer: '?limit',
  })),
  { what: 'a cursor that is none', sent: () => ({ query: '?cursor=x' }), of: paged, status: 400, code: 'QUERY.CURSOR' },
  { what: 'an order that is none', sent: () => ({ query: '?sort=colour' }), of: paged, status: 400, code: 'QUERY.SORT', pointer: '?sort' },
  {
    what: 'dryRun=maybe',
    sent: () => ({ query: '?dryRun=maybe' }),
    of: writes,
    status: 400,
    code: 'QUERY.MALFORMED',
    pointer: '?dryRun',
  },
  {
    what: 'an Idempotency-Key without end',
    sent: () => ({ headers: { 'idempotency-key': 'k'.repeat(256) } }),
    of: writes,
    status: 400,
    code: 'HEADER.IDEMPOTENCY_KEY',
  },
  {
    what: 'an Idempotency-Key of blanks',
    sent: () => ({ headers: { 'idempotency-key': 'a b' } }),
    of: writes,
    status: 400,
    code: 'HEADER.IDEMPOTENCY_KEY',
  },
  {
    what: 'an If-Match that is no ETag',
    sent: () => ({ headers: { 'if-match': 'yes' } }),
    of: writes,
    status: 400,
    code: 'HEADER.IF_MATCH',
  },
  {
    what: 'no If-Match',
    sent: () => ({ headers: { 'if-match': undefined } }),
    of: changes,
    status: 428,
    code: 'HEADER.IF_MATCH_REQUIRED',
  },
  {
    what: 'an old If-Match',
    sent: () => ({ headers: { 'if-match': '"999999.x"' } }),
    of: changes,
    status: 412,
    code: 'RESOURCE.OUTDATED',
  },
  {
    what: 'another media type',
    sent: () => ({ headers: { 'content-type': 'text/html' } }),
    of: takesBody,
    status: 400,
    code: 'BODY.MEDIA_TYPE',
  },
  {
    what: 'a body where none is taken',
    sent: () => ({ text: '{"zz":1}' }),
    of: (operation) => writes(operation) && !takesBody(operation),
    status: 400,
    code: 'BODY.UNKNOWN_FIELD',
    pointer: '/zz',
  },
  {
    what: 'plain text',
    sent: () => ({ headers: { 'content-type': 'text/plain' }, text: 'hello' }),
    of: writes,
    status: 400,
    code: 'BODY.MEDIA_TYPE',
  },
  { what: 'JSON that breaks off', sent: () => ({ text: '{"a":' }), of: takesBody, status: 400, code: 'BODY.MALFORMED', pointer: '' },
  {
    what: 'JSON that breaks off, and no key',
    sent: () => ({ headers: { authorization: undefined }, text: '{"a":' }),
    of: (operation) => takesBody(operation) && !operation.isPublic,
    status: 401,
    code: 'AUTH.REQUIRED',
  },
  { what: 'a list in place of an object', sent: () => ({ text: '[]' }), of: takesBody, status: 400, code: 'BODY.SHAPE', pointer: '' },
  {
    what: 'a field nobody knows',
    sent: (operation) => ({ text: withField(operation) }),
    of: takesBody,
    status: 400,
    code: 'BODY.SHAPE',
    pointer: '/nmae',
  },
  {
    what: 'a body that nests without end',
    sent: () => ({ text: '['.repeat(5000) }),
    of: takesBody,
    status: 400,
    code: 'BODY.TOO_DEEP',
    pointer: '',
  },
];

/** Every header, parameter and body that the conventions know, wrong in turn, of every route that takes it. */
describe('What all routes share', () => {
  it.each(wrongs)('refuses $what, and nothing changes', async ({ sent, of, status, code, pointer }) => {
    const among = operations.filter(of);
    expect(among.length).toBeGreaterThan(2);
    const before = await routes.standing();
    const wrong = await walk(among, async (operation) => {
      // A machine under load may answer that it cannot now; whoever asks then asks again.
      const answer = await eventually(async () => {
        const answered = await routes.ask(operation, { token: routes.house.bootstrapKey, ...sent(operation) });
        if (answered.status === 503) throw new Error(answered.text);
        return answered;
      }, 30_000);
      const pointers = (answer.body?.errors ?? []).map((error: { pointer: string }) => error.pointer);
      return unless(answer.status === status && answer.body.code === code && (pointer === undefined || pointers.includes(pointer)), answer);
    });
    expect(wrong).toEqual([]);
    expect(await routes.standing()).toEqual(before);
  });
});
