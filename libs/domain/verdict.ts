import type { RefusalKind } from '#libs/contracts/message';

/** A rule answers with a verdict; a refusal carries them all, so that nobody has to ask twice what is wrong. */
export type Outcome = 'PASSED' | 'FAILED' | 'NOT_APPLICABLE';

export type Kind = RefusalKind;
/** Gravest first. */
const kinds: readonly Kind[] = ['NOT_YOURS', 'ABSENT', 'WRONG_STATE', 'OUTDATED', 'RULE'];

export type Inputs = Readonly<Record<string, unknown>>;

export interface Verdict {
  readonly rule: string;
  readonly version: number;
  readonly outcome: Outcome;
  readonly message: string;
  readonly inputs: Inputs;
  readonly source: string | null;
}

/** Where in what was sent a fault stands (JSON pointer). */
export interface Fault {
  readonly pointer: string;
  readonly message: string;
}

export interface Finding {
  readonly outcome: Outcome;
  readonly message: string;
  readonly inputs: Inputs;
  readonly faults: readonly Fault[];
}

export const passed = (message = 'Holds.', inputs: Inputs = {}): Finding => ({ outcome: 'PASSED', message, inputs, faults: [] });

/** With `at`, worth a look there, though nothing is refused. */
export function notApplicable(message: string, inputs: Inputs = {}, at?: string | readonly Fault[]): Finding {
  return { outcome: 'NOT_APPLICABLE', message, inputs, faults: faultsAt(message, at) };
}

/** `at` is one JSON pointer, or every fault when one rule fails in several places. */
export function failed(message: string, inputs: Inputs = {}, at?: string | readonly Fault[]): Finding {
  return { outcome: 'FAILED', message, inputs, faults: faultsAt(message, at) };
}

const faultsAt = (message: string, at: string | readonly Fault[] = []): readonly Fault[] =>
  typeof at === 'string' ? [{ pointer: at, message }] : at;

export interface Rule<Args extends readonly unknown[]> {
  readonly code: string;
  readonly version: number;
  readonly source: string | null;
  readonly kind: Kind;
  readonly evaluate: (...args: Args) => Finding;
}

export interface RuleOptions {
  readonly version?: number;
  readonly source?: string | null;
  readonly kind?: Kind;
}

/** `evaluate` answers with a finding, or in short: `true` when the rule holds, else the message. */
export function rule<Args extends readonly unknown[]>(
  code: string,
  evaluate: (...args: Args) => Finding | true | string,
  { version = 1, source = null, kind = 'RULE' }: RuleOptions = {},
): Rule<Args> {
  return { code, version, source, kind, evaluate: (...args) => finding(evaluate(...args)) };
}

function finding(answer: Finding | true | string): Finding {
  if (answer === true) return passed();
  return typeof answer === 'string' ? failed(answer) : answer;
}

/** Rules, or lists of rules, that can all judge the same arguments. */
export type Rules<Args extends readonly unknown[]> = readonly (Rule<Args> | readonly Rule<Args>[])[];

/** Every verdict, whatever it says: for dry runs and for what may come next. */
export function evaluate<Args extends readonly unknown[]>(rules: Rules<Args>, ...args: Args): Verdict[] {
  return judgements(rules, args).map(({ verdict }) => verdict);
}

export interface Examination {
  readonly verdicts: readonly Verdict[];
  /** Where rules failed. */
  readonly errors: readonly Fault[];
  /** Where rules that do not apply found something worth a look. */
  readonly notes: readonly Fault[];
}

/** Every verdict with the places it speaks of: for what is checked as a whole before anything is decided. */
export function examine<Args extends readonly unknown[]>(rules: Rules<Args>, ...args: Args): Examination {
  const all = judgements(rules, args);
  const faults = (outcome: Outcome) => all.filter(({ verdict }) => verdict.outcome === outcome).flatMap((judgement) => judgement.faults);
  return { verdicts: all.map(({ verdict }) => verdict), errors: faults('FAILED'), notes: faults('NOT_APPLICABLE') };
}

/** Every verdict, or a Refusal with every verdict when a rule has failed. */
export function judge<Args extends readonly unknown[]>(rules: Rules<Args>, ...args: Args): Verdict[] {
  const all = judgements(rules, args);
  const grounds = all.filter(({ verdict }) => verdict.outcome === 'FAILED');
  const verdicts = all.map(({ verdict }) => verdict);
  if (grounds.length > 0) throw refusal(grounds, verdicts);
  return verdicts;
}

interface Judgement {
  readonly kind: Kind;
  readonly verdict: Verdict;
  readonly faults: readonly Fault[];
}

function judgements<Args extends readonly unknown[]>(rules: Rules<Args>, args: Args): Judgement[] {
  const all = rules.flat() as Rule<Args>[];
  return all.map(({ code, version, source, kind, evaluate }) => {
    const { outcome, message, inputs, faults } = evaluate(...args);
    return { kind, faults, verdict: { rule: code, version, outcome, message, inputs, source } };
  });
}

function refusal(grounds: readonly Judgement[], verdicts: readonly Verdict[]): Refusal {
  const kind = kinds.find((each) => grounds.some((ground) => ground.kind === each)) as Kind;
  const { verdict } = grounds.find((ground) => ground.kind === kind) as Judgement;
  return new Refusal({ kind, code: verdict.rule, message: verdict.message, verdicts, errors: grounds.flatMap(({ faults }) => faults) });
}

export interface RefusalData {
  readonly kind: Kind;
  readonly code: string;
  readonly message: string;
  readonly verdicts: readonly Verdict[];
  readonly errors: readonly Fault[];
}

/** Its kind is the gravest among the failed rules, its code and message those of the first failed rule of that kind. */
export class Refusal extends Error implements RefusalData {
  override readonly name = 'Refusal';
  readonly kind: Kind;
  readonly code: string;
  readonly verdicts: readonly Verdict[];
  readonly errors: readonly Fault[];

  constructor({ kind, code, message, verdicts, errors }: RefusalData) {
    super(message);
    this.kind = kind;
    this.code = code;
    this.verdicts = verdicts;
    this.errors = errors;
  }

  /** A refusal for one reason that no list of rules has found, such as a unique index. */
  static because(code: string, message: string, { kind = 'RULE', pointer }: { kind?: Kind; pointer?: string } = {}): Refusal {
    const verdict: Verdict = { rule: code, version: 1, outcome: 'FAILED', message, inputs: {}, source: null };
    return new Refusal({ kind, code, message, verdicts: [verdict], errors: pointer === undefined ? [] : [{ pointer, message }] });
  }

  static from(json: RefusalData): Refusal {
    return new Refusal(json);
  }

  toJSON(): RefusalData {
    const { kind, code, message, verdicts, errors } = this;
    return { kind, code, message, verdicts, errors };
  }
}

/** For tests: the codes of the rules that `decide` breaks, in the order they were judged. */
export function failedRules(decide: () => unknown): string[] {
  try {
    decide();
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.verdicts.filter(({ outcome }) => outcome === 'FAILED').map(({ rule }) => rule);
  }
}
