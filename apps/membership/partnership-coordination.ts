import type { z } from 'zod';
import { CoordinationPassed, type PassCoordination } from '#libs/contracts/partnership';
import type { Context, Decision } from '#libs/domain/decision';
import { failed, judge, passed, rule } from '#libs/domain/verdict';
import { type Partnership, readable } from './partnership.js';

type Pass = z.output<typeof PassCoordination.data>;

interface Asked {
  before: Partnership;
  said: Pass;
}

const byItself = ({ by }: Context) =>
  rule('MEMBERSHIP.COORDINATION.PRODUCT', () => by.kind === 'SYSTEM' || 'It is handed over by the membership that has it.', {
    kind: 'NOT_YOURS',
  });

const stillHeld = rule(
  'MEMBERSHIP.COORDINATION.HELD',
  ({ before, said: { from } }: Asked) => {
    const coordinator = before.coordinator?.cluster ?? null;
    return coordinator === from
      ? passed('It coordinates still.', { coordinator })
      : failed('Another has taken over meanwhile.', { coordinator });
  },
  { kind: 'WRONG_STATE', source: 'state-machines.json#MEMBERSHIP' },
);

const afterTheLast = rule('MEMBERSHIP.COORDINATION.DAY', ({ before, said: { on } }: Asked) => {
  const last = before.coordinators?.at(-1)?.from ?? null;
  return last === null || on >= last
    ? passed('The day follows on the last hand-over.', { on, last })
    : failed(`The last hand-over was on ${last}.`, { on, last }, '/on');
});

/** One ends where the next begins: so there is one coordinator on any day, and at any moment the one that stands here. */
export const passCoordination =
  (name: string) =>
  (partnership: Partnership | null, said: Pass, context: Context): Decision<Partnership> => {
    const before = partnership as Partnership;
    const verdicts = judge([byItself(context), stillHeld, afterTheLast], { before, said });
    const { from, to: cluster, on } = said;
    const known = before.coordinators ?? (from ? [{ cluster: from, from: null, to: null }] : []);
    const ended = known.map((each) => (each.to === null ? { ...each, to: on } : each));
    const next = { ...before, coordinator: { cluster, name }, coordinators: [...ended, { cluster, from: on, to: null }] };
    return { next, facts: [CoordinationPassed.of(readable(next, context.id))], verdicts };
  };
