import { readFileSync } from 'node:fs';
import { type Actor, system } from '#libs/contracts/actor';
import type { Outcome } from '#libs/contracts/message';
import type { PartnershipFile } from '#libs/contracts/partnership-file';
import type { Decision, Send } from '#libs/domain/decision';
import { sourceId } from '#libs/domain/ids';
import { planImport } from '#libs/domain/import-plan';
import { checkPartnershipFile, readPartnershipFile } from '#libs/domain/partnership-file';
import { type Import, noteImportStep, startImport } from './import.js';
import type { Prepared } from './import-rules.js';

/** For tests: the import of a partnership, and what its steps answer. */
export const at = '2026-01-01T00:00:00.000Z';
export const id = '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f';
const product = system('membership', at);
export const admin: Actor = { ...product, kind: 'CLIENT', id: 'admin', roles: [{ role: 'PLATFORM_ADMIN', binding: null }] };
export const coordinatorOf = (code: string): Actor => ({
  ...admin,
  roles: [{ role: 'PARTNERSHIP_COORDINATOR', binding: { kind: 'PARTNERSHIP', id: sourceId(code) } }],
});
export const context = (by = admin) => ({ id, by, at, message: 'the message that waits' });

const json = JSON.parse(readFileSync(new URL('../../libs/reference/data/partnerships/dia.json', import.meta.url), 'utf8'));
export const dia = readPartnershipFile(json).file as PartnershipFile;

export function prepared(file: PartnershipFile = dia, slugOwner: string | null = null): Prepared {
  const isSound = checkPartnershipFile(file).errors.length === 0;
  const plan = isSound ? planImport(file, { profile: 'PUBLISHED', existing: { cluster: () => null, slugOwner: () => null } }) : null;
  return { file, faults: [], plan, slugOwner };
}

export const start = (from = prepared(), by = admin) => startImport(from)(null, { sha256: '0'.repeat(64) }, context(by));
export const outcomeOf = (step: string, fields: Partial<Outcome> = {}): { step: string; outcome: Outcome } => ({
  step,
  outcome: {
    id: step,
    status: 'DONE',
    aggregate: '',
    key: '',
    version: 1,
    changed: true,
    view: null,
    verdicts: [],
    refusal: null,
    ...fields,
  },
});
export const left = (step: string) => outcomeOf(step, { version: 3, changed: false });
export const note = (running: Import, answer: ReturnType<typeof outcomeOf>) => noteImportStep(running, answer, context(product));
export const steps = (sends: Send[] | undefined) => (sends ?? []).map(({ step }) => step);

/** Answers every step as soon as it is sent, until nothing is under way. */
export function carriedOut(
  from: Decision<Import>,
  answer: (step: string) => ReturnType<typeof outcomeOf>,
  see: (now: Decision<Import>) => void = () => undefined,
): Decision<Import> {
  let now = from;
  for (let open = steps(from.sends); open.length > 0; ) {
    const [step, ...rest] = open;
    const state = now.next;
    now = note(state, answer(step as string));
    see(now);
    open = [...rest, ...steps(now.sends)];
  }
  return now;
}
