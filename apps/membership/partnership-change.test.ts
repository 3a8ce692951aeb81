import { describe, expect, it } from '@jest/globals';
import type { BoundRole } from '#libs/contracts/actor';
import { PartnershipPatch } from '#libs/contracts/partnership-patch';
import type { Context } from '#libs/domain/decision';
import { failedRules } from '#libs/domain/verdict';
import type { Partnership } from './partnership.js';
import { changePartnership, putPartnership, registerPartnership } from './partnership-change.js';

const id = '01434b19-8400-7309-9f13-76396dd9e6e6';
const externalId = { system: 'ECCP', id: '12' };

const as = (...roles: BoundRole[]): Context => ({
  id,
  at: '2026-01-01T00:00:00.000Z',
  message: 'm1',
  by: { kind: 'CLIENT', id: 'c', roles, scopes: [], at: '2026-01-01T00:00:00.000Z' },
});
const platform = as({ role: 'PLATFORM_ADMIN', binding: null });
const coordinator = as({ role: 'PARTNERSHIP_COORDINATOR', binding: { kind: 'PARTNERSHIP', id } });
const draft = { acronym: 'NORD RAIL', name: 'Railways of the North', programme: 'ESCP-4X' };

const aPartnership = (over: Partial<Partnership> = {}): Partnership => ({
  ...registerPartnership(null)(null, draft, platform).next,
  ...over,
});
const change = (before: Partnership, patch: PartnershipPatch, by = coordinator, owner: string | null = null) =>
  changePartnership(owner)(before, patch, by);

/** As the gateway hands it on: what may be left out is blank. */
const asSaid = (said: unknown): PartnershipPatch => PartnershipPatch.parse(said);

describe('Registering a partnership', () => {
  it('begins it as a draft, under the address of its acronym', () => {
    const { next, facts } = registerPartnership(null)(null, { ...draft, start: '2027-01', countries: ['SE'] }, platform);
    expect(next).toMatchObject({
      slug: 'nord-rail',
      code: 'NORD RAIL',
      state: 'DRAFT',
      profile: 'DRAFT',
      start: { edtf: '2027-01' },
      countries: ['SE'],
      externalIds: [],
      sourceKey: null,
    });
    expect(facts).toMatchObject([{ type: 'partnership.registered.v1', data: { id, slug: 'nord-rail' } }]);
    expect(JSON.stringify(facts)).not.toContain('operationalManager');
  });

  it('tells every rule it breaks', () => {
    const wrong = { ...draft, programme: 'ESCP-9', start: '2027-13', countries: ['QQ'], classifications: { technologyFields: ['MAGIC'] } };
    expect(
      failedRules(() => registerPartnership('another')(null, { ...wrong, externalIds: [externalId, externalId] }, coordinator)),
    ).toEqual([
      'PARTNERSHIP.REGISTER.ACTOR',
      'PARTNERSHIP.PROGRAMME.KNOWN',
      'PARTNERSHIP.START.READABLE',
      'PARTNERSHIP.COUNTRIES.KNOWN',
      'PARTNERSHIP.CLASSIFICATIONS.KNOWN',
      'PARTNERSHIP.EXTERNAL_IDS.DISTINCT',
      'PARTNERSHIP.SLUG.UNIQUE',
    ]);
  });
});

describe('Changing a partnership', () => {
  it('is for those who run it; with its acronym its address changes, and the one before leads on', () => {
    const { next, facts } = change(aPartnership(), { acronym: 'NORDRAIL', classifications: { tags: ['rail'] } });
    expect(next).toMatchObject({
      slug: 'nordrail',
      formerSlugs: ['nord-rail'],
      classifications: { tags: ['rail'], technologyFields: null },
    });
    expect(facts).toMatchObject([{ type: 'partnership.changed.v1' }]);
    expect(failedRules(() => change(aPartnership(), { durationMonths: 12 }, as()))).toEqual(['PARTNERSHIP.CHANGE.ACTOR']);
    expect(failedRules(() => change(aPartnership(), { acronym: 'DIA' }, coordinator, 'another'))).toEqual(['PARTNERSHIP.SLUG.UNIQUE']);
  });

  it('leaves what is under review as it is, but for outside ids; what is so already is no change', () => {
    const submitted = aPartnership({ profile: 'NEEDS_REVIEW' });
    expect(failedRules(() => change(submitted, { durationMonths: 12, start: 'soon' }))).toEqual([
      'PARTNERSHIP.CHANGE.PROFILE',
      'PARTNERSHIP.START.READABLE',
    ]);
    expect(change(submitted, { externalIds: [externalId] }).next.externalIds).toEqual([externalId]);
    expect(change(submitted, { name: draft.name, start: null })).toMatchObject({ next: submitted, facts: [] });
  });

  it('goes into a draft where the profile was reviewed: the public reads what it read, under the address it knows', () => {
    const published = aPartnership({ profile: 'PUBLISHED' });
    const { next, facts } = change(published, { acronym: 'NORDRAIL', description: { aim: { en: 'More rail' } } });
    expect(next).toMatchObject({ ...published, authors: ['c'], draft: { acronym: 'NORDRAIL', profile: 'DRAFT' } });
    expect(next.draft).not.toHaveProperty('slug');
    expect(facts.map(({ type }) => type)).toEqual(['partnership.draft-changed.v1']);
    const text = JSON.stringify(facts);
    expect(text).not.toMatch(/NORDRAIL|More rail/);
    const remarked = asSaid({ remarks: [{ kind: 'NOTE', text: 'Look at the aims' }] });
    expect(change(published, remarked).next).toMatchObject({ draft: null, remarks: [{ text: { en: 'Look at the aims' } }] });
  });

  it('says part by part what it describes, and as a whole what would be nobody’s by halves', () => {
    const said = { description: { aim: { en: 'Rail', fr: 'Rail' }, effects: [{ en: 'Trains' }] } };
    const first = change(aPartnership(), asSaid({ ...said, funding: { programme: 'COSME', period: '2018' } })).next;
    const { next } = change(first, asSaid({ description: { aim: { fr: null } }, funding: { programme: 'COSME' } }));
    expect(next.description).toMatchObject({ aim: { en: 'Rail' }, effects: [{ en: 'Trains' }], learning: null });
    expect(next.funding).toMatchObject({ programme: 'COSME', period: null });
    expect(change(next, { description: { aim: null, effects: null } }).next.description).toBeNull();
  });

  it('takes names for codes, and tells each that is none', () => {
    const said = asSaid({ networks: [{ name: 'Rail net', country: 'Sweden' }], objectives: [{ targetCountries: ['US', 'Atlantis'] }] });
    expect(failedRules(() => change(aPartnership(), said))).toEqual(['PARTNERSHIP.VALUES.KNOWN']);
    const known = change(aPartnership(), asSaid({ networks: [{ name: 'Rail net', country: 'Sweden' }] }));
    expect(known.next.networks).toMatchObject([{ country: 'SE' }]);
    expect(failedRules(() => change(aPartnership(), { call: 'COS-CLUSINT-2016-03-01' }))).toEqual(['PARTNERSHIP.CALL.KNOWN']);
    expect(failedRules(() => change(aPartnership(), { strand: '1' }))).toEqual(['PARTNERSHIP.CALL.KNOWN']);
    expect(change(aPartnership(), { call: 'COS-CLUSTER-2018-03-02' }).next.call).toBe('COS-CLUSTER-2018-03-02');
  });

  it('declares figures beside targets, and neither touches the other', () => {
    const stated = (value: number) => ({ value, qualifier: null, asOf: null });
    const first = change(aPartnership(), { figures: { smes: { declared: stated(700) } } }).next;
    const { next } = change(first, { figures: { smes: { target: stated(900) }, members: { declared: null } } });
    expect(next.figures).toMatchObject({ smes: { declared: { value: 700 }, target: { value: 900 } }, members: { declared: null } });
  });

  it('ends with the partnership', () => {
    expect(failedRules(() => change(aPartnership({ state: 'ARCHIVED' }), { durationMonths: 12 }))).toEqual(['PARTNERSHIP.CHANGE.STATE']);
  });
});

describe('Putting a partnership by its outside id', () => {
  it('registers what is not there, and changes what is', () => {
    const { next } = putPartnership(null)(null, { ...draft, externalId }, platform);
    expect(next).toMatchObject({ slug: 'nord-rail', externalIds: [externalId] });
    expect(putPartnership(null)(next, { externalId, durationMonths: 24 }, coordinator).next).toMatchObject({ durationMonths: 24 });
    expect(putPartnership(null)(next, { ...draft, externalId }, coordinator)).toMatchObject({ next, facts: [] });
  });

  it('says what a new one needs, and moves none to another programme', () => {
    expect(failedRules(() => putPartnership(null)(null, { externalId }, platform))).toEqual(['PARTNERSHIP.PUT.COMPLETE']);
    expect(failedRules(() => putPartnership(null)(aPartnership(), { externalId, programme: 'ESCP-4I' }, coordinator))).toEqual([
      'PARTNERSHIP.PUT.COMPLETE',
    ]);
  });
});
