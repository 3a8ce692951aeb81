import file from './data/kpi-definitions.json' with { type: 'json' };

/** What a page promised (`target`, `planned`, `max`) or reported (`actual`). */
export interface KpiFigure {
  readonly partnership: string;
  readonly target?: number;
  readonly planned?: number;
  readonly actual?: number;
  readonly max?: number;
  readonly qualifier?: string;
  readonly note?: string;
}

export interface KpiDefinition {
  readonly code: string;
  readonly name: string;
  readonly unit: string;
  readonly howCounted: string;
  readonly origin: string;
  readonly level: string;
  readonly targetsInSources?: readonly KpiFigure[];
}

export const kpiDefinitions: readonly KpiDefinition[] = file.items;

export function kpiDefinition(code: string): KpiDefinition | undefined {
  return kpiDefinitions.find((each) => each.code === code);
}
