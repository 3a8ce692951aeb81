import { AgreementFollowed } from '#libs/contracts/agreement';
import type { AgreementParty } from '#libs/contracts/agreement-details';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { stated } from '#libs/domain/record';
import { judge, rule } from '#libs/domain/verdict';
import { type Agreement, EDITABLE, readable, type Version } from './agreement.js';

interface Led {
  from: string;
  to: string;
}

const byItself = rule('AGREEMENT.FOLLOW.ACTOR', ({ by }: Context) => by.kind === 'SYSTEM' || 'It follows by the product itself.', {
  kind: 'NOT_YOURS',
});

/** Each as it is called now; who has become one with another party stands once. */
export function partiesNow(parties: readonly AgreementParty[]): AgreementParty[] {
  const now = parties.map(({ mergedInto, ...party }) => ({ ...party, id: mergedInto ?? party.id }));
  return now.filter(({ id }, place) => now.findIndex((each) => each.id === id) === place);
}

const led = (parties: readonly AgreementParty[], { from, to }: Led): AgreementParty[] =>
  parties.map((party) => (party.id === from || party.mergedInto === from ? { ...party, mergedInto: to } : party));

/** A frozen text is what was signed, or is about to be: it names its parties as it did, and tells where they lead. Any other goes on under the new name. */
function followed(version: Version, merged: Led): Version {
  const parties = led(version.parties, merged);
  return { ...version, parties: EDITABLE.includes(version.state) ? partiesNow(parties) : parties };
}

/** What its parties named is called otherwise now. Consents bind to the hash of a text: where that is in work they are asked for again. */
export function followInAgreement(state: Agreement | null, merged: Led, context: Context): Decision<Agreement> {
  const before = state as Agreement;
  const verdicts = judge([byItself], context);
  const versions = before.versions.map((version) => followed(version, merged));
  const signatories = before.signatories.map((each) => (each.party === merged.from ? { ...each, party: merged.to } : each));
  const next = stated(before, { ...before, versions, signatories });
  if (next === before) return unchanged(before, verdicts);
  return { next, facts: [AgreementFollowed.of({ ...readable(next), id: context.id })], verdicts };
}
