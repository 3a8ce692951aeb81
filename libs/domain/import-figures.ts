import { figureNames } from '#libs/contracts/file-parts';
import type { PartnershipRecord } from '#libs/contracts/partnership';
import type { PartnershipFile } from '#libs/contracts/partnership-file';
import type { KpiTarget } from '#libs/contracts/partnership-sections';
import { codeAt } from './file-codes.js';
import { type Quantity, quantity } from './quantity.js';

type FileQuantity = NonNullable<NonNullable<PartnershipFile['declaredMembership']>['members']>;
type Stated = number | FileQuantity | null | undefined;
type FigureName = (typeof figureNames)[number];
type Figures = NonNullable<PartnershipRecord['figures']>;

/** Declared and target numbers; what the file does not speak of is left out, what it leaves blank is null. */
export function figuresOf(file: PartnershipFile): Figures | undefined {
  const asOf = file.asOfEdtf ?? null;
  const figures = figureNames.flatMap((name) => {
    const declared = quantityOf(declaredAs(name, file), asOf);
    const target = file.targets && quantityOf(file.targets[name] ?? null, asOf);
    const pair = { ...(declared === undefined ? {} : { declared }), ...(target === undefined ? {} : { target }) };
    return Object.keys(pair).length > 0 ? [[name, pair] as const] : [];
  });
  return figures.length > 0 ? Object.fromEntries(figures) : undefined;
}

/** Partners and SMEs have fields of their own in the profile; the rest is declared as membership. */
function declaredAs(name: FigureName, { numberOfPartners, numberOfSmesInvolved, declaredMembership }: PartnershipFile): Stated {
  if (name === 'partners') return numberOfPartners;
  const part = name === 'others' ? 'universitiesResearchAndOthers' : name;
  const declared = declaredMembership && (declaredMembership[part] ?? null);
  if (name !== 'smes') return declared;
  return numberOfSmesInvolved ?? declared ?? (numberOfSmesInvolved === null ? null : declared);
}

function quantityOf(stated: Stated, asOf: string | null): Quantity | null | undefined {
  if (stated === null || stated === undefined) return stated;
  return typeof stated === 'number' ? quantity(stated, { asOf }) : asStated({ ...stated, asOf: stated.asOf ?? asOf });
}

/** With the code of its qualifier, and without what nothing is said of. */
export function asStated({ value, unit, qualifier, asOf, asPrinted }: FileQuantity): Quantity {
  return quantity(value, {
    qualifier: qualifier && codeAt('qualifier', qualifier),
    asOf,
    ...(unit === null ? {} : { unit }),
    ...(asPrinted === null ? {} : { asPrinted }),
  });
}

/** Every target by the name it has in the file, and the indicator it is measured by. */
export function targetsOf({ targets, asOfEdtf = null }: PartnershipFile): KpiTarget[] | null | undefined {
  if (!targets) return targets;
  return Object.entries(targets).flatMap(([name, target]) => {
    const stated = quantityOf(target, asOfEdtf);
    return target && stated ? [{ name, ...stated, kpi: target.kpi && codeAt('kpi', target.kpi), origin: target.origin }] : [];
  });
}
