import { type MachineState, type MachineTable, machineTable, type Transition } from '#libs/reference/machines';
import { evaluate, failed, passed, type Rule, rule, type Verdict } from './verdict.js';

/** Roles and party roles already resolved for the record in question; SYSTEM for the product itself. */
export interface By {
  readonly roles: readonly string[];
}

/** `null`: the record does not exist yet. */
export type State = string | null;

export interface Action {
  readonly command: string;
  readonly path: string;
  readonly allowed: boolean;
  readonly verdicts: readonly Verdict[];
  readonly actors: readonly string[];
  readonly systemOnly: boolean;
  readonly targets: readonly string[];
  readonly guards: readonly string[];
  readonly input: Readonly<Record<string, string | readonly string[] | undefined>>;
}

const machines = new Map<string, Machine>();

/** The state machine of a code of state-machines; throws when there is none. */
export function machine(code: string): Machine {
  const known = machines.get(code) ?? new Machine(machineTable(code));
  machines.set(code, known);
  return known;
}

/** `recordPaperSignature` as a path: `record-paper-signature`. */
export const kebab = (command: string): string => command.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const constant = (command: string): string => kebab(command).replaceAll('-', '_').toUpperCase();

const distinct = <T>(items: readonly T[]): T[] => [...new Set(items)];

/** One state machine of the reference data: which commands lead where, and the verdicts on who may give one now. */
export class Machine {
  readonly code: string;
  readonly states: readonly MachineState[];
  /** Where a record begins that no explicit command creates. */
  readonly first: string;

  constructor(private readonly table: MachineTable) {
    this.code = table.code;
    this.states = table.states;
    this.first = (table.states[0] as MachineState).code;
  }

  commands(): string[] {
    return distinct(this.table.transitions.map(({ command }) => command));
  }

  /** Commands that create the record. */
  creating(): string[] {
    return this.commands().filter((command) => this.targets(command, null).length > 0);
  }

  actors(command: string): string[] {
    return distinct(this.of(command).flatMap(({ actor }) => actor));
  }

  systemOnly(command: string): boolean {
    return this.actors(command).every((actor) => actor === 'SYSTEM');
  }

  /** More than one where the aggregate decides through its guards, none where the command is not possible. */
  targets(command: string, state: State): string[] {
    return distinct(
      this.of(command)
        .filter(({ from }) => from.includes(state ?? '-'))
        .map(({ to }) => to),
    );
  }

  isTerminal(state: string): boolean {
    return this.states.some(({ code, terminal }) => code === state && terminal);
  }

  /** The rules STATE and ACTOR of the table. They are bound to state and actor, so they join rules with any arguments. */
  allows(command: string, by: By, state: State): Rule<[]>[] {
    this.of(command);
    const code = `${this.code}.${constant(command)}`;
    return [
      rule(`${code}.STATE`, () => this.state(command, state), { kind: 'WRONG_STATE', source: this.source }),
      rule(`${code}.ACTOR`, () => this.actor(command, by), { kind: 'NOT_YOURS', source: this.source }),
    ];
  }

  /** What may come next, for whom, and why not. */
  actions(state: State, by: By): Action[] {
    return this.commands().map((command) => {
      const verdicts = evaluate(this.allows(command, by, state));
      return {
        command,
        path: kebab(command),
        allowed: verdicts.every(({ outcome }) => outcome !== 'FAILED'),
        verdicts,
        actors: this.actors(command),
        systemOnly: this.systemOnly(command),
        targets: this.targets(command, state),
        guards: distinct(this.of(command).map(({ guard }) => guard)),
        input: Object.assign({}, ...this.of(command).map(({ input }) => input)),
      };
    });
  }

  private get source(): string {
    return `state-machines.json#${this.code}`;
  }

  private of(command: string): readonly Transition[] {
    const transitions = this.table.transitions.filter((transition) => transition.command === command);
    if (transitions.length === 0) throw new Error(`${this.code} has no command ${command}.`);
    return transitions;
  }

  private state(command: string, state: State) {
    const from = distinct(this.of(command).flatMap((transition) => transition.from));
    const inputs = { command, state, from };
    if (from.includes(state ?? '-')) return passed(`${command} is possible from ${state ?? 'nothing'}.`, inputs);
    const where = from.map((each) => (each === '-' ? 'a record that does not exist yet' : each)).join(', ');
    return failed(`${command} is possible from ${where}, not from ${state ?? 'a record that does not exist yet'}.`, inputs);
  }

  private actor(command: string, { roles }: By) {
    const actors = this.actors(command);
    const inputs = { command, actors, roles };
    // The administrator may stand in for anybody except for the product itself.
    const may = roles.some((role) => actors.includes(role)) || (roles.includes('PLATFORM_ADMIN') && !this.systemOnly(command));
    return may ? passed(`${command} is yours to do.`, inputs) : failed(`${command} is for ${actors.join(', ')}.`, inputs);
  }
}
