import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { machines } from '#libs/reference/machines';
import { kebab, machine } from './machine.js';
import { evaluate, failedRules, judge, rule } from './verdict.js';

const as = (...roles: string[]) => ({ roles });
const everyTransition = machines.flatMap(({ code, transitions }) => transitions.map((transition) => ({ code, ...transition })));

describe('The machine of agreements', () => {
  const agreement = machine('AGREEMENT');

  it('begins as a prospect', () => {
    expect(agreement.first).toBe('PROSPECT');
    expect(agreement.creating()).toEqual([]);
  });

  it('lets a signatory sign what is ready, with two possible outcomes', () => {
    expect(judge([agreement.allows('sign', as('SIGNATORY'), 'READY_FOR_SIGNATURE')])).toHaveLength(2);
    expect(agreement.targets('sign', 'READY_FOR_SIGNATURE').sort()).toEqual(['PARTLY_SIGNED', 'SIGNED']);
  });

  it('tells both the wrong state and the wrong actor', () => {
    const never = rule('NEVER', (_: { title: string }) => 'Never.');
    expect(failedRules(() => judge([agreement.allows('sign', as('PUBLIC'), 'PROSPECT'), never], { title: 'MoU' }))).toEqual([
      'AGREEMENT.SIGN.STATE',
      'AGREEMENT.SIGN.ACTOR',
      'NEVER',
    ]);
  });

  it('names rules of long commands in constant case', () => {
    expect(failedRules(() => judge([agreement.allows('recordPaperSignature', as(), 'PROSPECT')]))).toEqual([
      'AGREEMENT.RECORD_PAPER_SIGNATURE.STATE',
      'AGREEMENT.RECORD_PAPER_SIGNATURE.ACTOR',
    ]);
  });

  it('refuses as not yours before it refuses for the state', () => {
    expect(() => judge([agreement.allows('sign', as('PUBLIC'), 'PROSPECT')])).toThrow(
      expect.objectContaining({ kind: 'NOT_YOURS', code: 'AGREEMENT.SIGN.ACTOR' }),
    );
    expect(() => judge([agreement.allows('sign', as('SIGNATORY'), 'PROSPECT')])).toThrow(expect.objectContaining({ kind: 'WRONG_STATE' }));
  });
});

describe('A machine', () => {
  it('knows the commands that create its records', () => {
    expect(machine('MEMBERSHIP').creating()).toEqual(['invite', 'request']);
    expect(machine('MEMBERSHIP').targets('invite', null)).toEqual(['INVITED']);
  });

  it('says what may come next, for whom, and why not', () => {
    const actions = machine('PARTNERSHIP').actions('PREPARATION', as('PARTNERSHIP_COORDINATOR'));
    const byCommand = new Map(actions.map((action) => [action.command, action]));
    expect(actions).toHaveLength(7);
    expect(byCommand.get('startImplementation')).toMatchObject({
      path: 'start-implementation',
      allowed: true,
      actors: ['PARTNERSHIP_COORDINATOR'],
      targets: ['IMPLEMENTATION'],
      input: { basis: ['STRAND_OF_CALL', 'NEW_GRANT', 'VOLUNTARY'] },
    });
    expect(byCommand.get('startPreparation')).toMatchObject({
      allowed: false,
      verdicts: [
        {
          rule: 'PARTNERSHIP.START_PREPARATION.STATE',
          outcome: 'FAILED',
          message: 'startPreparation is possible from DRAFT, not from PREPARATION.',
        },
        { outcome: 'PASSED' },
      ],
    });
    expect(byCommand.get('archive')).toMatchObject({ allowed: false, actors: ['PLATFORM_ADMIN'] });
  });

  it('has no way out of an end state but corrections', () => {
    for (const { code, states, transitions } of machines) {
      const ends = states.filter((state) => state.terminal).map((state) => state.code);
      for (const { command } of transitions.filter(({ correction }) => !correction)) {
        const left = ends.filter((end) => machine(code).isTerminal(end) && machine(code).targets(command, end).length > 0);
        const corrections = transitions.filter((each) => each.command === command && each.correction).flatMap(({ from }) => from);
        expect(left.filter((end) => !corrections.includes(end))).toEqual([]);
      }
    }
  });

  it('allows every transition of its table to every actor named there', () => {
    for (const { code, command, from, to, actor } of everyTransition) {
      for (const state of from.map((each) => (each === '-' ? null : each))) {
        expect(machine(code).targets(command, state)).toContain(to);
        for (const role of actor) expect(failedRules(() => judge([machine(code).allows(command, as(role), state)]))).toEqual([]);
      }
    }
  });

  it('allows nothing that its table does not name', () => {
    const command = fc.constantFrom(...everyTransition);
    const state = fc.constantFrom(...new Set(machines.flatMap(({ states }) => states.map(({ code }) => code))));
    fc.assert(
      fc.property(command, state, ({ code, command }, state) => {
        const possible = everyTransition.some((each) => each.code === code && each.command === command && each.from.includes(state));
        const [where, who] = evaluate([machine(code).allows(command, as('NOBODY'), state)]);
        expect(where?.outcome).toBe(possible ? 'PASSED' : 'FAILED');
        expect(who?.outcome).toBe('FAILED');
      }),
    );
  });

  it('lets the administrator stand in for anybody but the product', () => {
    for (const { code, command } of everyTransition) {
      const [, who] = evaluate([machine(code).allows(command, as('PLATFORM_ADMIN'), null)]);
      expect(who?.outcome).toBe(machine(code).systemOnly(command) ? 'FAILED' : 'PASSED');
    }
  });

  it('lets the product take only the commands that name it', () => {
    for (const { code, command } of everyTransition) {
      const [, who] = evaluate([machine(code).allows(command, as('SYSTEM'), null)]);
      expect(who?.outcome).toBe(machine(code).actors(command).includes('SYSTEM') ? 'PASSED' : 'FAILED');
    }
  });

  it('does not know commands of another machine', () => {
    expect(() => machine('CLUSTER').allows('sign', as(), 'REGISTERED')).toThrow('CLUSTER has no command sign.');
    expect(() => machine('NOTHING')).toThrow('There is no machine NOTHING.');
  });

  it('has paths in kebab case', () => {
    expect(kebab('recordPaperSignature')).toBe('record-paper-signature');
    expect(kebab('sign')).toBe('sign');
  });
});
