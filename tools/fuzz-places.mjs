/** A little of what the demo data do not hold, so that there is something of each kind. @param {string} partnership */
const seedsOf = (partnership) => ({
  '/v1/clients': {
    name: 'Fuzzed portal',
    roles: [{ role: 'PARTNERSHIP_COORDINATOR', binding: { kind: 'PARTNERSHIP', id: partnership } }],
    partnership,
  },
  '/v1/subscriptions': { channel: 'WEBHOOK', url: 'http://127.0.0.1:9/nobody', eventTypes: ['event.*'], filter: {} },
  '/v1/reports': { kind: 'COMPOSITION', format: 'CSV', parameters: { partnership: 'dia' } },
});
const SOME = 5;
/** The one way to take away the key it asks with: only ever tried at another. */
const REVOKE = '/v1/api-keys/{id}/revoke';

/**
 * Where to ask: ids of what there is, resource by resource, for the fuzzer to take every second time. Without them nearly all it asks for
 * is absent.
 * @param {import('./own-house.mjs').OwnHouse} house
 * @param {string} own id of who asks, which is left alone
 * @returns {Promise<string>} as settings of the fuzzer
 */
export async function places(house, own) {
  const { id: dia } = await house.ask('GET', '/v1/partnerships/dia');
  for (const [route, body] of Object.entries(seedsOf(dia))) await house.ask('POST', route, body);
  const { paths } = await house.ask('GET', '/openapi.json');
  const resources = Object.keys(paths).flatMap((path) => /^\/v1\/([\w-]+)\/\{id\}$/.exec(path)?.[1] ?? []);
  const sections = [];
  for (const resource of resources.filter((each) => `/v1/${each}` in paths)) {
    const { items } = await house.ask('GET', `/v1/${resource}?limit=${SOME}`);
    const ids = items.map((/** @type {{ id: string }} */ { id }) => id).filter((/** @type {string} */ id) => id !== own);
    if (ids.length > 0) sections.push(section(resource, ids));
  }
  const { id } = await house.ask('POST', '/v1/api-keys', { name: 'To be revoked', role: 'SUPPORT_OFFICE', bindings: [], test: true });
  return [...sections, revoked(id)].join('\n');
}

/** @param {string} resource @param {string[]} ids */
const section = (resource, ids) => `
[dictionaries.${resource}]
values = ${JSON.stringify(ids)}

[[operations]]
include-path-regex = "^/v1/${resource}/\\\\{id\\\\}"
exclude-path = "${REVOKE}"
parameters = { "path.id" = { dictionary = "${resource}", probability = 0.5 } }
`;

/** @param {string} id */
const revoked = (id) => `
[[operations]]
include-path = "${REVOKE}"
parameters = { "path.id" = "${id}" }
`;
