import type { Actor } from '#libs/contracts/actor';
import type { PartnershipFile } from '#libs/contracts/partnership-file';
import { sourceId } from '#libs/domain/ids';
import type { ImportPlan } from '#libs/domain/import-plan';
import { partnershipFileRules } from '#libs/domain/partnership-file';
import { type Fault, failed, notApplicable, passed, type Rule, rule } from '#libs/domain/verdict';
import { sizeFault } from './import-records.js';

/** What is found out before the decision: the file, what it plans, and who has its address. */
export interface Prepared {
  /** null: there is no such file, or it has not its shape; `faults` say why. */
  readonly file: PartnershipFile | null;
  readonly faults: readonly Fault[];
  /** null where the file breaks a rule. */
  readonly plan: ImportPlan | null;
  /** The partnership that has the slug now. */
  readonly slugOwner: string | null;
}

interface Asked extends Prepared {
  readonly by: Actor;
}

const mayImport = rule(
  'IMPORT.START.ACTOR',
  ({ by, file }: Asked) => {
    const isOwn = (bound: string | undefined) => !file || bound === sourceId(file.code);
    const may = by.roles.some(
      ({ role, binding }) =>
        role === 'PLATFORM_ADMIN' || (role === 'PARTNERSHIP_COORDINATOR' && binding?.kind === 'PARTNERSHIP' && isOwn(binding.id)),
    );
    return may || 'An import is for the platform, and for the coordinator of this very partnership.';
  },
  { kind: 'NOT_YOURS' },
);

const readable = rule('IMPORT.START.FILE', ({ file, faults }: Asked) =>
  file ? passed('The file has its shape.') : failed(faults[0]?.message ?? 'The file cannot be read.', {}, faults),
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

const smallEnough = rule('IMPORT.START.SIZE', ({ plan }: Asked) => {
  const fault = plan && sizeFault(plan);
  return fault ? failed(fault.message, {}, [fault]) : passed('Every record is small enough to be told.');
});

export const startRules = [mayImport, readable, fileRules, ownSlug, smallEnough];
