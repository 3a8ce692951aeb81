import { type PolicyRecord, PolicyRecorded, type PolicyView } from '#libs/contracts/policy';
import type { Stamp } from '#libs/contracts/values';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import type { Sourced } from '#libs/domain/record';
import { judge, notApplicable, rule } from '#libs/domain/verdict';

export interface Policy extends Omit<PolicyView, keyof Stamp>, Sourced {
  /** Its place among the versions of the rule of its owner, once it is in force: no two have the same. */
  line: string | null;
}

export const placeIn = ({ code, owner }: Pick<Policy, 'code' | 'owner'>, no: number): string =>
  `${owner.level}:${owner.code}:${code}#${no}`;

const recording = [
  rule('POLICY.RECORD.ACTOR', ({ by }: Context) => by.kind === 'SYSTEM' || 'Only the product itself records.', { kind: 'NOT_YOURS' }),
  rule('POLICY.RECORD.RULES', () => notApplicable('What the product brings, or a file states, is recorded; nothing is decided.')),
];

/** What is in force is never edited, whatever a source says of it later: what is to hold instead is another version. */
export const recordPolicy =
  (tells: boolean) =>
  (policy: Policy | null, said: PolicyRecord, context: Context): Decision<Policy> => {
    const verdicts = judge(recording, context);
    if (policy) return unchanged(policy, verdicts);
    const next: Policy = { ...said, state: 'IN_FORCE', enactedAt: null, line: placeIn(said, said.no) };
    return { next, facts: tells ? [PolicyRecorded.of({ ...next, id: context.id })] : [], verdicts };
  };
