import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Actor } from '#libs/contracts/actor';
import type { FactDraft } from '#libs/contracts/message';
import type { Context, Decision } from '#libs/domain/decision';
import { machine } from '#libs/domain/machine';
import { failedRules, Refusal } from '#libs/domain/verdict';
import { by } from '#libs/testing/actors';
import { aPolicy, policiesWith } from '#libs/testing/policies';
import { type Agreement, actedOn, hashOf, readable } from './agreement.js';
import { forgetSignatory } from './agreement-aside.js';
import { consentTo } from './agreement-consent.js';
import { begun, changeAgreement } from './agreement-draft.js';
import * as moves from './agreement-moves.js';
import { accedeToAgreement, declineAgreement, signAgreement } from './agreement-sign.js';

const id = '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f';
const partnership = '0199f5a0-7c1e-7a44-9d0e-000000000001';
const clusters = ['2', '3', '4'].map((n) => `0199f5a0-7c1e-7a44-9d0e-00000000000${n}`);
const scheme: readonly string[] = [];
const nobody = new Map();

const coordinator = by('PARTNERSHIP_COORDINATOR', { kind: 'PARTNERSHIP', id: partnership });
const manager = (cluster: string) => by('CLUSTER_MANAGER', { kind: 'CLUSTER', id: cluster });
const clock = { ...by('SYSTEM'), kind: 'SYSTEM' as const };
const at = (who: Actor, day = '2026-03-01'): Context => ({ id, by: who, at: `${day}T09:00:00.000Z`, message: 'm' });

const anAgreement = (said: object = {}): Agreement => {
  const patch = {
    title: { en: 'Agreement' },
    text: { en: 'We share contacts.' },
    parties: clusters.map((cluster) => ({ cluster })),
    ...said,
  };
  return changeAgreement()(begun(partnership, 'PARTNERSHIP_AGREEMENT'), patch, at(coordinator)).next;
};
const hash = (agreement: Agreement) => hashOf(agreement.kind, actedOn(agreement));
const agreed = (agreement: Agreement): Agreement =>
  clusters.reduce((now, cluster) => consentTo(now, { to: 'freeze', hash: hash(now) }, at(manager(cluster))).next, agreement);
const negotiated = (said?: object) =>
  moves.negotiateAgreement(moves.draftAgreement(anAgreement(said), {}, at(coordinator)).next, {}, at(coordinator)).next;
const frozen = (said?: object) => moves.freezeAgreement(scheme)(agreed(negotiated(said)), {}, at(coordinator)).next;
const sign = (agreement: Agreement, cluster: string, with_ = hash(agreement), who = manager(cluster)) =>
  signAgreement(nobody)(agreement, { party: cluster, hash: with_ }, at(who));
const signed = (said?: object) => clusters.reduce((now, cluster) => sign(now, cluster).next, frozen(said));
const inForce = (said?: object) => moves.bringIntoForce(signed(said), {}, at(clock)).next;
const types = (facts: FactDraft[]) => facts.map(({ type }) => type);

describe('An agreement', () => {
  it('is frozen once all parties have agreed to this very text, and tells who is missing', () => {
    const now = negotiated();
    const some = consentTo(now, { to: 'freeze', hash: hash(now) }, at(manager(clusters[0]!))).next;
    expect(failedRules(() => moves.freezeAgreement(scheme)(some, {}, at(coordinator)))).toEqual(['AGREEMENT.CONSENT.QUORUM']);
    const rewritten = changeAgreement()(agreed(now), { text: { en: 'We share everything.' } }, at(coordinator)).next;
    expect(failedRules(() => moves.freezeAgreement(scheme)(rewritten, {}, at(coordinator)))).toEqual(['AGREEMENT.CONSENT.QUORUM']);
    const { next, facts } = moves.freezeAgreement(scheme)(agreed(now), {}, at(coordinator));
    expect([readable(next).state, types(facts)]).toEqual(['READY_FOR_SIGNATURE', ['agreement.frozen.v1']]);
  });

  it('is frozen by as many as the policy of the partnership asks for', () => {
    const now = negotiated();
    const some = clusters
      .slice(0, 2)
      .reduce((one, cluster) => consentTo(one, { to: 'freeze', version: 1 }, at(manager(cluster))).next, now);
    const context = { ...at(coordinator), policies: policiesWith(aPolicy('AGREEMENT_QUORUM_FREEZE', 60)) };
    expect(failedRules(() => moves.freezeAgreement(scheme)(some, {}, context))).toEqual(['AGREEMENT.CONSENT.QUORUM']);
    expect(moves.freezeAgreement(['DIA'])(some, {}, context).next.versions[0]!.state).toBe('READY_FOR_SIGNATURE');
  });

  it('is signed when the last party signs, and in force by the clock on its first day', () => {
    const now = signed({ validFrom: '2026-06-01', validTo: '2026-12-31' });
    expect(readable(now)).toMatchObject({ state: 'SIGNED', signedOn: '2026-03-01', missing: [] });
    expect(failedRules(() => moves.bringIntoForce(now, {}, at(clock, '2026-05-31')))).toEqual(['AGREEMENT.TIME.COME']);
    const { next, due } = moves.bringIntoForce(now, {}, at(clock, '2026-06-01'));
    expect([readable(next).state, due]).toEqual(['IN_FORCE', expect.objectContaining({ at: '2027-01-01T00:00:00.000Z' })]);
    expect(readable(moves.expireAgreement(next, {}, at(clock, '2027-01-01')).next)).toMatchObject({
      state: 'EXPIRED',
      endedOn: '2027-01-01',
    });
  });

  it('tells every rule that a signature breaks', () => {
    const now = sign(frozen(), clusters[0]!).next;
    expect(failedRules(() => sign(now, clusters[0]!, '0'.repeat(64), by('CLUSTER_MANAGER')))).toEqual([
      'AGREEMENT.SIGN.ACTOR',
      'AGREEMENT.SIGN.AUTHORISED',
      'AGREEMENT.SIGN.ONCE_PER_PARTY',
      'AGREEMENT.SIGN.SAME_HASH',
    ]);
    expect(failedRules(() => sign(now, clusters[1]!, undefined, by('PLATFORM_ADMIN')))).toEqual(['AGREEMENT.SIGN.AUTHORISED']);
    expect(failedRules(() => sign(now, clusters[1]!, undefined, manager(clusters[2]!)))).toEqual(['AGREEMENT.SIGN.AUTHORISED']);
  });

  it('is signed by whom its party has named, where it has named somebody', () => {
    const person = '0199f5a0-7c1e-7a44-9d0e-0000000000aa';
    const named = { ...frozen(), signatories: [{ party: clusters[0]!, person, name: 'A', function: null }] };
    const attempt = (accounts: Map<string, string>) =>
      signAgreement(accounts)(named, { party: clusters[0]!, hash: hash(named) }, at(manager(clusters[0]!)));
    expect(failedRules(() => attempt(new Map([[person, 'somebody else']])))).toEqual(['AGREEMENT.SIGN.AUTHORISED']);
    expect(attempt(new Map([[person, manager(clusters[0]!).id]])).next.versions[0]!.signatures).toHaveLength(1);
  });

  it('keeps the place of a signatory that was erased, so that nobody else signs instead', () => {
    const person = '0199f5a0-7c1e-7a44-9d0e-0000000000aa';
    const named = { ...frozen(), signatories: [{ party: clusters[0]!, person, name: 'A', function: 'President' }] };
    expect(failedRules(() => forgetSignatory(named, { person }, at(coordinator)))).toEqual(['AGREEMENT.FORGET_SIGNATORY.ACTOR']);
    const { next } = forgetSignatory(named, { person }, at(clock));
    expect(next.signatories).toEqual([{ party: clusters[0], person, name: null, function: null }]);
    expect(forgetSignatory(next, { person }, at(clock)).next).toBe(next);
    expect(failedRules(() => sign(next, clusters[0]!))).toEqual(['AGREEMENT.SIGN.AUTHORISED']);
  });

  it('that is declined has no signatures any more, and says whose they were', () => {
    const now = sign(frozen(), clusters[0]!).next;
    const { next, facts } = declineAgreement(now, { party: clusters[1]!, reason: 'Too long.' }, at(manager(clusters[1]!)));
    expect(readable(next)).toMatchObject({ state: 'IN_NEGOTIATION', signedBy: [], voided: [clusters[0]] });
    expect(facts[0]!.data).toMatchObject({ voided: [clusters[0]] });
  });

  it('that is amended shows the difference, and holds until all have signed what takes its place', () => {
    const before = inForce();
    const amended = moves.amendAgreement(before, {}, at(coordinator)).next;
    const next = changeAgreement()(amended, { text: { en: 'We share contacts.\nAnd costs.' } }, at(coordinator)).next;
    expect(readable(next).versions[1]!.changes).toEqual([{ pointer: '/text/en/1', after: 'And costs.' }]);
    const ready = moves.freezeAgreement(scheme)(agreed(moves.negotiateAgreement(next, {}, at(coordinator)).next), {}, at(coordinator)).next;
    const partly = clusters.slice(0, 2).reduce((now, cluster) => sign(now, cluster).next, ready);
    expect(readable(partly)).toMatchObject({ state: 'IN_FORCE', inForce: 1, open: 2, stage: 'PARTLY_SIGNED' });
    const all = sign(partly, clusters[2]!).next;
    expect(readable(all)).toMatchObject({ state: 'IN_FORCE', inForce: 1 });
    const { next: done, facts } = moves.bringIntoForce(all, {}, at(clock));
    expect(readable(done)).toMatchObject({ state: 'IN_FORCE', inForce: 2, open: null });
    expect(done.versions.map(({ state }) => state)).toEqual(['SUPERSEDED', 'IN_FORCE']);
    expect(types(facts)).toEqual(['agreement.brought-into-force.v1', 'agreement.superseded.v1']);
  });

  it('is joined on the same hash, by clause or by consent of all', () => {
    const cluster = '0199f5a0-7c1e-7a44-9d0e-000000000009';
    const join = (now: Agreement) => accedeToAgreement(nobody, scheme)(now, { party: { cluster }, hash: hash(now) }, at(manager(cluster)));
    expect(failedRules(() => join(inForce()))).toEqual(['AGREEMENT.CONSENT.QUORUM']);
    const open = inForce({ accessionClause: true });
    const joined = join(open).next;
    expect([hash(joined), joined.versions[0]!.parties.length]).toEqual([hash(open), 4]);
    const all = clusters.reduce(
      (now, each) => consentTo(now, { to: 'accede', hash: hash(now), joining: { cluster } }, at(manager(each))).next,
      inForce(),
    );
    expect(join(all).next.versions[0]!.parties).toHaveLength(4);
  });

  it('is renewed before its end, to the day that all have agreed to', () => {
    const now = inForce({ validTo: '2026-12-31' });
    const renew = (state: Agreement, validTo: string) => moves.renewAgreement(scheme)(state, { validTo }, at(coordinator));
    const all = clusters.reduce(
      (one, each) => consentTo(one, { to: 'renew', hash: hash(one), validTo: '2027-12-31' }, at(manager(each))).next,
      now,
    );
    expect(failedRules(() => renew(all, '2028-12-31'))).toEqual(['AGREEMENT.CONSENT.QUORUM']);
    const { next, due } = renew(all, '2027-12-31');
    expect([readable(next).validTo, hash(next), due?.at]).toEqual(['2027-12-31', hash(now), '2028-01-01T00:00:00.000Z']);
    expect(failedRules(() => renew(all, '2026-06-01'))).toEqual(['AGREEMENT.RENEW.LATER', 'AGREEMENT.CONSENT.QUORUM']);
  });
});

describe('Whatever is asked, in whatever order', () => {
  const who = [coordinator, ...clusters.map(manager), clock];
  type Step = (now: Agreement, by: Actor, hash: string, party: string) => Decision<Agreement>;
  const steps: Record<string, Step> = {
    draft: (now, actor) => moves.draftAgreement(now, {}, at(actor)),
    negotiate: (now, actor) => moves.negotiateAgreement(now, {}, at(actor)),
    consent: (now, actor, with_) => consentTo(now, { to: 'freeze', hash: with_ }, at(actor)),
    freeze: (now, actor) => moves.freezeAgreement(['DIA'])(now, {}, { ...at(actor), policies: eased }),
    reopen: (now, actor) => moves.reopenAgreement(now, { reason: 'r' }, at(actor)),
    sign: (now, actor, with_, party) => signAgreement(nobody)(now, { party, hash: with_ }, at(actor)),
    decline: (now, actor, _, party) => declineAgreement(now, { party, reason: 'r' }, at(actor)),
    bringIntoForce: (now, actor) => moves.bringIntoForce(now, {}, at(actor)),
    amend: (now, actor) => moves.amendAgreement(now, {}, at(actor)),
    rewrite: (now, actor, with_) => changeAgreement()(now, { text: { en: with_ } }, at(actor)),
    terminate: (now, actor) => moves.terminateAgreement(now, { reason: 'r' }, at(actor)),
    abandon: (now, actor) => moves.abandonAgreement(now, { reason: 'r' }, at(actor)),
  };
  const eased = policiesWith(aPolicy('AGREEMENT_QUORUM_FREEZE', 0));
  const ask = fc.record({
    // What leads on comes oftener, so that many a walk comes far.
    command: fc.oneof({ weight: 2, arbitrary: fc.constant('onwards') }, { weight: 1, arbitrary: fc.constantFrom(...Object.keys(steps)) }),
    actor: fc.nat({ max: who.length - 1 }),
    party: fc.constantFrom(...clusters),
    own: fc.boolean(),
    stale: fc.integer({ min: 0, max: 3 }),
  });
  const onwards: Record<string, string> = {
    ...{ PROSPECT: 'draft', DRAFTING: 'negotiate', IN_NEGOTIATION: 'freeze', READY_FOR_SIGNATURE: 'sign' },
    ...{ PARTLY_SIGNED: 'sign', SIGNED: 'bringIntoForce', IN_FORCE: 'amend' },
  };
  const table = machine('AGREEMENT');

  it('the machine is kept, and a signature counts for no other text than the one it was given to', () => {
    let signatures = 0;
    let changes = 0;
    fc.assert(
      fc.property(fc.array(ask, { minLength: 20, maxLength: 60 }), (asked) => {
        const hashes: string[] = [];
        let now = anAgreement();
        for (const { command: asks, actor, party, own, stale } of asked) {
          const command = asks === 'onwards' ? (onwards[actedOn(now).state] ?? 'draft') : asks;
          hashes.push(hash(now));
          const with_ = stale === 0 ? hashes[actor % hashes.length]! : hash(now);
          const leading = { sign: manager(party), bringIntoForce: clock }[command] ?? coordinator;
          const before = now;
          try {
            now = steps[command]!(now, own ? leading : who[actor]!, with_, party).next;
          } catch (error) {
            expect(error).toBeInstanceOf(Refusal);
            expect((error as Refusal).verdicts.some(({ outcome }) => outcome === 'FAILED')).toBe(true);
            continue;
          }
          changes += 1;
          for (const version of now.versions) {
            const was = before.versions.find(({ no }) => no === version.no)?.state;
            const stays = was === undefined || was === version.state;
            if (!stays) expect([...table.targets(command, was!), ...table.targets('supersede', was!)]).toContain(version.state);
            expect(version.signatures.every((each) => each.hash === hashOf(now.kind, version))).toBe(true);
            expect(new Set(version.signatures.map((each) => each.party)).size).toBe(version.signatures.length);
            if (['SIGNED', 'IN_FORCE', 'SUPERSEDED'].includes(version.state)) expect(version.signatures).toHaveLength(3);
            signatures += version.signatures.length;
          }
          expect(now.versions.filter(({ state }) => state === 'IN_FORCE').length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 150 },
    );
    expect(changes).toBeGreaterThan(500);
    expect(signatures).toBeGreaterThan(100);
  });
});
