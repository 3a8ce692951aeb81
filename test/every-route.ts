import { eventually } from '#libs/testing/eventually';
import { demandPromised, isJson } from './answers.js';
import { type Operation, operationsIn } from './documented.js';
import { type Body, RunningHouse } from './running-house.js';

export interface Answered {
  status: number;
  text: string;
  body: Body;
}

/** What is asked otherwise than an example of the document would. */
export interface Otherwise {
  token?: string;
  /** undefined: not sent. */
  headers?: Record<string, string | undefined>;
  /** With its question mark. */
  query?: string;
  /** In place of the example, as it is sent. */
  text?: string;
}

export const resourceOf = ({ path }: Operation) => path.split('/')[2]!;
export const namesRecord = ({ path }: Operation) => path.includes('{');
const isList = ({ isPaged, path }: Operation) => isPaged && path.split('/').length === 3;

/** A house with something of DIA's behind every route of the document, each of which can be asked. */
export class EveryRoute {
  operations: Operation[] = [];
  dia: Body = null;
  /** One record of DIA's, or of its coordinator's, per resource. */
  readonly records = new Map<string, string>();

  private constructor(readonly house: RunningHouse) {}

  static async open(): Promise<EveryRoute> {
    const house = await RunningHouse.open();
    const routes = new EveryRoute(house);
    try {
      await routes.furnish();
      return routes;
    } catch (error) {
      await house.close();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.house.close();
  }

  private async furnish(): Promise<void> {
    const { house, records } = this;
    await house.importFile('dia');
    this.operations = operationsIn((await house.public.get('/openapi.json')).body);
    const { body: dia } = await house.public.get('/v1/partnerships/dia');
    this.dia = dia;
    const coordinator = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', dia.id));
    const webhook = { channel: 'WEBHOOK', url: 'http://127.0.0.1:9/', eventTypes: ['*'] };
    const report = { kind: 'COMPOSITION', format: 'CSV', parameters: { partnership: 'dia' } };
    const roles = [{ role: 'PARTNERSHIP_MANAGER', binding: { kind: 'PARTNERSHIP', id: dia.id } }];
    await house.admin.post('/v1/clients').send({ name: 'Portal of DIA', roles, partnership: dia.id });
    const company = { name: 'Company of DIA', type: 'SME', country: 'ES' };
    const { body: organisation } = await house.admin.post('/v1/organisations').send(company);
    const person = { name: 'Somebody of DIA', email: 'somebody@company.example', organisation: organisation.id };
    const { body: somebody } = await house.admin.post('/v1/persons').send(person);
    records.set('registrations', await this.registered(organisation.id, somebody.id));
    const { body: forgotten } = await house.admin.post('/v1/persons').send({ ...person, email: 'nobody@company.example' });
    await house.admin.post(`/v1/persons/${forgotten.id}/erase`);
    const parties = [{ partnership: 'dia' }, { outside: { name: 'Somebody abroad', country: 'CA' } }];
    await house.admin.post('/v1/agreements').send({ partnership: 'dia', kind: 'MOU', parties });
    await house.admin.post('/v1/documents').send({ partnership: 'dia', kind: 'JOINT_STRATEGY' });
    await house.admin.post('/v1/deliverables').send({ partnership: 'dia', title: { en: 'Roadmap' }, dueMonth: 12 });
    await this.furnishMeetings(organisation.id, somebody.id);
    const { body: memberships } = await house.public.get('/v1/memberships?partnership=dia&limit=1');
    const invited = { cluster: memberships.items[0].cluster, organisation: organisation.id, email: 'somebody@company.example' };
    const { body: invitation } = await house.admin.post('/v1/memberships/invite').send(invited);
    records.set('mails', invitation.invitation.mail);
    const { body: subscription } = await coordinator.post('/v1/subscriptions').send(webhook);
    records.set('subscriptions', subscription.id);
    // What is told of the other partnership is delivered to the coordinator of this one.
    await house.importFile('pimap');
    const deliveries = await eventually(() => this.someOf(`/v1/subscriptions/${subscription.id}/deliveries`));
    records.set('deliveries', deliveries[0].id);
    // Of the three only this one sends people on visits.
    await house.importFile('exxtra');
    const { body: profile } = await house.admin.get('/v1/partnerships/exxtra/exchange-profile').expect(200);
    records.set('exchange-profiles', profile.id);
    const { body: calendarToken } = await coordinator.post('/v1/calendar-tokens').send({ name: 'Desk' });
    records.set('calendar-tokens', calendarToken.id).set('calendars', dia.id);
    records.set('reports', (await coordinator.post('/v1/reports').send(report)).body.id);
    const { body: operation } = await coordinator.post(`/v1/subscriptions/${subscription.id}/pause`).set('prefer', 'respond-async');
    records.set('operations', operation.id);
    for (const { path } of this.operations.filter(isList)) {
      const { items } = (await house.admin.get(`${path}?limit=200`)).body;
      const own = items.find((item: Body) => JSON.stringify(item).includes(dia.id)) ?? items[0];
      const resource = path.split('/')[2]!;
      if (own?.id && !records.has(resource)) records.set(resource, own.id);
    }
    records.set('partnerships', dia.id);
  }

  /** An event of DIA's whose registration is open. */
  private async opened(more: object = {}): Promise<string> {
    const { admin } = this.house;
    const when = { zone: 'Europe/Madrid', start: '2037-05-12T09:00', end: '2037-05-12T17:00', deadline: '2037-05-01T23:59' };
    const what = { type: 'REGIONAL_WORKSHOP', mode: 'ONLINE', capacity: 20, targetGroups: ['SMES'], privacyNotice: { en: 'Kept.' } };
    const { body: event } = await admin.post('/v1/events').send({ partnerships: ['dia'], ...when, ...what, ...more });
    for (const command of ['schedule', 'open-registration']) await admin.post(`/v1/events/${event.id}/${command}`);
    return event.id;
  }

  /** A registration of an event of DIA's. */
  private async registered(organisation: string, person: string): Promise<string> {
    const { admin } = this.house;
    const event = await this.opened();
    // The events service learns of organisations and persons a moment after they are recorded.
    const hold = { organisation, persons: [person] };
    return eventually(async () => made(await admin.post(`/v1/events/${event}/registrations/hold`).send(hold)));
  }

  /** A meeting at an event of DIA's, and what one of the two says of theirs. */
  private async furnishMeetings(organisation: string, person: string): Promise<void> {
    const { house, records } = this;
    const { body: other } = await house.admin.post('/v1/organisations').send({ name: 'Guest of DIA', type: 'SME', country: 'FI' });
    const somebody = { name: 'Guest of DIA', email: 'guest@company.example', organisation: other.id };
    const { body: guest } = await house.admin.post('/v1/persons').send(somebody);
    const hours = [{ from: '2037-05-12T09:00', to: '2037-05-12T12:00' }];
    const event = await this.opened({ meetings: { hours, slotMinutes: 30 } });
    const register = (group: object) => house.admin.post(`/v1/events/${event}/registrations`).send(group);
    for (const group of [
      { organisation, persons: [person] },
      { organisation: other.id, persons: [guest.id] },
    ])
      await eventually(async () => made(await register(group)));
    await house.admin.post(`/v1/events/${event}/open-booking`);
    const asked = { requester: person, guest: guest.id };
    records.set('meetings', made(await house.admin.post(`/v1/events/${event}/meetings`).send(asked)));
    records.set('meeting-profiles', made(await house.admin.post('/v1/meeting-profiles').send({ event, person })));
  }

  private async someOf(path: string): Promise<Body> {
    const { items } = (await this.house.admin.get(path)).body;
    if (!items?.length) throw new Error(`${path} is empty.`);
    return items;
  }

  /** Something stands behind its path. */
  isFurnished(operation: Operation): boolean {
    return !namesRecord(operation) || this.records.has(resourceOf(operation));
  }

  /** The path with a record of DIA's in it. */
  addressOf(operation: Operation): string {
    const id = this.records.get(resourceOf(operation)) ?? 'none';
    const path = operation.path.replace('{event}', this.records.get('events') ?? 'none');
    return path.replace(/\{(id|name)\}/, id).replaceAll(/\{\w+\}/g, 'none');
  }

  /** What it has to be told in its query; a record where it names one. */
  private queryOf({ needs }: Operation): string {
    const said = Object.entries(needs).map(([name, value]) => [name, this.records.get(`${name}s`) ?? value]);
    return said.length > 0 ? `?${new URLSearchParams(said)}` : '';
  }

  async ask(operation: Operation, { token, headers: more = {}, query = '', text: sent }: Otherwise = {}): Promise<Answered> {
    const { method, example, streams, media } = operation;
    const stop = new AbortController();
    const path = this.addressOf(operation) + (query || this.queryOf(operation));
    const all = {
      prefer: 'wait=30',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(method === 'get' ? {} : { 'content-type': media === 'application/octet-stream' ? media : 'application/json' }),
      ...(method === 'patch' || method === 'delete' ? { 'if-match': '*' } : {}),
      ...more,
    };
    const asSent = media === 'application/octet-stream' ? String(example) : JSON.stringify(example);
    const body = sent ?? (method === 'get' || example === null ? undefined : asSent);
    const response = await fetch(this.house.addressOf('gateway') + path, {
      method: method.toUpperCase(),
      signal: stop.signal,
      headers: Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)),
      ...(body === undefined ? {} : { body }),
    });
    const { status } = response;
    const headers = Object.fromEntries(response.headers);
    const keepsOn = streams && status === 200;
    const text = keepsOn ? '' : await response.text();
    if (keepsOn) stop.abort();
    const answered = isJson(headers['content-type']) && text !== '' ? JSON.parse(text) : null;
    demandPromised({ method, path, status, headers, text, body: answered });
    return { status, text, body: answered };
  }

  /** Every record there is, with its version, but for what this caller has begun for itself. */
  async standing(but?: string): Promise<string[]> {
    const { house } = this;
    const own = but ? (await house.as(but).get('/v1/me')).body.id : null;
    const lists = await Promise.all(
      this.operations.filter(isList).map(async ({ path }) => [path, (await house.admin.get(`${path}?limit=200`)).body.items] as const),
    );
    const theirs = (items: Body[] = []) => items.filter(({ version, owner }) => version !== undefined && owner !== own);
    return lists.flatMap(([path, items]) => theirs(items).map(({ id, version }) => `${path}/${id}@${version}`)).sort();
  }
}

/** Each operation with what came of it, where that is not as it should be. */
export async function walk(among: Operation[], step: (operation: Operation) => Promise<string | null>): Promise<string[]> {
  const wrong: string[] = [];
  for (const operation of among) {
    const said = await step(operation);
    if (said) wrong.push(`${operation.id} (${operation.method} ${operation.path}): ${said}`);
  }
  return wrong;
}

/** What was answered, unless it is as it should be. */
export const unless = (holds: boolean, { status, text }: Answered) => (holds ? null : `${status} ${text.slice(0, 300)}`);

/** The id of what was made. */
function made({ status, body }: { status: number; body: Body }): string {
  if (status !== 201) throw new Error(`It was answered ${status}: ${JSON.stringify(body)}`);
  return body.id;
}
