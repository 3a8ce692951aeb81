import type { FactDraft } from '#libs/contracts/message';
import type { Removal } from '#libs/contracts/values';
import type { Context, Decision } from './decision.js';
import { failed, judge, passed, rule } from './verdict.js';

interface Removable<S> {
  /** What the codes of its rules begin with. */
  name: string;
  /** Roles held towards the record, and those that may remove it. */
  roles(before: S, context: Context): readonly string[];
  actors: readonly string[];
  /** Why it has to stay though nothing depends on it; null: it may go. */
  stays(before: S): string | null;
  tell(before: S, id: string): FactDraft;
}

type Decide<S> = (before: S | null, removal: Removal, context: Context) => Decision<S>;

/** The decision of a `remove` command: for what was made by mistake, and what nobody has come to rely on. */
export function removing<S extends object>({ name, roles, actors, stays, tell }: Removable<S>): Decide<S> {
  interface Asked extends Removal {
    before: S;
    held: readonly string[];
  }
  const rules = [
    rule(
      `${name}.REMOVE.ACTOR`,
      ({ held }: Asked) =>
        held.some((role) => actors.includes(role))
          ? passed('It is yours to remove.', { roles: held })
          : failed(`It is removed by ${actors.join(', ')}.`, { roles: held, actors }),
      { kind: 'NOT_YOURS' },
    ),
    rule(`${name}.REMOVE.STATE`, ({ before }: Asked) => stays(before) ?? true, { kind: 'WRONG_STATE' }),
    rule(
      `${name}.REMOVE.FREE`,
      ({ dependents }: Asked) => {
        const told = Object.entries(dependents).map(([resource, count]) => `${count} of ${resource}`);
        return told.length === 0
          ? passed('No other record names it.')
          : failed(`Other records name it: ${told.join(', ')}.`, { dependents });
      },
      { kind: 'WRONG_STATE' },
    ),
  ];
  return (state, { dependents }, context) => {
    const before = state as S;
    const verdicts = judge(rules, { before, dependents, held: roles(before, context) });
    return { next: before, gone: true, facts: [tell(before, context.id)], verdicts };
  };
}
