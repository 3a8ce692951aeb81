import file from './data/state-machines.json' with { type: 'json' };

export interface MachineState {
  readonly code: string;
  readonly terminal: boolean;
  readonly meaning: string;
}

/** `from` holds '-' where the command creates the record. */
export interface Transition {
  readonly command: string;
  readonly from: readonly string[];
  readonly to: string;
  readonly actor: readonly string[];
  readonly guard: string;
  readonly input?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly correction?: boolean;
}

export interface MachineTable {
  readonly code: string;
  readonly title: string;
  readonly origin: string;
  readonly partOf?: string;
  readonly states: readonly MachineState[];
  readonly transitions: readonly Transition[];
  readonly rules: readonly string[];
}

/** Every state machine of the field, as its table says. */
export const machines: readonly MachineTable[] = file.machines;

const byCode = new Map(machines.map((table) => [table.code, table]));

/** By its code, such as EVENT; throws when there is none. */
export function machineTable(code: string): MachineTable {
  const table = byCode.get(code);
  if (!table) throw new Error(`There is no machine ${code}.`);
  return table;
}
