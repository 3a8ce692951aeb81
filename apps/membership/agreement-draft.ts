import type { z } from 'zod';
import {
  AgreementChanged,
  type AgreementDraft,
  type AgreementPatch,
  AgreementProspected,
  type AgreementRecord,
  AgreementRecorded,
  AgreementRemoved,
  type PutAgreement,
} from '#libs/contracts/agreement';
import type { AgreementContact, PartySaid } from '#libs/contracts/agreement-details';
import { canonicalJson } from '#libs/domain/canonical';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { withId } from '#libs/domain/external-ids';
import { patched } from '#libs/domain/merge-patch';
import { record, stated } from '#libs/domain/record';
import { removing } from '#libs/domain/removal';
import { rolesTowards } from '#libs/domain/standing';
import { failed, judge, notApplicable, passed, type Rule, rule } from '#libs/domain/verdict';
import { type Agreement, actedOn, blankVersion, EDITABLE, openOf, partyOf, readable, type Version } from './agreement.js';
import { RUNNING } from './agreement-consent.js';
import { rolesIn } from './agreement-move.js';
import { type Said, saidRules } from './agreement-rules.js';

const TEXTS = ['title', 'text'] as const;

const runs = (code: 'AGREEMENT.PROSPECT.ACTOR' | 'AGREEMENT.CHANGE.ACTOR') =>
  rule(
    code,
    ({ roles }: { roles: readonly string[] }) =>
      roles.some((role) => RUNNING.includes(role))
        ? passed('It is yours to do.', { roles })
        : failed('This is for those who run the partnership.', { roles }),
    { kind: 'NOT_YOURS' },
  );

/** What is said of the version in work. */
function versionAfter(id: string, version: Version, patch: AgreementPatch, { attachments }: Agreement): Version {
  const { title, text, file, validFrom, validTo, renewalClause, accessionClause } = patch;
  const next = patched(version, { title, text, file, validFrom, validTo, renewalClause, accessionClause }, TEXTS);
  const parties = patch.parties?.flatMap((said) => partyOf(id, said) ?? []) ?? next.parties;
  const fileSha256 = attachments.find((each) => each.id === next.file)?.sha256 ?? null;
  return { ...next, title: next.title ?? {}, parties, fileSha256 };
}

/** Of parties from outside, as far as it is said; who is no party any more is forgotten. */
function contactsAfter(id: string, contacts: readonly AgreementContact[], parties: readonly PartySaid[] | undefined): AgreementContact[] {
  if (!parties) return [...contacts];
  return parties.flatMap((said) => {
    const party = partyOf(id, said);
    const { contact } = said.outside ?? {};
    if (party?.kind !== 'OUTSIDE') return [];
    if (!contact) return contacts.filter((each) => each.party === party.id);
    return [{ party: party.id, name: contact.name, email: contact.email ?? null, phone: contact.phone ?? null }];
  });
}

function after(id: string, before: Agreement, patch: AgreementPatch): { next: Agreement; version: Version } {
  const work = openOf(before) ?? actedOn(before);
  const version = versionAfter(id, work, patch, before);
  const next: Agreement = {
    ...before,
    kind: patch.kind ?? before.kind,
    externalIds: patch.externalIds ?? before.externalIds,
    contacts: contactsAfter(id, before.contacts, patch.parties),
    versions: before.versions.map((each) => (each === work ? version : each)),
  };
  return { next: stated(before, next), version };
}

export const begun = (partnership: string, kind: string): Agreement => ({
  ...{ partnership, kind, contacts: [], signatories: [], attachments: [], externalIds: [], sourceKey: null },
  versions: [{ ...blankVersion, no: 1, amends: null }],
});

export const prospectAgreement =
  (further: readonly Rule<[]>[] = []) =>
  (_: Agreement | null, { partnership, ...patch }: AgreementDraft, { id, by }: Context): Decision<Agreement> => {
    const { next, version } = after(id, begun(partnership, patch.kind), patch);
    const roles = rolesTowards(by, { PARTNERSHIP: [partnership] });
    const verdicts = judge([runs('AGREEMENT.PROSPECT.ACTOR'), ...saidRules, ...further], { id, patch, before: null, next, version, roles });
    return { next, facts: [AgreementProspected.of({ ...readable(next), id })], verdicts };
  };

/** What was frozen stands: whom to write to and outside ids are no part of it. */
const editable = rule(
  'AGREEMENT.CHANGE.STATE',
  ({ before, next }: Said) => {
    const touched = canonicalJson([before!.kind, before!.versions]) !== canonicalJson([next.kind, next.versions]);
    const { no, state } = actedOn(before!);
    if (!touched) return notApplicable('Its text is not touched.', { version: no, state });
    return EDITABLE.includes(state)
      ? passed('Its text is in work.', { version: no, state })
      : failed(`Version ${no} is ${state}: it is reopened, or amended.`, { version: no, state });
  },
  { kind: 'WRONG_STATE' },
);

export const changeAgreement =
  (further: readonly Rule<[]>[] = []) =>
  (state: Agreement | null, patch: AgreementPatch, { id, by }: Context): Decision<Agreement> => {
    const before = state as Agreement;
    const { next, version } = after(id, before, patch);
    const roles = rolesTowards(by, { PARTNERSHIP: [before.partnership] });
    const asked = { id, patch, before, next, version, roles };
    const verdicts = judge([runs('AGREEMENT.CHANGE.ACTOR'), editable, ...saidRules, ...further], asked);
    return next === before ? unchanged(before, verdicts) : { next, facts: [AgreementChanged.of({ ...readable(next), id })], verdicts };
  };

type Put = z.output<typeof PutAgreement.data>;

const named = ({ partnership, kind }: Put, before: Agreement | null) =>
  rule('AGREEMENT.PUT.NAMED', () => {
    if (before)
      return partnership === undefined || partnership === before.partnership
        ? passed('Its partnership stays.')
        : failed('Its partnership stays: another begins its own.', { partnership: before.partnership }, '/partnership');
    const missing = Object.entries({ partnership, kind }).flatMap(([field, value]) => (value === undefined ? [`/${field}`] : []));
    const faults = missing.map((pointer) => ({ pointer, message: 'needed for a new agreement' }));
    return missing.length === 0 ? passed('Partnership and kind are said.') : failed('Say its partnership and kind.', { missing }, faults);
  });

/** By an outside id: begun when it is not there yet, else changed. */
export function putAgreement(before: Agreement | null, { externalId, ...said }: Put, context: Context): Decision<Agreement> {
  const externalIds = withId(said.externalIds ?? before?.externalIds ?? [], externalId);
  const { partnership = '', ...patch } = { ...said, externalIds };
  const further = [named({ externalId, ...said }, before)];
  if (before) return changeAgreement(further)(before, patch, context);
  return prospectAgreement(further)(null, { ...patch, partnership, kind: patch.kind ?? '' }, context);
}

export const removeAgreement = removing<Agreement>({
  name: 'AGREEMENT',
  roles: (before, { by }) => rolesIn(before, [], by),
  actors: RUNNING,
  stays: (before) => {
    const { state } = actedOn(before);
    return state === 'PROSPECT' ? null : `It is ${state}: it is given up, or ends.`;
  },
  tell: (before, id) => AgreementRemoved.of({ ...readable(before), id }),
});

/** What a source says of how far it is stands until somebody works on it here. */
export function recordAgreement(agreement: Agreement | null, said: AgreementRecord, context: Context): Decision<Agreement> {
  const { partnership, kind, state, sourceKey } = said;
  const parties = said.parties.map((party) => ({ ...party, signs: true, accededOn: null }));
  const before = agreement ?? begun(partnership, kind);
  const [first, ...others] = before.versions as [Version, ...Version[]];
  const isOurs = others.length > 0 || first.text !== null || first.file !== null || first.frozenHash !== null;
  const versions = isOurs ? before.versions : [{ ...first, state, parties }];
  return record(agreement, said, context, {
    machine: 'AGREEMENT',
    merge: () => stated<Agreement>(before, { kind, sourceKey, versions }),
    tell: (next) => AgreementRecorded.of({ ...readable(next), id: context.id }),
  });
}
