import type { Actor } from '#libs/contracts/actor';
import type { PartnershipFile } from '#libs/contracts/partnership-file';
import type { CompositionPlan } from '#libs/domain/composition-plan';
import { sourceId } from '#libs/domain/ids';
import type { ImportPlan } from '#libs/domain/import-plan';
import { mostFaults, partnershipFileRules } from '#libs/domain/partnership-file';
import { type Fault, failed, notApplicable, passed, type Rule, rule } from '#libs/domain/verdict';
import { recordsOf, rowRecords, sizeFault, type Work } from './import-records.js';

/** What is found out before the decision: the file, what it plans, and who has its address. */
export interface Prepared {
  /** null: there is no such file, or it has not its shape; `faults` say why. */
  readonly file: PartnershipFile | null;
  readonly faults: readonly Fault[];
  /** null where the file breaks a rule. */
  readonly plan: ImportPlan | null;
  /** The partnership that has the slug now. */
  readonly slugOwner: string | null;
  /** Of a table: the list of partners of a partnership that is there. */
  readonly composition?: {
    readonly partnership: Pick<Work, 'partnership' | 'code' | 'slug'>;
    /** null where the table cannot be read. */
    readonly plan: CompositionPlan | null;
    /** Headers and cells that say nothing one could record. */
    readonly faults: readonly Fault[];
  };
}

/** All that is to be recorded; null where there is nothing that could be. */
export function workOf({ plan, composition }: Prepared): Work | null {
  if (composition?.plan) return { ...composition.partnership, records: rowRecords(composition.plan), findings: composition.plan.absent };
  if (!plan) return null;
  const { id, data } = plan.partnership;
  return { partnership: id, code: data.code, slug: data.slug, records: recordsOf(plan), findings: [] };
}

interface Asked extends Prepared {
  readonly by: Actor;
}

const mayImport = rule(
  'IMPORT.START.ACTOR',
  ({ by, file, plan, composition }: Asked) => {
    const meant = composition?.partnership.partnership ?? plan?.partnership.id ?? (file && sourceId(file.code));
    const isOwn = (bound: string | undefined) => !meant || bound === meant;
    const may = by.roles.some(
      ({ role, binding }) =>
        role === 'PLATFORM_ADMIN' || (role === 'PARTNERSHIP_COORDINATOR' && binding?.kind === 'PARTNERSHIP' && isOwn(binding.id)),
    );
    return may || 'An import is for the platform, and for the coordinator of this very partnership.';
  },
  { kind: 'NOT_YOURS' },
);

const readable = rule('IMPORT.START.FILE', ({ file, faults, composition }: Asked) =>
  file || (composition && faults.length === 0)
    ? passed('The file has its shape.')
    : failed(faults[0]?.message ?? 'The file cannot be read.', {}, faults),
);

export const fileRules: Rule<[Asked]>[] = partnershipFileRules.map((each) => ({
  ...each,
  evaluate: ({ file }) => (file ? each.evaluate(file) : notApplicable('There is no file to judge.')),
}));

const ownSlug = rule('PARTNERSHIP.SLUG.UNIQUE', ({ plan, slugOwner }: Asked) => {
  if (!plan) return notApplicable('Nothing is planned.');
  const { id, data } = plan.partnership;
  if (slugOwner === null || slugOwner === id) return passed('The address is free.', { slug: data.slug });
  return failed(`Another partnership has the address ${data.slug} already.`, { slug: data.slug }, '/identity/acronym');
});

/** Each wrong cell is told by its row and column, and nothing of the table is recorded. */
const soundRows = rule('IMPORT.START.ROWS', ({ composition }: Asked) => {
  if (!composition) return notApplicable('The file is no table.');
  const { faults } = composition;
  const told = faults.slice(0, mostFaults);
  return faults.length === 0 ? passed('Every row can be read.') : failed(faults[0]!.message, { faults: faults.length }, told);
});

const smallEnough = rule('IMPORT.START.SIZE', (asked: Asked) => {
  const work = workOf(asked);
  const fault = work && sizeFault(work.records);
  return fault ? failed(fault.message, {}, [fault]) : passed('Every record is small enough to be told.');
});

export const startRules = [mayImport, readable, fileRules, soundRows, ownSlug, smallEnough];
