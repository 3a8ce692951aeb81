import type { AgreementView } from '#libs/contracts/agreement';
import type { AgreementParty, AgreementVersion, PartySaid } from '#libs/contracts/agreement-details';
import { BringAgreementIntoForce, ExpireAgreement } from '#libs/contracts/agreement-moves';
import type { Difference } from '#libs/contracts/history';
import type { Stamp } from '#libs/contracts/values';
import { idsOfParty } from '#libs/domain/agreement-parties';
import { canonicalHash } from '#libs/domain/canonical';
import type { Due } from '#libs/domain/decision';
import { differences } from '#libs/domain/difference';
import { outsidePartyId } from '#libs/domain/import-agreements';
import type { Sourced } from '#libs/domain/record';

/** What is kept of a version; hash and changes of one in work follow from it. */
export type Version = Omit<AgreementVersion, 'hash' | 'changes'> & {
  /** Set when it is frozen, and taken away when it is reopened. */
  frozenHash: string | null;
};

type Kept = 'partnership' | 'kind' | 'contacts' | 'signatories' | 'attachments' | 'externalIds' | 'sourceKey';

/** What is kept; the rest of the view follows from it. */
export interface Agreement extends Pick<AgreementView, Kept>, Sourced {
  versions: Version[];
}

export const EDITABLE = ['PROSPECT', 'DRAFTING', 'IN_NEGOTIATION'];
const SIGNING = ['READY_FOR_SIGNATURE', 'PARTLY_SIGNED'];
const IN_WORK = [...EDITABLE, ...SIGNING, 'SIGNED'];

export const blankVersion: Omit<Version, 'no' | 'amends'> = {
  state: 'PROSPECT',
  title: {},
  parties: [],
  text: null,
  file: null,
  fileSha256: null,
  validFrom: null,
  validTo: null,
  renewalClause: false,
  accessionClause: false,
  frozenHash: null,
  frozenAt: null,
  consents: [],
  signatures: [],
  voided: [],
  signedOn: null,
  inForceSince: null,
  endedOn: null,
  renewals: [],
  reason: null,
};

/** What the parties put their names to. Who joins later, and a later end, stand beside it. */
function contentOf(kind: string, { no, title, parties, text, fileSha256, renewals, ...version }: Version) {
  const { validFrom, renewalClause, accessionClause } = version;
  const named = parties
    .filter(({ accededOn }) => accededOn === null)
    .map(({ id, kind: of, name, country, signs }) => ({ id, kind: of, name, country, signs }));
  const validTo = renewals[0]?.validTo ?? version.validTo;
  return { version: no, kind, title, parties: named, text, fileSha256, validFrom, validTo, renewalClause, accessionClause };
}

/** SHA-256 of the text as it stands; of a frozen one as it was frozen. */
export const hashOf = (kind: string, version: Version): string => version.frozenHash ?? canonicalHash(contentOf(kind, version));

/** Paragraph by paragraph, so that a word changed in a long text is told as such. */
const comparable = (kind: string, version: Version) => {
  const { version: _, text, ...content } = contentOf(kind, version);
  const paragraphs = Object.entries(text ?? {}).map(([language, said]) => [language, said.split('\n')]);
  return { ...content, text: Object.fromEntries(paragraphs) };
};

export function changesOf({ kind, versions }: Agreement, version: Version): Difference[] | null {
  const base = versions.find(({ no }) => no === version.amends);
  return base ? differences(comparable(kind, base), comparable(kind, version)) : null;
}

export const inForceOf = ({ versions }: Agreement): Version | null => versions.find(({ state }) => state === 'IN_FORCE') ?? null;
export const openOf = ({ versions }: Agreement): Version | null => versions.findLast(({ state }) => IN_WORK.includes(state)) ?? null;
const lastOf = ({ versions }: Agreement): Version => versions.at(-1) as Version;

/** The version that commands act on unless another is named. */
export const actedOn = (agreement: Agreement): Version => openOf(agreement) ?? inForceOf(agreement) ?? lastOf(agreement);

/** The version that the agreement shows: the one in force; else the one in work; else the last that was in force, if any was. */
const shownOf = (agreement: Agreement): Version =>
  inForceOf(agreement) ??
  openOf(agreement) ??
  agreement.versions.findLast(({ inForceSince }) => inForceSince !== null) ??
  lastOf(agreement);

export const signedBy = ({ signatures }: Version): string[] => signatures.map(({ party }) => party);
export const missingIn = (version: Version): string[] =>
  version.parties.filter(({ id, signs }) => signs && !signedBy(version).includes(id)).map(({ id }) => id);

/** All of the view but what its store adds. */
export function readable(agreement: Agreement): Omit<AgreementView, keyof Stamp> {
  const { versions, kind, statements: _, ...kept } = agreement;
  const [shown, acted] = [shownOf(agreement), actedOn(agreement)];
  const { state, title, parties, validFrom, validTo, signedOn, inForceSince, endedOn } = shown;
  const named = (of: AgreementParty['kind']) => [
    ...new Set([...parties, ...acted.parties].filter((party) => party.kind === of).flatMap(idsOfParty)),
  ];
  return {
    ...kept,
    kind,
    ...{ state, title, parties, validFrom, validTo, signedOn, inForceSince, endedOn },
    partnerships: named('PARTNERSHIP'),
    clusters: named('CLUSTER'),
    organisations: named('ORGANISATION'),
    inForce: inForceOf(agreement)?.no ?? null,
    open: openOf(agreement)?.no ?? null,
    stage: acted.state,
    hash: hashOf(kind, acted),
    signedBy: signedBy(acted),
    missing: missingIn(acted),
    voided: acted.voided,
    versions: versions.map(({ frozenHash, ...version }) => ({
      ...version,
      hash: hashOf(kind, { ...version, frozenHash }),
      changes: changesOf(agreement, { ...version, frozenHash }),
    })),
  };
}

const startOf = (day: string): string => `${day}T00:00:00.000Z`;
export const dayAfter = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);

/** What comes by the clock: all have signed and the first day comes, or the last one is over. */
export function dueOf(agreement: Agreement): Due | null {
  const signed = agreement.versions.find(({ state }) => state === 'SIGNED');
  const inForce = inForceOf(agreement);
  const first = signed?.validFrom ?? signed?.signedOn;
  // Not before it was signed: a timer is known by its moment, and another version may have had the first one of that day.
  const lastSigned =
    signed?.signatures
      .map(({ at }) => at)
      .toSorted()
      .at(-1) ?? '';
  const begin = first && { at: [startOf(first), lastSigned].toSorted().at(-1)!, command: BringAgreementIntoForce };
  const end = inForce?.validTo && { at: startOf(dayAfter(inForce.validTo)), command: ExpireAgreement };
  return [begin, end].flatMap((due) => due || []).toSorted((a, b) => a.at.localeCompare(b.at))[0] ?? null;
}

/** The id of a party within an agreement: that of its record; one from outside is known by name and country. */
export function partyOf(
  agreement: string,
  { partnership, cluster, organisation, outside, signs = true }: PartySaid,
): AgreementParty | null {
  const kinds = { PARTNERSHIP: partnership, CLUSTER: cluster, ORGANISATION: organisation } as const;
  const inside = Object.entries(kinds).flatMap(([kind, id]) => (id ? [{ kind: kind as AgreementParty['kind'], id }] : []));
  if (inside.length + (outside ? 1 : 0) !== 1) return null;
  if (inside[0]) return { ...inside[0], name: null, country: null, signs, accededOn: null };
  const { name, country } = outside!;
  return { id: outsidePartyId(agreement, name, country), kind: 'OUTSIDE', name, country, signs, accededOn: null };
}
