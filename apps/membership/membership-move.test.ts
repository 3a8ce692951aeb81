import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Binding, BoundRole } from '#libs/contracts/actor';
import type { Context } from '#libs/domain/decision';
import { failedRules, Refusal } from '#libs/domain/verdict';
import type { Membership } from './membership.js';
import {
  acceptMembership,
  declineMembership,
  endMembership,
  inviteMembership,
  type Joining,
  requestMembership,
  resumeMembership,
  suspendMembership,
} from './membership-move.js';

const id = '01434b19-8400-7309-9f13-76396dd9e6e6';
const partnership = '01434b19-8400-7309-9f13-76396dd9e601';
const cluster = '01434b19-8400-7309-9f13-76396dd9e602';
const organisation = '01434b19-8400-7309-9f13-76396dd9e603';

const as = (role: string, kind?: Binding['kind'], to?: string, at = '2026-03-01T10:00:00.000Z'): Context => {
  const held: BoundRole = { role, binding: kind && to ? { kind, id: to } : null };
  return { id, at, message: 'm', by: { kind: 'CLIENT', id: 'x', roles: [held], scopes: [], at } };
};
const coordinator = as('PARTNERSHIP_COORDINATOR', 'PARTNERSHIP', partnership);
const manager = as('CLUSTER_MANAGER', 'CLUSTER', cluster);
const representative = as('ORGANISATION_REPRESENTATIVE', 'ORGANISATION', organisation);
const platform = as('PLATFORM_ADMIN');
const stranger = as('PARTNERSHIP_COORDINATOR', 'PARTNERSHIP', 'other');

const known: Joining = { cluster: { state: 'VALIDATED', country: 'FI' }, call: null, others: [] };
const invited = () => inviteMembership([])(null, { cluster, partnership }, coordinator).next;
const active = (over: Partial<Membership> = {}): Membership => ({
  ...acceptMembership(known)(invited(), { on: '2026-01-01' }, manager).next,
  ...over,
});
const joining = () => requestMembership([])(null, { cluster, organisation }, representative).next;

describe('A membership', () => {
  it('begins with the word of one side', () => {
    const { next, facts } = inviteMembership([])(null, { cluster, partnership }, coordinator);
    expect(next).toMatchObject({ kind: 'CLUSTER_IN_PARTNERSHIP', state: 'INVITED', role: 'PARTNER', organisation: null, periods: [] });
    expect(facts).toMatchObject([{ type: 'membership.invited.v1', data: { id, partnership } }]);
    expect(joining()).toMatchObject({ kind: 'ORGANISATION_IN_CLUSTER', state: 'REQUESTED', role: 'MEMBER', partnership: null });
    for (const by of [stranger, manager])
      expect(failedRules(() => inviteMembership([])(null, { cluster, partnership }, by))).toEqual(['MEMBERSHIP.INVITE.ACTOR']);
    expect(failedRules(() => requestMembership([])(null, { cluster, partnership }, coordinator))).toEqual(['MEMBERSHIP.REQUEST.ACTOR']);
  });

  it('is of two, who are joined by one open membership', () => {
    const others = [{ id: 'm', state: 'SUSPENDED', periods: [] }];
    expect(failedRules(() => inviteMembership(others)(null, { cluster }, platform))).toEqual([
      'MEMBERSHIP.PAIR.SIDES',
      'MEMBERSHIP.PAIR.OPEN',
    ]);
    expect(failedRules(() => inviteMembership([])(null, { cluster, partnership, organisation }, platform))).toEqual([
      'MEMBERSHIP.PAIR.SIDES',
    ]);
    const over = [{ id: 'm', state: 'ENDED', periods: [] }];
    expect(failedRules(() => inviteMembership(over)(null, { cluster, partnership }, coordinator))).toEqual([]);
  });

  it('is accepted by the other side alone, or declined', () => {
    const accept = acceptMembership(known);
    expect(failedRules(() => accept(invited(), {}, coordinator))).toEqual(['MEMBERSHIP.ACCEPT.ACTOR']);
    expect(failedRules(() => accept(joining(), {}, representative))).toEqual(['MEMBERSHIP.ACCEPT.ACTOR']);
    expect(accept(joining(), {}, manager).next).toMatchObject({ state: 'ACTIVE', periods: [{ from: '2026-03-01', to: null }] });
    expect(declineMembership(invited(), { reason: 'no' }, manager).next).toMatchObject({
      state: 'DECLINED',
      reason: 'no',
      openPair: null,
    });
  });

  it('in a partnership is of a validated cluster in a COSME country; all that fails is told at once', () => {
    const accept = acceptMembership({ ...known, cluster: { state: 'SUSPENDED', country: 'US' } });
    expect(failedRules(() => accept(invited(), { on: '2027-01-01' }, manager))).toEqual([
      'MEMBERSHIP.PERIOD.PAST',
      'MEMBERSHIP.ACCEPT.VALIDATED',
      'MEMBERSHIP.ACCEPT.COSME',
    ]);
    expect(failedRules(() => accept(joining(), {}, manager))).toEqual([]);
  });

  it('is suspended by what it belongs to, and what is given back begins another period', () => {
    const said = { reason: 'fees' };
    const suspended = suspendMembership(active(), { ...said, on: '2026-02-01' }, coordinator).next;
    expect(suspended).toMatchObject({ state: 'SUSPENDED', periods: [{ from: '2026-01-01', to: '2026-02-01' }], reason: 'fees' });
    expect(failedRules(() => resumeMembership(suspended, {}, manager))).toEqual(['MEMBERSHIP.SUSPEND.SIDE']);
    const { next } = resumeMembership(suspended, {}, coordinator);
    expect(next.periods).toEqual([
      { from: '2026-01-01', to: '2026-02-01', recordedAt: manager.at, endRecordedAt: coordinator.at },
      { from: '2026-03-01', to: null, recordedAt: coordinator.at, endRecordedAt: null },
    ]);
    expect(failedRules(() => suspendMembership(active(), { ...said, on: '2025-12-31' }, coordinator))).toEqual(['MEMBERSHIP.PERIOD.ORDER']);
  });

  it('of the coordinator is neither suspended nor ended', () => {
    const leading = active({ role: 'COORDINATOR' });
    for (const decide of [suspendMembership, endMembership])
      expect(failedRules(() => decide(leading, { reason: 'x' }, coordinator))).toEqual(['MEMBERSHIP.COORDINATION.HANDED_OVER']);
  });

  it('ends for either side, and is begun anew after that only', () => {
    const { next, facts } = endMembership(active(), { reason: 'left', on: '2026-02-01' }, manager);
    expect(next).toMatchObject({ state: 'ENDED', periods: [{ from: '2026-01-01', to: '2026-02-01' }], openPair: null });
    expect(facts[0]?.data).not.toHaveProperty('reason');
    const again = acceptMembership({ ...known, others: [{ ...next, id: 'm' }] });
    expect(failedRules(() => again(invited(), { on: '2026-01-31' }, manager))).toEqual(['MEMBERSHIP.PERIOD.ORDER']);
    expect(again(invited(), { on: '2026-02-01' }, manager).next.periods).toMatchObject([{ from: '2026-02-01', to: null }]);
  });

  it('imported, since when nobody said, ends and is not followed by one that overlaps it', () => {
    const imported = active({ periods: [{ from: null, to: null }] });
    expect(endMembership(imported, { reason: 'x', on: '2019-01-01' }, coordinator).next.periods).toMatchObject([
      { from: null, to: '2019-01-01' },
    ]);
  });
});

describe('Whatever is commanded of the memberships of two', () => {
  const day = fc.integer({ min: 0, max: 58 }).map((n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10));
  const commands = fc.array(fc.tuple(fc.constantFrom('begin', 'accept', 'decline', 'suspend', 'resume', 'end'), day), { maxLength: 40 });

  it('no two of their periods overlap, and one at most is open', () => {
    fc.assert(
      fc.property(commands, (all) => {
        const memberships: Membership[] = [];
        for (const [command, on] of all) attempt(memberships, command, on);
        const periods = memberships
          .flatMap((each) => each.periods)
          .toSorted((a, b) => (a.from! < b.from! ? -1 : a.from! > b.from! ? 1 : (a.to ?? '~') < (b.to ?? '~') ? -1 : 1));
        periods.forEach((period, place) => {
          expect(period.to === null || period.from! <= period.to).toBe(true);
          if (place > 0) expect(periods[place - 1]!.to !== null && periods[place - 1]!.to! <= period.from!).toBe(true);
        });
        const open = memberships.filter(({ state }) => !['ENDED', 'DECLINED'].includes(state));
        expect(open.length).toBeLessThanOrEqual(1);
        for (const each of memberships) expect(each.state === 'ACTIVE').toBe(each.periods.some(({ to }) => to === null));
      }),
      { numRuns: 500 },
    );
  });

  function attempt(memberships: Membership[], command: string, on: string): void {
    const last = memberships.at(-1);
    const others = memberships.slice(0, -1).map((each, place) => ({ ...each, id: String(place) }));
    const all = memberships.map((each, place) => ({ ...each, id: String(place) }));
    const decide: Record<string, () => Membership | undefined> = {
      begin: () => void memberships.push(inviteMembership(all)(null, { cluster, partnership }, platform).next),
      accept: () => last && acceptMembership({ ...known, others })(last, { on }, platform).next,
      decline: () => last && declineMembership(last, {}, platform).next,
      suspend: () => last && suspendMembership(last, { reason: 'x', on }, platform).next,
      resume: () => last && resumeMembership(last, { on }, platform).next,
      end: () => last && endMembership(last, { reason: 'x', on }, platform).next,
    };
    try {
      const next = decide[command]!();
      if (next) memberships[memberships.length - 1] = next;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
});
