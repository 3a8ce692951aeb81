import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '#libs/testing/eventually';
import { demandPromised, isJson } from './answers.js';
import { type Operation, operationsIn } from './documented.js';
import { type Body, RunningHouse } from './running-house.js';

jest.setTimeout(120_000);

interface Answered {
  status: number;
  text: string;
  body: Body;
}

/** What somebody who is known may begin for himself, whoever it is; it touches nobody else's records. */
const FOR_ONESELF = ['createSubscription', 'createReport'];

let house: RunningHouse;
let operations: Operation[];
let dia: Body;
/** One record of DIA's, or of its coordinator's, per resource. */
const records = new Map<string, string>();
let foreign: string;

beforeAll(async () => {
  house = await RunningHouse.open();
  await house.importFile('dia');
  operations = operationsIn((await house.public.get('/openapi.json')).body);
  ({ body: dia } = await house.public.get('/v1/partnerships/dia'));
  await furnish();
  const { body: pimap } = await house.public.get('/v1/partnerships/pimap');
  foreign = await house.keyFor('PARTNERSHIP_COORDINATOR', pimap.id);
  for (const scope of new Set(operations.flatMap(({ scope }) => scope?.replace(':write', ':read') ?? [])))
    keys.set(scope, await house.keyFor('PLATFORM_ADMIN', undefined, { scopes: [scope] }));
}, 180_000);
afterAll(() => house?.close(), 60_000);

/** Something of DIA's behind every route that names a record. */
async function furnish(): Promise<void> {
  const coordinator = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', dia.id));
  const webhook = { channel: 'WEBHOOK', url: 'http://127.0.0.1:9/', eventTypes: ['*'] };
  const report = { kind: 'COMPOSITION', format: 'CSV', parameters: { partnership: 'dia' } };
  const roles = [{ role: 'PARTNERSHIP_MANAGER', binding: { kind: 'PARTNERSHIP', id: dia.id } }];
  await house.admin.post('/v1/clients').send({ name: 'Portal of DIA', roles, partnership: dia.id });
  const { body: subscription } = await coordinator.post('/v1/subscriptions').send(webhook);
  records.set('subscriptions', subscription.id);
  // What is told of the other partnership is delivered to the coordinator of this one.
  await house.importFile('pimap');
  const deliveries = await eventually(() => someOf(`/v1/subscriptions/${subscription.id}/deliveries`));
  records.set('deliveries', deliveries[0].id);
  records.set('exchange-profiles', (await house.public.get('/v1/partnerships/dia/exchange-profile')).body.id);
  records.set('reports', (await coordinator.post('/v1/reports').send(report)).body.id);
  const { body: operation } = await coordinator.post(`/v1/subscriptions/${subscription.id}/pause`).set('prefer', 'respond-async');
  records.set('operations', operation.id);
  for (const { path } of operations.filter(isList)) {
    const { items } = (await house.admin.get(`${path}?limit=200`)).body;
    const own = items.find((item: Body) => JSON.stringify(item).includes(dia.id)) ?? items[0];
    const resource = path.split('/')[2]!;
    if (own?.id && !records.has(resource)) records.set(resource, own.id);
  }
  records.set('partnerships', dia.id);
}

async function someOf(path: string): Promise<Body> {
  const { items } = (await house.admin.get(path)).body;
  if (!items?.length) throw new Error(`${path} is empty.`);
  return items;
}

const isList = ({ isPaged, path }: Operation) => isPaged && path.split('/').length === 3;
const resourceOf = ({ path }: Operation) => path.split('/')[2]!;
const namesRecord = ({ path }: Operation) => path.includes('{');

/** The path with a record of DIA's in it. */
function addressOf(operation: Operation): string {
  const id = records.get(resourceOf(operation)) ?? 'none';
  return operation.path.replace(/\{(id|name)\}/, id).replaceAll(/\{\w+\}/g, 'none');
}

async function ask(operation: Operation, token?: string): Promise<Answered> {
  const { method, example, streams } = operation;
  const stop = new AbortController();
  const path = addressOf(operation);
  const response = await fetch(house.addressOf('gateway') + path, {
    method: method.toUpperCase(),
    signal: stop.signal,
    headers: {
      prefer: 'wait=30',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(method === 'get' ? {} : { 'content-type': 'application/json', 'if-match': '*' }),
    },
    ...(method === 'get' || example === null ? {} : { body: JSON.stringify(example) }),
  });
  const { status } = response;
  const headers = Object.fromEntries(response.headers);
  const keepsOn = streams && status === 200;
  const text = keepsOn ? '' : await response.text();
  if (keepsOn) stop.abort();
  const body = isJson(headers['content-type']) && text !== '' ? JSON.parse(text) : null;
  demandPromised({ method, path, status, headers, text, body });
  return { status, text, body };
}

/** Every record there is, with its version, but for what this caller has begun for itself. */
async function standing(but?: string): Promise<string[]> {
  const own = but ? (await house.as(but).get('/v1/me')).body.id : null;
  const lists = await Promise.all(
    operations.filter(isList).map(async ({ path }) => [path, (await house.admin.get(`${path}?limit=200`)).body.items] as const),
  );
  const theirs = (items: Body[] = []) => items.filter(({ version, owner }) => version !== undefined && owner !== own);
  return lists.flatMap(([path, items]) => theirs(items).map(({ id, version }) => `${path}/${id}@${version}`)).sort();
}

/** Each operation with what came of it, where that is not as it should be. */
async function walk(among: Operation[], step: (operation: Operation) => Promise<string | null>): Promise<string[]> {
  const wrong: string[] = [];
  for (const operation of among) {
    const said = await step(operation);
    if (said) wrong.push(`${operation.id} (${operation.method} ${operation.path}): ${said}`);
  }
  return wrong;
}

/** What is nobody's business but DIA's. */
const hidden = () =>
  ['subscriptions', 'reports', 'clients', 'api-keys', 'operations', 'deliveries'].flatMap((name) => records.get(name) ?? []);

/** Whether the public may read the record that a route is about. */
const isOpen = async (operation: Operation) =>
  (await house.public.get(`/v1/${resourceOf(operation)}/${records.get(resourceOf(operation))}`)).status === 200;

/** No history but one's own, and no command that one may give. */
const tellsNothing = ({ status, body }: Answered) => status === 200 && body.items.every(({ allowed }: Body) => allowed === false);

const unless = (holds: boolean, { status, text }: Answered) => (holds ? null : `${status} ${text.slice(0, 300)}`);
/** Keys of the platform administrator, each with one scope. */
const keys = new Map<string, string>();

describe('Every route of the document', () => {
  it('says who may call it', () => {
    expect(operations.length).toBeGreaterThan(20);
    expect(operations.filter(({ isPublic, scope, isAdmins }) => isAdmins && (isPublic || scope === null))).toEqual([]);
    expect(operations.filter(({ isWrite, isPublic }) => isWrite && isPublic)).toEqual([]);
  });

  it('has a record of DIA behind it where it names one', () => {
    const bare = operations.filter((each) => namesRecord(each) && !records.has(resourceOf(each))).map(resourceOf);
    expect([...new Set(bare)].filter((resource) => !['taxonomies', 'event-types', 'parked'].includes(resource))).toEqual([]);
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
