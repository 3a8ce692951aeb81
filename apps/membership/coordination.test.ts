import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { system } from '#libs/contracts/actor';
import { NoteHandOver, PromiseCoordination, SettleCoordination } from '#libs/contracts/membership';
import type { CommandContract } from '#libs/contracts/message';
import { PassCoordination } from '#libs/contracts/partnership';
import type { Context, Decision, Send } from '#libs/domain/decision';
import { Refusal } from '#libs/domain/verdict';
import { consentInMembership, handOverCoordination, noteHandOver, promiseCoordination, settleCoordination } from './coordination.js';
import type { Membership } from './membership.js';
import { endMembership } from './membership-move.js';
import { blank, type Partnership } from './partnership.js';
import { passCoordination } from './partnership-coordination.js';

const AT = '2026-11-23T10:00:00.000Z';
const id = (last: string) => `01434b19-8400-7309-9f13-76396dd9e6${last}`;
const PARTNERS = [id('a1'), id('b1'), id('c1')];
const [FIRST] = PARTNERS;
const THE_PARTNERSHIP = id('ff');
const clusterOf = (member: string) => member.replace(/1$/, '2');
const member = (of: string): Membership => ({
  kind: 'CLUSTER_IN_PARTNERSHIP',
  partnership: THE_PARTNERSHIP,
  cluster: clusterOf(of),
  organisation: null,
  role: of === FIRST ? 'COORDINATOR' : 'PARTNER',
  no: null,
  state: 'ACTIVE',
  periods: [{ from: '2020-01-01', to: null }],
  reason: null,
  sourceKey: null,
});

/** What waits on the topic: in order for each aggregate, in any order between them. */
interface Waiting {
  command: CommandContract;
  key: string;
  data: never;
  from?: Send & { key: string; of: string };
}

/** The aggregates of a partnership, each of which takes its messages in order. */
class World {
  partnership: Partnership = {
    ...blank,
    code: 'P',
    slug: 'p',
    acronym: 'P',
    name: 'P',
    programme: 'ESCP-4X',
    profile: 'DRAFT',
    sourceKey: null,
    coordinator: { cluster: clusterOf(id('a1')), name: 'A' },
  };
  readonly members = new Map(PARTNERS.map((id) => [id, member(id)]));
  private readonly queues = new Map<string, Waiting[]>();
  private count = 0;

  private context(id: string, by = system('membership', AT)): Context {
    this.count += 1;
    return { id, at: AT, message: `m${this.count}`, by };
  }

  private get coordinator() {
    return this.partnership.coordinator?.cluster ?? null;
  }

  private admin(id: string) {
    return this.context(id, { kind: 'CLIENT', id: 'x', roles: [{ role: 'PLATFORM_ADMIN', binding: null }], scopes: [], at: AT } as never);
  }

  give(what: 'consent' | 'handOver' | 'end', id: string, to: string): void {
    const before = this.members.get(id)!;
    const { coordinator } = this;
    const said = {
      consent: () => consentInMembership({ coordinator, version: 1 })(before, { to: 'hand-over-coordination' }, this.admin(id)),
      handOver: () =>
        handOverCoordination({ coordinator, successor: { id: to, membership: this.members.get(to)! } })(before, { to }, this.admin(id)),
      end: () => endMembership(before, { reason: 'over' }, this.admin(id)),
    };
    this.take(id, said[what]);
  }

  private take(id: string, decide: () => Decision<Membership>): 'DONE' | 'REFUSED' {
    try {
      const { next, sends = [] } = decide();
      this.members.set(id, next);
      for (const send of sends) this.put(id, send);
      return 'DONE';
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return 'REFUSED';
    }
  }

  private put(of: string, send: Send): void {
    const queue = this.queues.get(send.key) ?? [];
    this.queues.set(send.key, [...queue, { command: send.command, key: send.key, data: send.data as never, from: { ...send, of } }]);
  }

  /** The next message of one of the aggregates that have some; false: none has. */
  step(which: number): boolean {
    const busy = [...this.queues].filter(([, queue]) => queue.length > 0);
    if (busy.length === 0) return false;
    const [key, queue] = busy[which % busy.length]!;
    const [message, ...rest] = queue as [Waiting, ...Waiting[]];
    this.queues.set(key, rest);
    const status = this.deliver(message);
    const { from } = message;
    if (from?.answer) {
      const data = { step: from.step, outcome: { status, refusal: null } };
      this.put('', { command: from.answer, key: from.of, data, step: 'answer' });
    }
    return true;
  }

  private deliver({ command, key, data }: Waiting): 'DONE' | 'REFUSED' {
    if (command === PassCoordination) return this.pass(data);
    const before = this.members.get(key)!;
    const by = new Map<CommandContract, () => Decision<Membership>>([
      [PromiseCoordination, () => promiseCoordination(before, data, this.context(key))],
      [SettleCoordination, () => settleCoordination(before, data, this.context(key))],
      [NoteHandOver, () => noteHandOver(before, data, this.context(key))],
    ]);
    return this.take(key, by.get(command)!);
  }

  private pass(data: never): 'DONE' | 'REFUSED' {
    try {
      this.partnership = passCoordination('x')(this.partnership, data, this.context(THE_PARTNERSHIP)).next;
      return 'DONE';
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return 'REFUSED';
    }
  }
}

const move = fc.oneof(
  fc.record({
    what: fc.constantFrom('consent', 'handOver', 'handOver', 'end'),
    id: fc.constantFrom(...PARTNERS),
    to: fc.constantFrom(...PARTNERS),
  }),
  fc.nat(5),
);

describe('The coordination of a partnership', () => {
  it('is held by one at every time, an active partner, whatever is asked for and in whichever order messages arrive', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
        const world = new World();
        const one = () => {
          const { coordinator, coordinators = [] } = world.partnership;
          const holder = [...world.members.values()].find(({ cluster }) => cluster === coordinator!.cluster)!;
          expect(holder.state).toBe('ACTIVE');
          expect(coordinators.filter(({ to }) => to === null).length).toBe(coordinators.length > 0 ? 1 : 0);
          expect(coordinators.slice(1).map(({ from }) => from)).toEqual(coordinators.slice(0, -1).map(({ to }) => to));
          return holder;
        };
        for (const each of moves) {
          if (typeof each === 'number') world.step(each);
          else world.give(each.what as never, each.id, each.to);
          one();
        }
        while (world.step(0)) one();
        const roles = [...world.members.values()].filter(({ role }) => role === 'COORDINATOR');
        expect(roles).toEqual([one()]);
        expect([...world.members.values()].some(({ handingOver, takingOver }) => handingOver || takingOver)).toBe(false);
      }),
      { numRuns: 400 },
    );
  });
});
