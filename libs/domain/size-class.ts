import type { SizeClass, SizeInputs, SizeYear } from '#libs/contracts/organisation';
import { type EnterpriseSize, enterpriseSizes, smeDefinition } from '#libs/reference/enterprise-sizes';
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
function possible(total: Total): EnterpriseSize[] {
  const open: EnterpriseSize[] = [];
  for (const size of enterpriseSizes) {
    const verdict = holds(size, total);
    if (verdict !== false) open.push(size);
    if (verdict) break;
  }
  return open;
}

function classOf(total: Total): Found {
  const open = possible(total);
  const [first] = open as [EnterpriseSize];
  if (open.length === 1) return { value: first.code as Found['value'], isSme: first.isSme };
  return { value: null, isSme: open.every(({ isSme }) => isSme === first.isSme) ? first.isSme : null };
}

const place = (value: Found['value']) => enterpriseSizes.findIndex(({ code }) => code === value);
const at = (index: number): Found => ({
  value: enterpriseSizes[index]!.code as Found['value'],
  isSme: enterpriseSizes[index]!.isSme,
});

/** A class is lost or gained only when two years in a row lie beyond it (article 4(2)): then it moves as far as both go. */
function overYears(totals: readonly Total[]): Found {
  let standing: Found = UNDECIDED;
  let before: { year: number; value: Found['value'] } | null = null;
  for (const total of totals) {
    const now = classOf(total);
    standing =
      now.value === null || standing.value === null ? now : moved(standing, now, before?.year === total.year - 1 ? before.value : null);
    before = { year: total.year, value: now.value };
  }
  return standing;
}

function moved(standing: Found, now: Found, before: Found['value']): Found {
  const from = place(standing.value);
  const [to, last] = [place(now.value), before === null ? from : place(before)];
  if (to > from && last > from) return at(Math.min(to, last));
  if (to < from && last < from) return at(Math.max(to, last));
  return standing;
}

const bySize = rule(
  'ORGANISATION.SIZE.SME',
  (size: SizeInputs | null, { value, isSme }: Found) => {
    if (!size) return notApplicable('Its size is not declared.');
    const { publicShare, related } = size;
    const totals = counted(inOrder(size), size);
    const inputs = { totals, related: related.length, publicShare, class: value, thresholds: enterpriseSizes };
    if (isSme === null) return notApplicable('What is declared does not decide it.', inputs);
    if (isPublic(size)) return failed(`Public bodies control ${publicShare} % of it (article 3(4)).`, inputs);
    if (isSme) return passed(value ? `It is of class ${value}.` : 'It is an SME, of whichever class.', inputs);
    return failed('It exceeds the ceilings of an SME.', inputs);
  },
  { source: smeDefinition.source },
);

const inOrder = ({ years }: SizeInputs) => years.toSorted((a, b) => a.year - b.year);
const isPublic = ({ publicShare }: SizeInputs) => publicShare !== null && publicShare >= smeDefinition.shares.publicFrom;

/** The class of an enterprise by Recommendation 2003/361/EC, as a verdict with all that it rests on. */
export function sizeClass(size: SizeInputs | null): SizeClass {
  const found = !size ? UNDECIDED : isPublic(size) ? at(enterpriseSizes.length - 1) : overYears(counted(inOrder(size), size));
  const [verdict] = evaluate([bySize], size, found) as [SizeClass['verdict']];
  return { ...found, verdict };
}
