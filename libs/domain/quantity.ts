/** A number as somebody stated it. `qualifier` is a code of quantity-qualifiers; null: nothing was said beside the number. */
export interface Quantity {
  readonly value: number;
  readonly unit?: string;
  readonly qualifier: string | null;
  readonly asOf: string | null;
  readonly asPrinted?: string;
}

/** `coverage` says from how many of the parts the value is made: "4 of 4". */
export interface Computed {
  readonly value: number;
  readonly coverage: string;
}

/** Three numbers that must not be taken for each other; null is "not declared", never 0. */
export interface Figure {
  readonly declared: Quantity | null;
  readonly target: Quantity | null;
  readonly computed: Computed | null;
  readonly difference: number | null;
}

export interface FigureParts {
  readonly declared?: Quantity | null;
  readonly target?: Quantity | null;
  readonly parts?: readonly (number | null)[];
}

/** A number in its plainest form: nothing said beside it, no date, no unit, unless given. */
export function quantity(value: number, { qualifier = null, asOf = null, ...more }: Partial<Omit<Quantity, 'value'>> = {}): Quantity {
  return { value, qualifier, asOf, ...more };
}

/** The difference stands only where a whole sum meets a declared number. */
export function figure({ declared = null, target = null, parts = [] }: FigureParts): Figure {
  const computed = sumOf(parts);
  const whole = parts.every((part) => part !== null);
  const difference = declared && computed && whole ? rounded(computed.value - declared.value) : null;
  return { declared, target, computed, difference };
}

/** Nothing known of any part is null, not 0. */
export function sumOf(parts: readonly (number | null)[]): Computed | null {
  const known = parts.filter((part) => part !== null);
  if (known.length === 0) return null;
  return { value: rounded(known.reduce((sum, part) => sum + part, 0)), coverage: `${known.length} of ${parts.length}` };
}

/** Binary fractions: 0.1 + 0.2 is served as 0.3. */
const rounded = (value: number): number => Number(value.toPrecision(15));
