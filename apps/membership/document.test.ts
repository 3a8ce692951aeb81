import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Actor } from '#libs/contracts/actor';
import type { FactDraft } from '#libs/contracts/message';
import type { Context } from '#libs/domain/decision';
import { machine } from '#libs/domain/machine';
import { failedRules, Refusal } from '#libs/domain/verdict';
import { by } from '#libs/testing/actors';
import { aPolicy, policiesWith } from '#libs/testing/policies';
import { actedOn, type Document, hashOf, readable } from './document.js';
import { consentToDocument } from './document-consent.js';
import { beginDocument, changeDocument } from './document-draft.js';
import * as moves from './document-moves.js';

const id = '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f';
const partnership = '0199f5a0-7c1e-7a44-9d0e-000000000001';
const partners = ['2', '3', '4', '5'].map((n) => `0199f5a0-7c1e-7a44-9d0e-00000000000${n}`);
const known: moves.Known = { narrower: ['DIA'], partners };

const person = (name: string, actor: Actor): Actor => ({ ...actor, id: name });
const coordinator = person('coordinator', by('PARTNERSHIP_COORDINATOR', { kind: 'PARTNERSHIP', id: partnership }));
const writer = person('writer', by('PARTNERSHIP_MANAGER', { kind: 'PARTNERSHIP', id: partnership }));
const reviewer = person('reviewer', by('PARTNERSHIP_MANAGER', { kind: 'PARTNERSHIP', id: partnership }));
const manager = (cluster: string) => person(`manager of ${cluster}`, by('CLUSTER_MANAGER', { kind: 'CLUSTER', id: cluster }));
const fourMarkets = aPolicy('MAX_PRIORITY_MARKETS', 4);
const at = (who: Actor, policies = policiesWith(fourMarkets)): Context => ({
  ...{ id, by: who, at: '2026-03-01T09:00:00.000Z', message: 'm', policies },
});
const types = (facts: FactDraft[]) => facts.map(({ type }) => type);
const markets = (...countries: string[]) => ({ parts: { priorityMarkets: countries.map((country) => ({ country, text: null })) } });

const aStrategy = (more: object = {}, who = writer): Document =>
  beginDocument(known.narrower, partners)(
    null,
    { partnership, kind: 'JOINT_INTERNATIONALISATION_STRATEGY', text: { en: 'Where to.' }, ...more },
    at(who),
  ).next;
const submitted = (more?: object, who?: Actor) => moves.submitDocument(known)(aStrategy(more, who), {}, at(who ?? writer)).next;
const agreed = (document: Document, count: number) =>
  partners
    .slice(0, count)
    .reduce(
      (now, each) => consentToDocument(known)(now, { to: 'approve', hash: hashOf(now, actedOn(now)) }, at(manager(each))).next,
      document,
    );
const approve = (document: Document, who = coordinator) => moves.approveDocument(known)(document, {}, at(who));

describe('A strategy of a partnership', () => {
  it('is approved by the coordinator once half of the active partners have agreed to this text', () => {
    const now = submitted();
    expect(failedRules(() => approve(agreed(now, 1)))).toEqual(['DOCUMENT.CONSENT.QUORUM']);
    const { next, facts } = approve(agreed(now, 2));
    expect([readable(next).state, types(facts)]).toEqual(['APPROVED', ['document.approved.v1']]);
  });

  it('has as many priority markets as the partnership has set itself, each once', () => {
    const rejected = (...countries: string[]) => failedRules(() => aStrategy(markets(...countries)));
    expect(rejected('CA', 'US', 'JP', 'KR')).toEqual([]);
    expect(rejected('CA', 'US', 'JP', 'KR', 'IN')).toEqual(['DOCUMENT.PRIORITY_MARKETS.LIMIT']);
    const few = { partnership, kind: 'JOINT_STRATEGY', ...markets('CA', 'US') };
    const { verdicts } = beginDocument(known.narrower, partners)(null, few, at(writer));
    expect(verdicts.find(({ rule }) => rule === 'DOCUMENT.PRIORITY_MARKETS.LIMIT')?.inputs).toMatchObject({
      most: 4,
      policy: 'MAX_PRIORITY_MARKETS',
      policyVersion: { id: fourMarkets.id, no: 1 },
      owner: fourMarkets.owner,
    });
    expect(rejected('CA', 'CA')).toEqual(['DOCUMENT.PRIORITY_MARKETS.LIMIT']);
    const draft = { partnership, kind: 'JOINT_STRATEGY', ...markets('CA', 'US', 'JP', 'KR', 'IN') };
    expect(failedRules(() => beginDocument([], [])(null, draft, at(writer)))).toEqual([]);
  });

  it('comes back with remarks from another person than its author, and agreement begins anew', () => {
    const now = agreed(submitted(), 3);
    expect(failedRules(() => moves.requestDocumentChanges(now, { remarks: 'More figures.' }, at(writer)))).toEqual([
      'DOCUMENT.REVIEW.OTHER_PERSON',
    ]);
    const returned = moves.requestDocumentChanges(now, { remarks: 'More figures.' }, at(reviewer)).next;
    expect(readable(returned)).toMatchObject({ state: 'CHANGES_REQUESTED', agreedBy: [] });
    const better = changeDocument(known.narrower)(returned, { text: { en: 'Where to, in figures.' } }, at(coordinator)).next;
    expect(actedOn(better).authors).toEqual(['writer', 'coordinator']);
  });

  it('that its coordinator has written is approved by what partners have said', () => {
    const own = submitted({}, coordinator);
    const eased = at(coordinator, policiesWith(aPolicy('DOCUMENT_QUORUM_APPROVE', 0)));
    expect(failedRules(() => moves.approveDocument(known)(own, {}, eased))).toEqual(['DOCUMENT.REVIEW.OTHER_PERSON']);
    expect(approve(agreed(own, 2)).next.versions[0]!.state).toBe('APPROVED');
  });

  it('is replaced by its next version in the moment that is approved', () => {
    const first = approve(agreed(submitted(), 2)).next;
    expect(failedRules(() => moves.reviseDocument(aStrategy(), {}, at(coordinator)))).toEqual(['DOCUMENT.REVISE.STATE']);
    const revised = moves.reviseDocument(first, {}, at(writer)).next;
    expect(readable(revised)).toMatchObject({ state: 'APPROVED', approved: 1, open: 2, stage: 'DRAFT' });
    const changed = changeDocument(known.narrower)(revised, { text: { en: 'Further.' } }, at(writer)).next;
    const { next, facts } = approve(agreed(moves.submitDocument(known)(changed, {}, at(writer)).next, 2));
    expect(next.versions.map(({ state }) => state)).toEqual(['SUPERSEDED', 'APPROVED']);
    expect(types(facts)).toEqual(['document.approved.v1', 'document.superseded.v1']);
  });
});

describe('A document of a cluster', () => {
  const [cluster] = partners as [string];
  const none: moves.Known = { narrower: [], partners: [] };
  const own = () =>
    moves.submitDocument(none)(
      beginDocument(none.narrower, [])(null, { cluster, kind: 'GUIDELINES', text: { en: 'How to.' } }, at(manager(cluster))).next,
      {},
      at(manager(cluster)),
    ).next;

  it('is approved by its manager, who is not the author', () => {
    expect(failedRules(() => moves.approveDocument(none)(own(), {}, at(manager(cluster))))).toEqual(['DOCUMENT.REVIEW.OTHER_PERSON']);
    const second = person('second', manager(cluster));
    expect(moves.approveDocument(none)(own(), {}, at(second)).next.versions[0]!.state).toBe('APPROVED');
  });

  it.each([
    [{ kind: 'MOU', cluster }, ['DOCUMENT.KIND.KNOWN']],
    [{ kind: 'CV', cluster }, ['DOCUMENT.KIND.KNOWN']],
    [{ kind: 'GUIDELINES', cluster, partnership }, ['DOCUMENT.OWNER.ONE']],
    [{ kind: 'GUIDELINES' }, ['DOCUMENT.BEGIN.ACTOR', 'DOCUMENT.OWNER.ONE']],
    [{ kind: 'GUIDELINES', cluster, parts: { technologyDomains: [{ field: 'MAGIC', text: {} }] } }, ['DOCUMENT.PARTS.KNOWN']],
  ])('is not %j: %j', (draft, codes) => {
    expect(failedRules(() => beginDocument(none.narrower, [])(null, draft, at(manager(cluster))))).toEqual(codes);
  });
});

describe('Whatever is asked of a document, in whatever order', () => {
  const who = [coordinator, writer, reviewer, ...partners.map(manager)];
  const table = machine('DOCUMENT_VERSION');
  const ask = fc.record({
    command: fc.constantFrom('submit', 'submit', 'approve', 'approve', 'consent', 'consent', 'consent', 'changes', 'rewrite', 'revise'),
    actor: fc.nat({ max: who.length - 1 }),
  });

  it('the machine is kept, one version at most is approved, and only what enough partners have agreed to', () => {
    let approvals = 0;
    fc.assert(
      fc.property(fc.array(ask, { minLength: 20, maxLength: 60 }), (asked) => {
        let now = aStrategy();
        for (const { command, actor } of asked) {
          const by = who[actor]!;
          const before = now;
          try {
            now = {
              submit: () => moves.submitDocument(known)(now, {}, at(by)),
              approve: () => approve(now),
              consent: () => consentToDocument(known)(now, { to: 'approve', version: actedOn(now).no }, at(by)),
              changes: () => moves.requestDocumentChanges(now, { remarks: 'r' }, at(by)),
              rewrite: () => changeDocument(known.narrower)(now, { text: { en: `${command} ${actor}` } }, at(by)),
              revise: () => moves.reviseDocument(now, {}, at(by)),
            }[command]!().next;
          } catch (error) {
            expect(error).toBeInstanceOf(Refusal);
            continue;
          }
          for (const version of now.versions) {
            const was = before.versions.find(({ no }) => no === version.no)?.state;
            if (was === undefined || was === version.state) continue;
            expect(['submit', 'requestChanges', 'approve', 'supersede'].flatMap((each) => table.targets(each, was))).toContain(
              version.state,
            );
            if (version.state !== 'APPROVED') continue;
            approvals += 1;
            expect(
              new Set(version.consents.filter(({ hash }) => hash === hashOf(now, version)).map(({ cluster }) => cluster)).size,
            ).toBeGreaterThanOrEqual(2);
          }
          expect(now.versions.filter(({ state }) => state === 'APPROVED').length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 150 },
    );
    expect(approvals).toBeGreaterThan(15);
  });
});
