import { z } from 'zod';
import { canonicalHash } from '#libs/domain/canonical';

export const AUDIT_OUTCOMES = ['DONE', 'ACCEPTED', 'REFUSED', 'FAILED'] as const;

/** One write attempt as it was answered: who, when, what for, with what outcome. Never a body, never personal data. */
const Attempt = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  by: z
    .object({ kind: z.enum(['PERSON', 'CLIENT', 'SYSTEM', 'PUBLIC']), id: z.string() })
    .nullable()
    .describe('null: not known, such as with a key that has expired'),
  method: z.string(),
  route: z.string().nullable().describe('pattern of the path; null: there is no such route'),
  resource: z.string().nullable(),
  subject: z.string().nullable().describe('id of what it was about'),
  status: z.int().min(100).max(599),
  outcome: z.enum(AUDIT_OUTCOMES).describe('ACCEPTED: answered 202; the history tells what became of it'),
  code: z.string().nullable().describe('of the problem'),
  message: z.string().nullable().describe('id of the command; the history names it too'),
  trace: z.string(),
  dryRun: z.boolean(),
});
export type Attempt = z.infer<typeof Attempt>;

/** An attempt in its place in the chain. */
export const AuditEntry = z
  .object({
    seq: z.int().min(1).describe('place in the chain, without gap'),
    fence: z.int().min(1).describe('the how many-th writer wrote it'),
    ...Attempt.shape,
    partnerships: z.array(z.string()).describe('whose the subject was'),
    before: z.string().describe('hash of the entry before'),
    hash: z.string().describe('SHA-256 over the canonical JSON (RFC 8785) of all other fields'),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof AuditEntry>;

export interface Place {
  seq: number;
  hash: string;
}

/** Before the first entry. */
export const ORIGIN: Place = { seq: 0, hash: '0'.repeat(64) };

export const hashOf = ({ hash: _, ...rest }: AuditEntry): string => canonicalHash(rest);

export type Chainable = Attempt & Pick<AuditEntry, 'partnerships'>;

/** The attempts as they follow the last entry. */
export function chained(after: Place, fence: number, attempts: readonly Chainable[]): AuditEntry[] {
  let { seq, hash } = after;
  return attempts.map((attempt) => {
    seq += 1;
    const entry: AuditEntry = { ...attempt, seq, fence, before: hash, hash: '' };
    hash = hashOf(entry);
    return { ...entry, hash };
  });
}

function isWhole(entry: AuditEntry): boolean {
  try {
    return entry.hash === hashOf(entry);
  } catch {
    // What has no canonical form was not written here.
    return false;
  }
}

export interface Broken {
  seq: number;
  reason: string;
}

/** The first link that does not hold, looking on from a place; each entry is looked at once. */
export function firstBroken(after: Place & { fence: number }, entries: readonly AuditEntry[]): Broken | null {
  let { seq, hash, fence } = after;
  for (const entry of entries) {
    seq += 1;
    if (entry.seq !== seq) return { seq, reason: `Entry ${seq} is missing; the next there is has the number ${entry.seq}.` };
    if (entry.before !== hash) return { seq, reason: `Entry ${seq} does not name the hash of the entry before.` };
    if (!isWhole(entry)) return { seq, reason: `Entry ${seq} is not what its hash was made of.` };
    if (entry.fence < fence) return { seq, reason: `Entry ${seq} was written by a writer whose time was over.` };
    ({ hash, fence } = entry);
  }
  return null;
}

export function outcomeOf(status: number): Attempt['outcome'] {
  if (status >= 500) return 'FAILED';
  if (status >= 400) return 'REFUSED';
  return status === 202 ? 'ACCEPTED' : 'DONE';
}
