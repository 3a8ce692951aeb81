import { type AgreementPatch } from '#libs/contracts/agreement';
import type { PartySaid } from '#libs/contracts/agreement-details';
import { distinctIds } from '#libs/domain/external-ids';
import { failed, notApplicable, passed, rule } from '#libs/domain/verdict';
import { isCountry } from '#libs/reference/countries';
import { documentType } from '#libs/reference/document-types';
import { type Agreement, partyOf, type Version } from './agreement.js';

/** What is said, and what would come of it. */
export interface Said {
  id: string;
  patch: AgreementPatch;
  before: Agreement | null;
  next: Agreement;
  /** The version that it is said of. */
  version: Version;
}

const knownKind = rule(
  'AGREEMENT.KIND.KNOWN',
  ({ patch: { kind } }: Said) => {
    if (kind === undefined) return notApplicable('The kind stays.');
    return documentType(kind)?.agreementKind === true
      ? passed('It is a kind of agreement.', { kind })
      : failed(`${kind} is no kind of agreement in document-types.`, { kind }, '/kind');
  },
  { source: 'document-types.json' },
);

const kindStands = rule(
  'AGREEMENT.KIND.STANDS',
  ({ before, next }: Said) => {
    if (!before || before.kind === next.kind) return notApplicable('The kind stays.');
    return before.versions.length === 1
      ? passed('No version of it was ever frozen.', { kind: next.kind })
      : failed(`It was signed as a ${before.kind}.`, { kind: before.kind }, '/kind');
  },
  { kind: 'WRONG_STATE' },
);

const namedParties = rule('AGREEMENT.PARTIES.NAMED', ({ id, patch: { parties } }: Said) => {
  if (parties === undefined) return notApplicable('The parties stay.');
  const ids = parties.map((said) => partyOf(id, said)?.id ?? null);
  const faults = ids.flatMap((party, i) => {
    const pointer = `/parties/${i}`;
    if (party === null) return [{ pointer, message: 'Name one partnership, cluster, organisation or somebody from outside.' }];
    return ids.indexOf(party) < i ? [{ pointer, message: 'It stands twice.' }] : [];
  });
  const inputs = { parties: ids.length };
  return faults.length === 0
    ? passed('Each party is one, and stands once.', inputs)
    : failed('A party is not named as one.', inputs, faults);
});

const countryOf = ({ outside }: PartySaid) => outside?.country;

const knownCountries = rule('AGREEMENT.PARTIES.COUNTRY', ({ patch: { parties = [] } }: Said) => {
  const said = parties.flatMap((party, i) => (countryOf(party) ? [[`/parties/${i}/outside/country`, countryOf(party)!] as const] : []));
  if (said.length === 0) return notApplicable('No party from outside is stated.');
  const unknown = said
    .filter(([, country]) => !isCountry(country))
    .map(([pointer, country]) => ({ pointer, message: `${country} is not a country of ISO 3166-1.` }));
  const inputs = { countries: said.map(([, country]) => country) };
  return unknown.length === 0 ? passed('The countries are known.', inputs) : failed('A country is not known.', inputs, unknown);
});

const whoSigns = rule(
  'AGREEMENT.PARTIES.SIGN',
  ({ next: { kind }, version: { parties } }: Said) => {
    if (parties.length === 0) return notApplicable('There is no party yet.');
    const silent = parties.flatMap(({ signs }, i) => (signs ? [] : [`/parties/${i}/signs`]));
    const oneSide = documentType(kind)?.oneSideSigns === true;
    const inputs = { kind, signing: parties.length - silent.length, oneSide };
    if (silent.length === 0 || (oneSide && silent.length < parties.length)) return passed('Those sign who have to.', inputs);
    return failed(
      'Every party signs an agreement of this kind.',
      inputs,
      silent.map((pointer) => ({ pointer, message: 'it has to sign' })),
    );
  },
  { source: 'document-types.json' },
);

const inOrder = rule('AGREEMENT.VALIDITY.ORDER', ({ version: { validFrom, validTo } }: Said) => {
  if (validFrom === null || validTo === null) return notApplicable('It is open on a side.');
  return validFrom <= validTo
    ? passed('It ends after it begins.', { validFrom, validTo })
    : failed('It would end before it begins.', { validFrom, validTo }, '/validTo');
});

const attachedFile = rule('AGREEMENT.FILE.ATTACHED', ({ patch: { file }, before }: Said) => {
  if (!file) return notApplicable('No file is stated.');
  return before?.attachments.some(({ id }) => id === file)
    ? passed('The file is attached.', { file })
    : failed('The file is none of its attachments.', { file }, '/file');
});

export const saidRules = [knownKind, kindStands, namedParties, knownCountries, whoSigns, inOrder, attachedFile, distinctIds('AGREEMENT')];
