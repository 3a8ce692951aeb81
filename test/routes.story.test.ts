import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Operation } from './documented.js';
import { type Answered, EveryRoute, namesRecord, resourceOf, unless, walk } from './every-route.js';
import type { Body, RunningHouse } from './running-house.js';

/** What somebody who is known may begin for himself, whoever it is; it touches nobody else's records. */
const FOR_ONESELF = ['createSubscription', 'createReport', 'createCalendarToken'];

/** Whoever holds the link of a mail needs no token. */
const BY_LINK = ['answerLink'];

let routes: EveryRoute;
let house: RunningHouse;
let operations: Operation[];
let records: EveryRoute['records'];
let foreign: string;
/** Keys of the platform administrator, each with one scope. */
const keys = new Map<string, string>();

beforeAll(async () => {
  routes = await EveryRoute.open();
  ({ house, operations, records } = routes);
  const { body: pimap } = await house.public.get('/v1/partnerships/pimap');
  foreign = await house.keyFor('PARTNERSHIP_COORDINATOR', pimap.id);
  for (const scope of new Set(operations.flatMap(({ scope }) => scope?.replace(':write', ':read') ?? [])))
    keys.set(scope, await house.keyFor('PLATFORM_ADMIN', undefined, { scopes: [scope] }));
});
afterAll(() => routes?.close());

const ask = (operation: Operation, token?: string) => routes.ask(operation, token ? { token } : {});
const standing = (but?: string) => routes.standing(but);

/** What is nobody's business but DIA's. */
const hidden = () =>
  ['subscriptions', 'reports', 'clients', 'api-keys', 'operations', 'deliveries', 'calendar-tokens'].flatMap(
    (name) => records.get(name) ?? [],
  );

/** Whether the public may read the record that a route is about. */
const isOpen = async (operation: Operation) => {
  const resource = resourceOf(operation);
  const path = resource === 'exchange-profiles' ? 'partnerships/exxtra/exchange-profile' : `${resource}/${records.get(resource)}`;
  return (await house.public.get(`/v1/${path}`)).status === 200;
};

/** No history but one's own, and no command that one may give. */
const tellsNothing = ({ status, body }: Answered) => status === 200 && body.items?.every(({ allowed }: Body) => allowed === false) === true;

describe('Every route of the document', () => {
  it('says who may call it', () => {
    expect(operations.length).toBeGreaterThan(20);
    expect(operations.filter(({ isPublic, scope, isAdmins }) => isAdmins && (isPublic || scope === null))).toEqual([]);
    expect(operations.filter(({ isWrite, isPublic }) => isWrite && isPublic).map(({ id }) => id)).toEqual(BY_LINK);
  });

  it('has a record of DIA behind it where it names one', () => {
    const bare = operations.filter((each) => namesRecord(each) && !records.has(resourceOf(each))).map(resourceOf);
    expect([...new Set(bare)].filter((resource) => !['taxonomies', 'event-types', 'parked', 'links'].includes(resource))).toEqual([]);
  });

  it('is closed without a token, but for what is public', async () => {
    const before = await standing();
    const wrong = await walk(operations, async (operation) => {
      const answer = await ask(operation);
      if (operation.id === 'createToken') return unless([400, 401].includes(answer.status), answer);
      if (operation.isPublic) return unless([200, 404].includes(answer.status), answer);
      return unless(answer.status === 401 && answer.body.code === 'AUTH.REQUIRED', answer);
    });
    expect(wrong).toEqual([]);
    expect(await standing()).toEqual(before);
  });

  it('is closed to the scope of another resource, also where the public may read', async () => {
    const before = await standing();
    const wrong = await walk(operations, async (operation) => {
      if (operation.scope === null) return null;
      const answer = await ask(operation, keys.get(resourceOf(operation) === 'taxonomies' ? 'clusters:read' : 'taxonomies:read'));
      return unless(answer.status === 403 && answer.body.code === 'AUTH.SCOPE' && answer.body.scope === operation.scope, answer);
    });
    expect(wrong).toEqual([]);
    expect(await standing()).toEqual(before);
  });

  it('that writes is closed to the scope that reads', async () => {
    const before = await standing();
    const wrong = await walk(
      operations.filter(({ scope }) => scope?.endsWith(':write')),
      async (operation) => {
        const answer = await ask(operation, keys.get(operation.scope!.replace(':write', ':read')));
        return unless(answer.status === 403 && answer.body.code === 'AUTH.SCOPE', answer);
      },
    );
    expect(wrong).toEqual([]);
    expect(await standing()).toEqual(before);
  });

  it('that reads shows the coordinator of another partnership no more of DIA than the public sees', async () => {
    const wrong = await walk(
      operations.filter(({ method }) => method === 'get'),
      async (operation) => {
        const answer = await ask(operation, foreign);
        if (operation.isAdmins) return unless(answer.status === 403, answer);
        const open = await ask(operation);
        const told = answer.status === 200 ? hidden().filter((id) => answer.text.includes(id) && !open.text.includes(id)) : [];
        if (told.length > 0) return `tells of ${told.join(', ')}`;
        if (!namesRecord(operation)) return unless(answer.status === 200, answer);
        if (operation.isPublic) return unless(answer.status === open.status && (answer.status >= 400 || answer.text === open.text), answer);
        return unless([403, 404].includes(answer.status) || ((await isOpen(operation)) && tellsNothing(answer)), answer);
      },
    );
    expect(wrong).toEqual([]);
  });

  it('that writes is closed to the coordinator of another partnership, and nothing changes', async () => {
    const before = await standing(foreign);
    const wrong = await walk(
      operations.filter(({ isWrite }) => isWrite),
      async (operation) => {
        const answer = await ask(operation, foreign);
        const may = FOR_ONESELF.includes(operation.id) ? [200, 201, 202] : [403, 404];
        // A batch is answered item by item.
        const statuses = answer.status === 207 ? answer.body.items.map(({ status }: Body) => status) : [answer.status];
        return unless(
          statuses.every((status: number) => may.includes(status)),
          answer,
        );
      },
    );
    expect(wrong).toEqual([]);
    expect(await standing(foreign)).toEqual(before);
  });
});
