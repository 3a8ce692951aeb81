import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Actor, system } from '#libs/contracts/actor';
import type { AgreementParty } from '#libs/contracts/agreement-details';
import type { Context } from '#libs/domain/decision';
import { sourceId } from '#libs/domain/ids';
import { failedRules } from '#libs/domain/verdict';
import { by } from '#libs/testing/actors';
import { type Agreement, actedOn, hashOf, readable } from './agreement.js';
import { consentTo } from './agreement-consent.js';
import { begun, changeAgreement } from './agreement-draft.js';
import { followInAgreement } from './agreement-follow.js';
import * as moves from './agreement-moves.js';
import { signAgreement } from './agreement-sign.js';

const at = '2026-03-01T09:00:00.000Z';
const partnership = sourceId('RAIL');
const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => sourceId(name)) as [string, string, string, string];
const context = (who: Actor): Context => ({ id: sourceId('agreement'), by: who, at, message: 'm' });
const coordinator = context(by('PARTNERSHIP_COORDINATOR', { kind: 'PARTNERSHIP', id: partnership }));
const manager = (cluster: string) => context(by('CLUSTER_MANAGER', { kind: 'CLUSTER', id: cluster }));
const product = context(system('membership', at));

const hash = (agreement: Agreement) => hashOf(agreement.kind, actedOn(agreement));
const follow = (agreement: Agreement, from: string, to: string) => followInAgreement(agreement, { from, to }, product).next;
const drafted = (...clusters: string[]): Agreement => {
  const said = { text: { en: 'We share.' }, parties: clusters.map((cluster) => ({ cluster })) };
  return changeAgreement()(begun(partnership, 'PARTNERSHIP_AGREEMENT'), said, coordinator).next;
};
const frozen = (...clusters: string[]): Agreement => {
  const now = moves.negotiateAgreement(moves.draftAgreement(drafted(...clusters), {}, coordinator).next, {}, coordinator).next;
  const agreed = clusters.reduce((each, one) => consentTo(each, { to: 'freeze', version: 1, party: one }, manager(one)).next, now);
  return moves.freezeAgreement([])(agreed, {}, coordinator).next;
};
const sign = (agreement: Agreement, party: string, who: string) =>
  signAgreement(new Map())(agreement, { party, hash: hash(agreement) }, manager(who)).next;
const ids = ({ parties }: { parties: AgreementParty[] }) => parties.map(({ id }) => id);

describe('An agreement whose party has become part of another', () => {
  it('names the other where its text is in work, once', () => {
    expect(ids(readable(follow(drafted(a, b), a, c)))).toEqual([c, b]);
    expect(ids(readable(follow(drafted(a, b), a, b)))).toEqual([b]);
    expect(follow(drafted(a, b), c, d)).toEqual(drafted(a, b));
  });

  it('keeps a frozen text and its signatures, and lets those sign who run the other now', () => {
    const half = sign(frozen(a, b), a, a);
    const next = follow(half, b, c);
    expect([hash(next), readable(next).clusters, readable(next).missing]).toEqual([hash(half), [a, b, c], [b]]);
    expect(failedRules(() => sign(next, c, a))).toEqual(['AGREEMENT.SIGN.AUTHORISED']);
    const further = follow(next, c, d);
    expect(readable(further).parties[1]).toMatchObject({ id: b, mergedInto: d });
    const signed = sign(further, d, d);
    expect(readable(signed)).toMatchObject({ state: 'SIGNED', signedBy: [a, b] });
    expect(signed.versions[0]!.signatures.every((each) => each.hash === hash(half))).toBe(true);
  });

  it('asks both for their signatures where one party has become part of the other', () => {
    const next = follow(frozen(a, b), a, b);
    const half = sign(next, b, b);
    expect(readable(half).missing).toEqual([a]);
    expect(readable(sign(half, a, b)).state).toBe('SIGNED');
  });

  it('takes along whom the party has named, and is nobody’s to move', () => {
    const named = { ...frozen(a, b), signatories: [{ party: a, person: null, name: 'Astrid', function: null }] };
    const next = follow(named, a, c);
    expect(next.signatories).toMatchObject([{ party: c }]);
    expect(failedRules(() => sign(next, a, c))).toEqual(['AGREEMENT.SIGN.AUTHORISED']);
    expect(failedRules(() => followInAgreement(named, { from: a, to: c }, coordinator))).toEqual(['AGREEMENT.FOLLOW.ACTOR']);
  });

  it('never changes what is frozen, in whatever order records become one', () => {
    const merge = fc.tuple(fc.constantFrom(a, b, c, d), fc.constantFrom(a, b, c, d)).filter(([from, to]) => from !== to);
    fc.assert(
      fc.property(fc.array(merge, { maxLength: 6 }), fc.boolean(), (merges, signed) => {
        const before = signed ? sign(frozen(a, b), a, a) : frozen(a, b);
        const gone = new Set<string>();
        let now = before;
        let open = drafted(a, b);
        for (const [from, to] of merges) {
          if (gone.has(from) || gone.has(to)) continue;
          gone.add(from);
          now = follow(now, from, to);
          open = follow(open, from, to);
        }
        expect([hash(now), now.versions[0]!.signatures]).toEqual([hash(before), before.versions[0]!.signatures]);
        expect(ids(readable(now))).toEqual([a, b]);
        expect(ids(readable(open)).some((id) => gone.has(id))).toBe(false);
        expect(new Set(ids(readable(open))).size).toBe(ids(readable(open)).length);
        for (const { id, mergedInto } of readable(now).parties)
          expect([gone.has(id), gone.has(mergedInto ?? '')]).toEqual([!!mergedInto, false]);
      }),
    );
  });
});
