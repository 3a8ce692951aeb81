import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BoundRole } from '#libs/contracts/actor';
import { system } from '#libs/contracts/actor';
import { PartnershipView } from '#libs/contracts/partnership';
import type { Context } from '#libs/domain/decision';
import { edtfDate } from '#libs/domain/edtf-date';
import { machine } from '#libs/domain/machine';
import { failedRules, Refusal } from '#libs/domain/verdict';
import { aPolicy, policiesWith } from '#libs/testing/policies';
import { blank, type Partnership, readable } from './partnership.js';
import { changePartnership } from './partnership-change.js';
import * as moves from './partnership-moves.js';
import type { KeptDocuments, Partner } from './partnership-phases.js';

const id = '01434b19-8400-7309-9f13-76396dd9e6e6';
const as = (who: string, role: string, at = '2018-03-01T00:00:00.000Z'): Context => {
  const roles: BoundRole[] = [{ role, binding: role === 'PLATFORM_ADMIN' ? null : { kind: 'PARTNERSHIP', id } }];
  return { id, at, message: 'm1', by: { kind: 'PERSON', id: who, roles, scopes: [], at } };
};
const coordinator = as('anna', 'PARTNERSHIP_COORDINATOR');
const platform = as('piet', 'PLATFORM_ADMIN');
const itself = (at: string): Context => ({ ...platform, at, by: system('membership', at) });

const dia = (over: Partial<Partnership> = {}): Partnership => ({
  ...blank,
  code: 'DIA',
  slug: 'dia',
  acronym: 'DIA',
  name: 'European Digital Industry Alliance',
  programme: 'ESCP-4I',
  call: 'COS-CLUSINT-2016-03-01',
  strand: '1',
  start: edtfDate('2018-02'),
  durationMonths: 24,
  profile: 'DRAFT',
  sourceKey: null,
  ...over,
});
const partners: Partner[] = ['SE', 'ES', 'IT', 'FR'].map((country, place) => ({ cluster: `c${place}`, country }));
const nothing: KeptDocuments = { agreement: false, approved: [] };
const keepsHere = aPolicy('PARTNERSHIP_KEEPS_DOCUMENTS_HERE', true);
const keeping: Context = { ...coordinator, policies: policiesWith(keepsHere) };

describe('The preparation of a partnership', () => {
  it('starts with enough clusters of enough COSME countries, and completes itself the day after its end', () => {
    const { next, facts, due } = moves.startPreparation(partners)(dia(), {}, coordinator);
    expect(next).toMatchObject({ state: 'PREPARATION', statusLabel: 'Preparation Phase - Strand1' });
    expect(facts).toMatchObject([{ type: 'partnership.preparation-started.v1', data: { state: 'PREPARATION' } }]);
    expect(due).toMatchObject({ at: '2020-02-01T00:00:00.000Z', command: { type: 'partnership.complete.v1' } });
    const end = moves.completePartnership(next, {}, itself('2020-02-01T00:00:00.000Z'));
    expect(end.next).toMatchObject({ state: 'COMPLETED', endedOn: '2020-01-31' });
    expect(end.due).toBeNull();
  });

  it('is refused with all that is missing', () => {
    const few = [...partners.slice(0, 1), { cluster: 'x', country: 'US' }];
    const empty = dia({ programme: 'ESCP-4X', start: null, durationMonths: null });
    expect(failedRules(() => moves.startPreparation(few)(empty, {}, as('who', 'EVENT_ORGANISER')))).toEqual([
      'PARTNERSHIP.START_PREPARATION.ACTOR',
      'PARTNERSHIP.START_PREPARATION.PROGRAMME',
      'PARTNERSHIP.START_PREPARATION.PARTNERS',
      'PARTNERSHIP.START_PREPARATION.COUNTRIES',
      'PARTNERSHIP.START_PREPARATION.DATES',
    ]);
  });
});

describe('What a call asks', () => {
  const more = aPolicy('PARTNERSHIP_MIN_PARTNERS', 4);
  const asked = (version: typeof more) =>
    moves.startPreparation(partners.slice(0, 3))(dia(), {}, { ...coordinator, policies: policiesWith(version) });

  it('is what the scheme or the call says, never the partnership itself', () => {
    expect(failedRules(() => asked(more))).toEqual([]);
    const ofCall = { ...more, owner: { level: 'CALL' as const, code: 'COS-CLUSINT-2016-03-01' } };
    expect(failedRules(() => asked(ofCall))).toEqual(['PARTNERSHIP.START_PREPARATION.PARTNERS']);
    expect(failedRules(() => asked({ ...ofCall, owner: { level: 'CALL', code: 'COS-CLUSTER-2018-03-02' } }))).toEqual([]);
    expect(failedRules(() => asked({ ...ofCall, value: null }))).toEqual([]);
  });
});

describe('The implementation of a partnership', () => {
  const start = (before: Partnership, said: Parameters<ReturnType<typeof moves.startImplementation>>[1], documents = nothing) =>
    moves.startImplementation(documents)(before, said, coordinator);
  const prepared = dia({ state: 'PREPARATION' });

  it('names its basis: a strand that implements, a new grant after preparation, or none at all', () => {
    expect(start(prepared, { basis: 'STRAND_OF_CALL', strand: '2' }).next).toMatchObject({
      state: 'IMPLEMENTATION',
      basis: 'STRAND_OF_CALL',
      strand: '2',
      statusLabel: 'Implementation Phase - Strand2',
    });
    expect(start(prepared, { basis: 'NEW_GRANT' }).next).toMatchObject({ basis: 'NEW_GRANT', strand: '1' });
    expect(start(dia(), { basis: 'VOLUNTARY' }).next).toMatchObject({ state: 'IMPLEMENTATION', basis: 'VOLUNTARY' });
    const excellence = dia({ programme: 'ESCP-4X', call: 'COS-CLUSTER-2018-03-02', strand: null });
    expect(start(excellence, { basis: 'STRAND_OF_CALL' }).next.state).toBe('IMPLEMENTATION');
  });

  it('is none by a strand that prepares, nor by a new grant for what was never prepared', () => {
    expect(failedRules(() => start(prepared, { basis: 'STRAND_OF_CALL' }))).toEqual(['PARTNERSHIP.START_IMPLEMENTATION.BASIS']);
    expect(failedRules(() => start(dia(), { basis: 'NEW_GRANT' }))).toEqual(['PARTNERSHIP.START_IMPLEMENTATION.BASIS']);
    expect(failedRules(() => start(prepared, { basis: 'STRAND_OF_CALL', strand: '7' }))).toEqual([
      'PARTNERSHIP.START_IMPLEMENTATION.CALL',
      'PARTNERSHIP.START_IMPLEMENTATION.BASIS',
    ]);
  });

  it('waits for the papers of a partnership that keeps them here', () => {
    const starting = (documents: KeptDocuments, by = keeping) => moves.startImplementation(documents)(prepared, { basis: 'VOLUNTARY' }, by);
    expect(failedRules(() => starting(nothing))).toEqual([
      'PARTNERSHIP.AGREEMENT.IN_FORCE',
      'PARTNERSHIP.START_IMPLEMENTATION.STRATEGY',
      'PARTNERSHIP.START_IMPLEMENTATION.ROADMAP',
    ]);
    const papers = { agreement: true, approved: ['JOINT_INTERNATIONALISATION_STRATEGY', 'IMPLEMENTATION_ROADMAP'] };
    const { next, verdicts } = starting(papers);
    expect(next.state).toBe('IMPLEMENTATION');
    expect(verdicts.find(({ rule }) => rule === 'PARTNERSHIP.AGREEMENT.IN_FORCE')).toMatchObject({
      outcome: 'PASSED',
      inputs: { policy: keepsHere.code, policyVersion: { id: keepsHere.id, no: 1 }, owner: keepsHere.owner },
    });
    expect(failedRules(() => moves.sustainPartnership(nothing)({ ...prepared, state: 'COMPLETED' }, {}, keeping))).toEqual([
      'PARTNERSHIP.AGREEMENT.IN_FORCE',
    ]);
  });
});

describe('The end of a partnership', () => {
  const running = dia({ state: 'PREPARATION', draft: { durationMonths: 12, longName: 'DIA', profile: 'DRAFT' }, profile: 'PUBLISHED' });

  it('moves when it is extended, whatever is being written; the former duration stays readable', () => {
    const { next, due } = moves.extendPartnership(running, { durationMonths: 30, reason: 'The fair was moved.' }, coordinator);
    expect(next).toMatchObject({ durationMonths: 30, draft: { longName: 'DIA' } });
    expect(next.formerDurations).toEqual([{ durationMonths: 24, until: coordinator.at, reason: 'The fair was moved.' }]);
    expect(next.draft).not.toHaveProperty('durationMonths');
    expect(due?.at).toBe('2020-08-01T00:00:00.000Z');
    expect(failedRules(() => moves.extendPartnership(running, { durationMonths: 24, reason: 'x' }, coordinator))).toEqual([
      'PARTNERSHIP.EXTEND.LONGER',
    ]);
  });

  it('comes by itself only when it has come; earlier its coordinator declares it', () => {
    expect(failedRules(() => moves.completePartnership(running, {}, itself('2019-01-01T00:00:00.000Z')))).toEqual([
      'PARTNERSHIP.COMPLETE.END',
    ]);
    const early = as('anna', 'PARTNERSHIP_COORDINATOR', '2019-01-02T00:00:00.000Z');
    expect(failedRules(() => moves.completePartnership(running, { on: '2019-01-03' }, early))).toEqual(['PARTNERSHIP.COMPLETE.END']);
    expect(moves.completePartnership(running, { on: '2019-01-01' }, early).next).toMatchObject({ endedOn: '2019-01-01' });
  });

  it('is kept at hand for as long as the policy says before it is archived', () => {
    const over = dia({ state: 'COMPLETED', endedOn: '2020-01-31' });
    expect(failedRules(() => moves.archivePartnership(over, {}, as('piet', 'PLATFORM_ADMIN', '2025-01-31T00:00:00.000Z')))).toEqual([
      'PARTNERSHIP.ARCHIVE.RETENTION',
    ]);
    expect(moves.archivePartnership(over, {}, as('piet', 'PLATFORM_ADMIN', '2025-02-01T00:00:00.000Z')).next.state).toBe('ARCHIVED');
  });
});

describe('Any sequence of commands', () => {
  const profile = moves.partnershipProfile();
  const full = { description: { aim: { en: 'Rail' } }, classifications: { sectoralIndustries: ['04'] } };
  const commands: Record<string, (before: Partnership, by: Context, no: number) => Partnership> = {
    startPreparation: (before, by) => moves.startPreparation(partners)(before, {}, by).next,
    startImplementation: (before, by) => moves.startImplementation(nothing)(before, { basis: 'VOLUNTARY' }, by).next,
    extend: (before, by, no) => moves.extendPartnership(before, { durationMonths: 24 + no, reason: 'x' }, by).next,
    complete: (before, by) => moves.completePartnership(before, { on: '2018-02-28' }, by).next,
    sustain: (before, by) => moves.sustainPartnership(nothing)(before, {}, by).next,
    terminate: (before, by) => moves.terminatePartnership(before, { reason: 'x' }, by).next,
    archive: (before, by) => moves.archivePartnership(before, {}, by).next,
    submitForReview: (before, by) => profile.submitForReview(before, {}, by).next,
    requestChanges: (before, by) => profile.requestChanges(before, { remarks: 'x' }, by).next,
    publish: (before, by) => profile.publish(before, {}, by).next,
    unpublish: (before, by) => profile.unpublish(before, { reason: 'x' }, by).next,
    republish: (before, by) => profile.republish(before, {}, by).next,
    archiveProfile: (before, by) => profile.archive(before, {}, by).next,
    change: (before, by, no) => changePartnership(null)(before, { ...full, longName: `Name ${no}` }, by).next,
  };
  const phases = machine('PARTNERSHIP');
  const publication = machine('PROFILE');
  const step = fc.record({
    command: fc.constantFrom(...Object.keys(commands)),
    by: fc.constantFrom(coordinator, platform),
    no: fc.nat(40),
  });
  const reviewed = (state: Partnership) => ['PUBLISHED', 'UNPUBLISHED'].includes(state.profile);

  it('keeps the rules of both machines, and what the public reads changes only by review', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        let state = dia();
        for (const { command, by, no } of steps) {
          const before = state;
          try {
            state = commands[command]!(before, by, no);
          } catch (error) {
            if (!(error instanceof Refusal)) throw error;
            continue;
          }
          PartnershipView.parse({ ...readable(state, id), version: 1, updatedAt: by.at });
          if (state.state !== before.state) expect(phases.targets(command, before.state)).toContain(state.state);
          const name = command === 'archiveProfile' ? 'archive' : command;
          const [was, is] = [before.draft?.profile ?? before.profile, state.draft?.profile ?? state.profile];
          const onPublic = ['unpublish', 'republish', 'archiveProfile'].includes(command);
          if (onPublic) expect(publication.targets(name, before.profile)).toContain(state.profile);
          else if (command !== 'change' && was !== is && phases.commands().every((each) => each !== command))
            expect(publication.targets(name, was)).toContain(is);
          if (reviewed(before) && command !== 'publish') expect(state.longName).toBe(before.longName);
          if (command === 'publish') expect(before.authors ?? []).not.toContain(by.by.id);
        }
      }),
      { numRuns: 300 },
    );
  });
});
