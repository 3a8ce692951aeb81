import file from './data/partnership-programmes.json' with { type: 'json' };

export interface Strand {
  readonly code: string;
  readonly phase: string;
  readonly deliverables?: readonly string[];
  readonly focus?: string;
  readonly maxGrantEur?: number;
  readonly minThirdCountries?: number;
}

/** A strand as pages print it: DIA says "Strand1" where the call has 1.a and 1.b. */
export interface StrandLabel {
  readonly code: string;
  readonly label: string;
  readonly covers: readonly string[];
}

export interface Call {
  readonly code: string;
  readonly generation: number;
  readonly wave?: number;
  readonly fundingPeriod: string;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly strands?: readonly Strand[];
  readonly strandLabelsInSeeds?: readonly StrandLabel[];
}

export interface Phase {
  readonly code: string;
  readonly label: string;
}

export interface Programme {
  readonly code: string;
  readonly name: string;
  readonly alsoNamed?: readonly string[];
  readonly scope: string;
  readonly exchangeScheme: boolean;
  readonly calls?: readonly Call[];
  readonly phases?: readonly Phase[];
}

export const programmes: readonly Programme[] = file.items;

/** By its code alone; undefined when there is none. */
export function programme(code: string): Programme | undefined {
  return programmes.find((each) => each.code === code);
}

/** A call of any programme, by its code alone; undefined when there is none. */
export function call(code: string): Call | undefined {
  return programmes.flatMap(({ calls = [] }) => calls).find((each) => each.code === code);
}

/** The programme a call belongs to. */
export function programmeOf(callCode: string): Programme | undefined {
  return programmes.find(({ calls = [] }) => calls.some(({ code }) => code === callCode));
}

/** Strands of the call, also as they are printed in the seeds. */
export function strandCodes({ strands = [], strandLabelsInSeeds = [] }: Call): string[] {
  return [...strands, ...strandLabelsInSeeds].map(({ code }) => code);
}

const phases = programmes.flatMap(({ phases = [] }) => phases);

/** Phase and strand as one label: "Preparation Phase - Strand1". A draft has none. */
export function statusLabel(phase: string | null, strand: string | null): string | null {
  if (phase === null || phase === 'DRAFT') return null;
  const label = phases.find(({ code }) => code === phase)?.label ?? phase.charAt(0) + phase.slice(1).toLowerCase();
  return strand === null ? label : `${label} - Strand${strand}`;
}
