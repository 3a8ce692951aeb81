import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Trouble } from './trouble.mjs';

const PARTNERSHIPS = ['dia', 'pimap', 'exxtra'];
const OF_A_PARTNERSHIP = ['PARTNERSHIP_COORDINATOR', 'PARTNERSHIP_MANAGER', 'EXCHANGE_OPERATIONAL_MANAGER'];
const SHOWN_WITHIN_MS = 30_000;

/** @typedef {{ kind: 'PARTNERSHIP' | 'CLUSTER' | 'ORGANISATION' | 'EVENT', id: string }} Binding */

/**
 * Imports the three partnerships and makes one API key per role; nothing when that was done before.
 * @param {{ root: string, baseUrl: string, bootstrapKey: string, file: string }} options
 * @returns {Promise<Record<string, string>>} role, or role and partnership, to key
 */
export async function loadDemo({ root, baseUrl, bootstrapKey, file }) {
  const before = await working(file, baseUrl);
  const keys = before ?? (await load(root, new Api(baseUrl, bootstrapKey)));
  writeFileSync(file, `${JSON.stringify({ baseUrl, keys }, null, 2)}\n`, { mode: 0o600 });
  return keys;
}

/** @param {string} file @param {string} baseUrl */
async function working(file, baseUrl) {
  if (!existsSync(file)) return null;
  const { keys } = JSON.parse(readFileSync(file, 'utf8'));
  const response = await new Api(baseUrl, keys.PLATFORM_ADMIN).send('GET', '/v1/me');
  return response.status === 200 ? keys : null;
}

/** @param {string} root @param {Api} api */
async function load(root, api) {
  const data = path.join(root, 'libs', 'reference', 'data');
  for (const slug of PARTNERSHIPS)
    await api.post('/v1/imports', JSON.parse(readFileSync(path.join(data, 'partnerships', `${slug}.json`), 'utf8')));
  const roles = JSON.parse(readFileSync(path.join(data, 'roles.json'), 'utf8')).items.map(
    (/** @type {{ code: string }} */ { code }) => code,
  );
  /** @type {Record<string, string>} */
  const keys = {};
  for (const { role, label, bindings } of await wantedKeys(roles, api)) {
    keys[label] = (await api.post('/v1/api-keys', { name: `Demo ${label}`, role, bindings, test: true })).key;
  }
  return keys;
}

/**
 * @param {string[]} roles
 * @param {Api} api
 * @returns {Promise<{ role: string, label: string, bindings: Binding[] }[]>}
 */
async function wantedKeys(roles, api) {
  const partnerships = await Promise.all(PARTNERSHIPS.map((slug) => partnershipOf(slug, api)));
  const event = await api.shown('/v1/events?partnership=dia', ({ items }) => items[0]);
  return roles
    .filter((role) => role !== 'PUBLIC')
    .flatMap((role) => {
      const bound = (/** @type {string} */ code, /** @type {Binding} */ binding) => ({
        role,
        label: `${role}:${code}`,
        bindings: [binding],
      });
      if (OF_A_PARTNERSHIP.includes(role)) return partnerships.map(({ code, id }) => bound(code, { kind: 'PARTNERSHIP', id }));
      if (role === 'CLUSTER_MANAGER') return partnerships.map(({ code, cluster }) => bound(code, { kind: 'CLUSTER', id: cluster }));
      if (role === 'EVENT_ORGANISER') return [bound('DIA', { kind: 'EVENT', id: event.id })];
      return [{ role, label: role, bindings: [] }];
    });
}

/** @param {string} slug @param {Api} api */
async function partnershipOf(slug, api) {
  const { id } = await api.shown(`/v1/partnerships/${slug}`, (partnership) => partnership);
  const cluster = await api.shown(`/v1/partnerships/${slug}/composition`, ({ items }) => items[0]);
  return { code: slug.toUpperCase(), id, cluster: cluster.id };
}

class Api {
  /** @param {string} baseUrl @param {string} key */
  constructor(baseUrl, key) {
    this.baseUrl = baseUrl;
    this.key = key;
  }

  /** @param {string} method @param {string} address @param {unknown} [body] */
  send(method, address, body) {
    /** @type {Record<string, string>} */
    const headers = { authorization: `Bearer ${this.key}` };
    if (body !== undefined) Object.assign(headers, { 'content-type': 'application/json', prefer: 'wait=30' });
    const text = body === undefined ? undefined : JSON.stringify(body);
    return fetch(this.baseUrl + address, { method, headers, body: text, signal: AbortSignal.timeout(60_000) });
  }

  /**
   * @param {string} address
   * @param {unknown} body
   * @returns {Promise<any>}
   */
  async post(address, body) {
    const response = await this.send('POST', address, body);
    if (response.status === 202) return this.result(response.headers.get('location') ?? '');
    if (response.ok) return response.json();
    throw await refused('POST', address, response);
  }

  /** What took longer than we were willing to wait. @param {string} operation @returns {Promise<any>} */
  result(operation) {
    return this.shown(new URL(operation, this.baseUrl).pathname, ({ state, result, problem }) => {
      if (state === 'FAILED') throw new Trouble('The demo data were refused.', JSON.stringify(problem));
      return state === 'SUCCEEDED' ? result : undefined;
    });
  }

  /**
   * What one service has told shows at the gateway a moment later.
   * @param {string} address
   * @param {(body: any) => any} pick undefined: not there yet
   * @returns {Promise<any>}
   */
  async shown(address, pick) {
    for (const end = Date.now() + SHOWN_WITHIN_MS; ; await pause(100)) {
      const response = await this.send('GET', address);
      const found = response.ok ? pick(await response.json()) : undefined;
      if (found !== undefined) return found;
      if (!response.ok && response.status !== 404) throw await refused('GET', address, response);
      if (Date.now() > end) throw new Trouble(`The demo data did not load: ${address} shows nothing after ${SHOWN_WITHIN_MS / 1000} s.`);
    }
  }
}

/** @param {string} method @param {string} address @param {Response} response */
async function refused(method, address, response) {
  return new Trouble(
    `The demo data did not load: ${method} ${address} answered ${response.status}.`,
    (await response.text()).slice(0, 2_000),
  );
}
