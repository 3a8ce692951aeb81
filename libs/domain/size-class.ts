import type { SizeClass, SizeInputs, SizeYear } from '#libs/contracts/organisation';
import type { PolicyTable } from '#libs/contracts/policy';
import type { EnterpriseSize } from '#libs/reference/enterprise-sizes';
import { bundled, type Policies } from './policy.js';
import { evaluate, failed, notApplicable, passed, rule } from './verdict.js';

/** null: not declared. */
interface Total {
  year: number;
  headcount: number | null;
  turnover: number | null;
  balanceSheet: number | null;
}

interface Found {
  value: SizeClass['value'];
  isSme: boolean | null;
}

/** The definition in force, read from its policy. */
export interface SizeDefinition {
  /** Smallest first. */
  readonly sizes: readonly EnterpriseSize[];
  readonly currency: string;
  readonly shares: { readonly partnerFrom: number; readonly linkedAbove: number; readonly publicFrom: number };
  readonly source: string | null;
  /** Which version it is, for whoever wants to judge the same again. */
  readonly policyVersion: { readonly id: string; readonly no: number | null };
}

const CODE = 'SME_DEFINITION';
const definitions = new WeakMap<object, SizeDefinition>();

export function sizeDefinition(on: string, policies: Policies = bundled): SizeDefinition {
  // Where none is in force any more the first is still read: a class has to be told.
  const policy = policies.inForce(CODE, on) ?? bundled.inForce(CODE, on);
  if (!policy) throw new Error(`No policy ${CODE} is in force on ${on}.`);
  const known = definitions.get(policy);
  if (known) return known;
  const { fields, rows } = policy.value as PolicyTable;
  const { partnerFrom, linkedAbove, publicFrom, currency } = fields as unknown as SizeDefinition['shares'] & { currency: string };
  const definition = {
    sizes: rows as unknown as EnterpriseSize[],
    currency,
    shares: { partnerFrom, linkedAbove, publicFrom },
    source: policy.source,
    policyVersion: { id: policy.id, no: policy.no },
  };
  definitions.set(policy, definition);
  return definition;
}

type Sizes = readonly EnterpriseSize[];

const UNDECIDED: Found = { value: null, isSme: null };

const counted = (years: readonly SizeYear[], { related }: SizeInputs): Total[] =>
  years.map(({ year, headcount, turnover, balanceSheet }) => {
    const sum = (own: number | null, of: (each: SizeInputs['related'][number]) => number | null): number | null =>
      related.reduce<number | null>((total, each) => {
        const part = of(each);
        const share = each.relation === 'LINKED' ? 1 : each.share / 100;
        return total === null || part === null ? null : total + part * share;
      }, own);
    return {
      year,
      headcount: sum(headcount, (each) => each.headcount),
      turnover: sum(turnover?.cents ?? null, (each) => each.turnover?.cents ?? null),
      balanceSheet: sum(balanceSheet?.cents ?? null, (each) => each.balanceSheet?.cents ?? null),
    };
  });

/** Whether a figure keeps a ceiling; null where the figure is not known. */
const keeps = (value: number | null, ceiling: number | null, within: (value: number, ceiling: number) => boolean) =>
  ceiling === null ? true : value === null ? null : within(value, ceiling);

/** Headcount below its limit, and turnover or balance sheet up to theirs; null: it cannot be told. */
function holds({ headcountBelow, turnoverUpTo, balanceSheetUpTo }: EnterpriseSize, total: Total): boolean | null {
  const staff = keeps(total.headcount, headcountBelow, (value, ceiling) => value < ceiling);
  const money = [keeps(total.turnover, turnoverUpTo, upTo), keeps(total.balanceSheet, balanceSheetUpTo, upTo)];
  const either = money.includes(true) ? true : money.includes(null) ? null : false;
  if (staff === false || either === false) return false;
  return staff === null || either === null ? null : true;
}

const upTo = (value: number, ceiling: number) => value <= ceiling;

/** The classes that what is declared leaves open: one where it decides. */
function possible(total: Total, sizes: Sizes): EnterpriseSize[] {
  const open: EnterpriseSize[] = [];
  for (const size of sizes) {
    const verdict = holds(size, total);
    if (verdict !== false) open.push(size);
    if (verdict) break;
  }
  return open;
}

function classOf(total: Total, sizes: Sizes): Found {
  const open = possible(total, sizes);
  const [first] = open as [EnterpriseSize];
  if (open.length === 1) return { value: first.code as Found['value'], isSme: first.isSme };
  return { value: null, isSme: open.every(({ isSme }) => isSme === first.isSme) ? first.isSme : null };
}

const at = (index: number, sizes: Sizes): Found => ({ value: sizes[index]!.code as Found['value'], isSme: sizes[index]!.isSme });

/** A class is lost or gained only when two years in a row lie beyond it (article 4(2)): then it moves as far as both go. */
function overYears(totals: readonly Total[], sizes: Sizes): Found {
  let standing: Found = UNDECIDED;
  let before: { year: number; value: Found['value'] } | null = null;
  for (const total of totals) {
    const now = classOf(total, sizes);
    standing =
      now.value === null || standing.value === null
        ? now
        : moved(standing, now, before?.year === total.year - 1 ? before.value : null, sizes);
    before = { year: total.year, value: now.value };
  }
  return standing;
}

function moved(standing: Found, now: Found, before: Found['value'], sizes: Sizes): Found {
  const place = (value: Found['value']) => sizes.findIndex(({ code }) => code === value);
  const from = place(standing.value);
  const [to, last] = [place(now.value), before === null ? from : place(before)];
  if (to > from && last > from) return at(Math.min(to, last), sizes);
  if (to < from && last < from) return at(Math.max(to, last), sizes);
  return standing;
}

const bySize = ({ sizes, shares, source, policyVersion }: SizeDefinition) =>
  rule(
    'ORGANISATION.SIZE.SME',
    (size: SizeInputs | null, { value, isSme }: Found) => {
      if (!size) return notApplicable('Its size is not declared.');
      const { publicShare, related } = size;
      const totals = counted(inOrder(size), size);
      const inputs = { totals, related: related.length, publicShare, class: value, thresholds: sizes, policy: CODE, policyVersion };
      if (isSme === null) return notApplicable('What is declared does not decide it.', inputs);
      if (isPublic(size, shares)) return failed(`Public bodies control ${publicShare} % of it (article 3(4)).`, inputs);
      if (isSme) return passed(value ? `It is of class ${value}.` : 'It is an SME, of whichever class.', inputs);
      return failed('It exceeds the ceilings of an SME.', inputs);
    },
    { source },
  );

const inOrder = ({ years }: SizeInputs) => years.toSorted((a, b) => a.year - b.year);
const isPublic = ({ publicShare }: SizeInputs, { publicFrom }: SizeDefinition['shares']) =>
  publicShare !== null && publicShare >= publicFrom;

/** The class of an enterprise by the definition in force (first: Recommendation 2003/361/EC), as a verdict with all that it rests on. */
export function sizeClass(size: SizeInputs | null, definition: SizeDefinition): SizeClass {
  const { sizes, shares } = definition;
  const found = !size ? UNDECIDED : isPublic(size, shares) ? at(sizes.length - 1, sizes) : overYears(counted(inOrder(size), size), sizes);
  const [verdict] = evaluate([bySize(definition)], size, found) as [SizeClass['verdict']];
  return { ...found, verdict };
}
