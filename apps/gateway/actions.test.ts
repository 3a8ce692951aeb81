import { describe, expect, it } from '@jest/globals';
import type { Actor, Binding } from '#libs/contracts/actor';
import { machine } from '#libs/domain/machine';
import { acting, actionsOf, type RecordAction } from './actions.js';
import { resources, type View } from './resources.js';

const as = (role: string, kind?: Binding['kind'], id = 'p'): Actor => ({
  kind: 'CLIENT',
  id: 'me',
  roles: [{ role, binding: kind ? { kind, id } : null }],
  scopes: [],
  at: '2026-01-01T00:00:00.000Z',
});
const view = (fields: Record<string, unknown>): View => ({
  id: 'p',
  version: 1,
  completeness: { percent: 50, missing: ['aims'] },
  ...fields,
});
const admin = as('PLATFORM_ADMIN');
const allowed = (actions: RecordAction[]) => actions.filter((action) => action.allowed).map(({ path }) => path);

const states = Object.keys(acting).flatMap((resource) =>
  resources[resource]!.contract.machines.flatMap(({ machine: code, field }) =>
    machine(code).states.map((state) => [resource, code, field, state.code] as const),
  ),
);

describe('The actions of a record', () => {
  it.each(states)('%s by %s, whose %s is %s, are all its commands but those of the product itself', (resource, code, field, state) => {
    const table = machine(code);
    const actions = actionsOf(resource, view({ state: table.first, [field]: state, profile: state, partnerships: [] }), admin).filter(
      (action) => action.machine === code,
    );
    expect(actions.map(({ command }) => command)).toEqual(table.commands().filter((command) => !table.systemOnly(command)));
    for (const { command, allowed: may, targets, missing, verdicts, whoMay } of actions) {
      const possible = table.targets(command, state);
      expect({ command, targets, may }).toEqual({ command, targets: possible, may: possible.length > 0 && missing.length === 0 });
      expect(whoMay).toEqual(table.actors(command));
      expect(verdicts.length).toBeGreaterThanOrEqual(2);
    }
  });

  it('of a partnership are those of its phase and of its publication', () => {
    const partnership = view({ state: 'IMPLEMENTATION', profile: 'PUBLISHED' });
    expect(allowed(actionsOf('partnerships', partnership, as('PARTNERSHIP_COORDINATOR', 'PARTNERSHIP')))).toEqual([
      '{id}/extend',
      '{id}/complete',
      '{id}/terminate',
      '{id}/profile/unpublish',
    ]);
  });

  it('are nobody else’s', () => {
    const partnership = view({ state: 'IMPLEMENTATION', profile: 'PUBLISHED' });
    expect(allowed(actionsOf('partnerships', partnership, as('PARTNERSHIP_COORDINATOR', 'PARTNERSHIP', 'other')))).toEqual([]);
    expect(allowed(actionsOf('partnerships', partnership, as('CLUSTER_MANAGER', 'CLUSTER')))).toEqual([]);
  });

  it('say what the command takes', () => {
    const actions = actionsOf('partnerships', view({ state: 'PREPARATION', profile: 'DRAFT' }), admin);
    expect(actions.find(({ command }) => command === 'extend')).toMatchObject({ requiredFields: ['durationMonths', 'reason'] });
  });

  it('say what is still missing, and are not allowed before', () => {
    const event = view({ state: 'PLANNED', partnerships: ['x'], type: null, when: null, zone: null, mode: 'ONLINE' });
    const schedule = (given: View) =>
      actionsOf('events', given, as('EVENT_ORGANISER', 'EVENT')).find(({ command }) => command === 'schedule');
    expect(schedule(event)).toMatchObject({ allowed: false, missing: ['/type', '/start', '/end', '/zone'] });
    expect(
      schedule({ ...event, type: 'STUDY_VISIT', start: '2027-05-12T09:00', end: '2027-05-12T17:00', zone: 'Europe/Paris' }),
    ).toMatchObject({
      allowed: true,
      missing: [],
    });
    expect(schedule({ ...event, mode: 'ON_SITE' })!.missing).toEqual(expect.arrayContaining(['/country', '/city']));
  });

  it('of a subscription are its owner’s', () => {
    const own = { state: 'ACTIVE', owner: 'me' };
    expect(allowed(actionsOf('subscriptions', view(own), as('CLUSTER_MANAGER')))).toEqual(['{id}/pause', '{id}/end']);
    expect(allowed(actionsOf('subscriptions', view({ ...own, owner: 'other' }), as('CLUSTER_MANAGER')))).toEqual([]);
  });

  it.each([
    ['CLUSTER_IN_PARTNERSHIP', 'INVITED', 'CLUSTER_MANAGER', 'CLUSTER', true],
    ['CLUSTER_IN_PARTNERSHIP', 'INVITED', 'PARTNERSHIP_COORDINATOR', 'PARTNERSHIP', false],
    ['CLUSTER_IN_PARTNERSHIP', 'REQUESTED', 'PARTNERSHIP_COORDINATOR', 'PARTNERSHIP', true],
    ['ORGANISATION_IN_CLUSTER', 'INVITED', 'ORGANISATION_REPRESENTATIVE', 'ORGANISATION', true],
    ['ORGANISATION_IN_CLUSTER', 'REQUESTED', 'ORGANISATION_REPRESENTATIVE', 'ORGANISATION', false],
  ] as const)('of a %s that is %s: to accept it is for %s of the %s: %s', (kind, state, role, binding, may) => {
    const membership = view({ kind, state, partnership: 'p', cluster: 'p', organisation: 'p' });
    const accept = actionsOf('memberships', membership, as(role, binding)).find(({ command }) => command === 'accept');
    expect(accept!.allowed).toBe(may);
  });
});
