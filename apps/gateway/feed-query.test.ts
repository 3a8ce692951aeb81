import { describe, expect, it } from '@jest/globals';
import type { Entry } from './feed-entry.js';
import { pageQuery, streamQuery } from './feed-query.js';
import { Problem } from './problem.js';

const idOf = async (_resource: string, text: string) => (text === 'dia' ? 'p1' : text);
const entry = (type: string, names: Partial<Entry['names']> = {}) =>
  ({ type, names: { partnership: [], cluster: [], event: [], ...names } }) as unknown as Entry;

const refusal = async (query: Record<string, unknown>, lastEventId?: string, read = pageQuery) => {
  const error = await read(query, lastEventId, idOf).catch((thrown) => thrown);
  return error instanceof Problem ? [error.status, error.details.code, error.details.errors?.[0]?.pointer] : error;
};

describe('What is asked of the feed', () => {
  it('is everything from the beginning unless said otherwise', async () => {
    const { after, limit, waitMs, matches } = await pageQuery({}, undefined, idOf);
    expect({ after, limit, waitMs }).toEqual({ after: null, limit: 50, waitMs: 0 });
    expect(matches(entry('event.recorded.v1'))).toBe(true);
  });

  it('begins with the last event of who comes back, whatever the address says', async () => {
    expect((await pageQuery({ after: '3' }, undefined, idOf)).after).toBe(3);
    expect((await pageQuery({ after: '3' }, '12', idOf)).after).toBe(12);
    expect((await streamQuery({ after: '3' }, '', idOf)).after).toBe(3);
    expect((await streamQuery({}, '-1', idOf)).after).toBe(-1);
  });

  it('is narrowed by types and by what facts have to do with, each by any of its values', async () => {
    const { matches } = await pageQuery({ types: ['event.*', 'report.ready.v1,cluster.*'], partnership: 'dia,p2' }, undefined, idOf);
    expect(matches(entry('event.changed.v1', { partnership: ['p1'] }))).toBe(true);
    expect(matches(entry('report.ready.v1', { partnership: ['p2', 'p3'] }))).toBe(true);
    expect(matches(entry('event.changed.v1', { partnership: ['p3'] }))).toBe(false);
    expect(matches(entry('membership.recorded.v1', { partnership: ['p1'] }))).toBe(false);
    const { matches: both } = await pageQuery({ partnership: 'p1', cluster: 'c1' }, undefined, idOf);
    expect(both(entry('membership.recorded.v1', { partnership: ['p1'] }))).toBe(false);
    expect(both(entry('membership.recorded.v1', { partnership: ['p1'], cluster: ['c1'] }))).toBe(true);
  });

  it.each([
    [{ after: '1.5' }, 'QUERY.CURSOR', '?after'],
    [{ after: ['1', '2'] }, 'QUERY.CURSOR', '?after'],
    [{ after: '' }, 'QUERY.CURSOR', '?after'],
    [{ limit: '201' }, 'QUERY.MALFORMED', '?limit'],
    [{ wait: '26' }, 'QUERY.MALFORMED', '?wait'],
    [{ wait: ['1', '2'] }, 'QUERY.MALFORMED', '?wait'],
    [{ types: 'event' }, 'QUERY.MALFORMED', '?types'],
    [{ types: '' }, 'QUERY.MALFORMED', '?types'],
    [{ cluster: 'a,,b' }, 'QUERY.MALFORMED', '?cluster'],
    [{ organisation: 'x' }, 'QUERY.UNKNOWN_PARAMETER', '?organisation'],
  ])('is refused when it is %j', async (query, code, pointer) => {
    expect(await refusal(query)).toEqual([400, code, pointer]);
  });

  it('is refused with a last event that is no cursor, and of a stream with what only pages have', async () => {
    expect(await refusal({}, 'abc')).toEqual([400, 'QUERY.CURSOR', 'Last-Event-ID']);
    expect(await refusal({ wait: '1' }, undefined, streamQuery)).toEqual([400, 'QUERY.UNKNOWN_PARAMETER', '?wait']);
  });
});
