import { describe, expect, it } from '@jest/globals';
import { type Actor, system } from '#libs/contracts/actor';
import type { PartnershipRecord } from '#libs/contracts/partnership';
import { failedRules } from '#libs/domain/verdict';
import { completeImport, type Partnership, readable, recordPartnership } from './partnership.js';

const at = '2026-01-01T00:00:00.000Z';
const id = '01434b19-8400-7309-9f13-76396dd9e6e6';
const context = (by: Actor = system('membership', at)) => ({ id, by, at, message: 'm' });
const stranger: Actor = { ...context().by, kind: 'CLIENT', roles: [{ role: 'PLATFORM_ADMIN', binding: null }] };

const dia: PartnershipRecord = {
  code: 'DIA',
  slug: 'dia',
  acronym: 'DIA',
  name: 'European Digital Industry Alliance',
  programme: 'ESCP-4I',
  profile: 'PUBLISHED',
  sourceKey: 'DIA',
};
const recorded = (said: Partial<PartnershipRecord> = {}, before: Partnership | null = null) =>
  recordPartnership(before, { ...dia, ...said }, context());
const counts = { created: 21, changed: 0, left: 0, refused: 0 };

describe('A partnership in an import', () => {
  it('without a status is a draft, and every blank is null', () => {
    const { next, facts } = recorded();
    expect(next).toMatchObject({ state: 'DRAFT', start: null, coordinator: null, figures: { members: { declared: null, target: null } } });
    expect(facts.map(({ type }) => type)).toEqual(['partnership.recorded.v1']);
  });

  it('that says nothing new leaves the very same partnership, and no fact', () => {
    const said = { start: '2018-02', durationMonths: 24, figures: { smes: { target: { value: 900, qualifier: 'AT_LEAST', asOf: null } } } };
    const { next } = recorded(said);
    expect(recorded(said, next)).toMatchObject({ next, facts: [] });
    expect(recorded(said, next).next).toBe(next);
  });

  it('leaves the sections it does not have, and takes null as a statement', () => {
    const before = recorded({ durationMonths: 24, targetCountries: ['US'] }).next;
    expect(recorded({ targetCountries: null }, before).next).toMatchObject({ durationMonths: 24, targetCountries: null });
  });

  it('states a target without touching what is declared', () => {
    const before = recorded({ figures: { smes: { declared: { value: 700, qualifier: null, asOf: null } } } }).next;
    const { next } = recorded({ figures: { smes: { target: { value: 900, qualifier: 'AT_LEAST', asOf: null } } } }, before);
    expect(next.figures.smes).toMatchObject({ declared: { value: 700 }, target: { value: 900 } });
  });

  it('under another acronym still answers to its former address', () => {
    const before = recorded().next;
    const renamed = recorded({ slug: 'discp', acronym: 'DISCP' }, before).next;
    expect(renamed).toMatchObject({ slug: 'discp', formerSlugs: ['dia'] });
    expect(recorded({}, renamed).next).toMatchObject({ slug: 'dia', formerSlugs: ['discp'] });
  });

  it('is recorded by the product itself only', () => {
    expect(failedRules(() => recordPartnership(null, dia, context(stranger)))).toEqual(['PARTNERSHIP.RECORD.ACTOR']);
  });

  it('tells nobody the remarks of the editors, nor whom to write to', () => {
    const remarks = [{ kind: 'NOTE', about: null, text: { en: 'internal' }, source: null }];
    const operationalManager = { role: 'Manager', email: 'jane@example.org', personalData: true };
    const { next, facts } = recorded({ remarks, operationalManager });
    const told = [...facts, ...completeImport(next, { import: id, counts }, context()).facts];
    expect(told).toHaveLength(2);
    expect(JSON.stringify(told)).not.toMatch(/internal"|jane/);
  });
});

describe('A partnership', () => {
  it('ends when its months are over, as precisely as it began', () => {
    expect(readable(recorded({ start: '2018-02', durationMonths: 24 }).next, id).end).toMatchObject({
      edtf: '2020-01',
      precision: 'month',
    });
    expect(readable(recorded({ durationMonths: 24 }).next, id).end).toBeNull();
  });

  it('names what is blank in its profile', () => {
    const { percent, missing } = readable(recorded({ durationMonths: 24, channels: [] }).next, id).completeness;
    expect(percent).toBe(6);
    expect(missing).toContain('channels');
    expect(missing).not.toContain('durationMonths');
  });
});

describe('An import that has completed a partnership', () => {
  it('is told as a fact once, with what it has brought', () => {
    const before = recorded().next;
    const { next, facts } = completeImport(before, { import: id, counts }, context());
    expect(facts).toMatchObject([{ type: 'partnership.imported.v1', data: { id, slug: 'dia', import: id, counts } }]);
    expect(completeImport(next, { import: id, counts }, context())).toMatchObject({ next, facts: [] });
  });

  it('is completed by the product itself only', () => {
    expect(failedRules(() => completeImport(recorded().next, { import: id, counts }, context(stranger)))).toEqual([
      'PARTNERSHIP.COMPLETE_IMPORT.ACTOR',
    ]);
  });
});
