import { expect, it } from '@jest/globals';
import { problemOf } from './problem.filter.js';

const fault = (fields: object) => Object.assign(new Error('x'), fields);

it.each([
  ['shuts down', { name: 'MongoServerError', code: 11600 }],
  ['steps down, under a bulk', { name: 'MongoBulkWriteError', code: 189 }],
  ['does not answer', { name: 'MongoServerSelectionError' }],
  ['went, under a bulk', { name: 'MongoBulkWriteError', errorResponse: fault({ name: 'MongoNetworkError' }) }],
])('A database that %s is answered 503, with when to ask again', (_, fields) => {
  const { kind, details } = problemOf(fault(fields));
  expect({ kind, code: details.code, retry: details.headers?.['retry-after'] }).toEqual({
    kind: 'unavailable',
    code: 'SERVICE.UNAVAILABLE',
    retry: '5',
  });
});

it.each([
  ['another fault of the database', { name: 'MongoServerError', code: 2 }, 'failed', 'INTERNAL.FAILED'],
  ['a bug', {}, 'failed', 'INTERNAL.FAILED'],
  ['a body that is too large', { code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 }, 'tooLarge', 'BODY.TOO_LARGE'],
  ['a path that is not there', { statusCode: 404 }, 'absent', 'ROUTE.ABSENT'],
])('%s is told as what it is', (_, fields, kind, code) => {
  expect(problemOf(fault(fields))).toMatchObject({ kind, details: { code } });
});
