import { describe, expect, it } from '@jest/globals';
import { partnershipFiles } from '#libs/reference/partnerships';
import { sourceId } from './ids.js';
import { planImport } from './import-plan.js';
import { readPartnershipFile } from './partnership-file.js';

function plan(json: unknown) {
  const { file, errors } = readPartnershipFile(json);
  if (!file) throw new Error(JSON.stringify(errors));
  return planImport(file, { profile: 'PUBLISHED', existing: { cluster: () => null, slugOwner: () => null } });
}

const dia = plan(partnershipFiles.dia).partnership;
const pimap = plan(partnershipFiles.pimap).partnership;
const exxtra = plan(partnershipFiles.exxtra).partnership;

describe('A partnership in the plan', () => {
  it('has its profile, its phase and what is blank as null', () => {
    expect(dia.data).toMatchObject({
      code: 'DIA',
      slug: 'dia',
      acronym: 'DIA',
      name: 'European Digital Industry Alliance',
      longName: null,
      programme: 'ESCP-4I',
      call: 'COS-CLUSINT-2016-03-01',
      state: 'PREPARATION',
      strand: '1',
      statusLabel: 'Preparation Phase - Strand1',
      profile: 'PUBLISHED',
      start: null,
      durationMonths: 24,
      previousInitiatives: [{ label: 'ESCP Pilots 2013', value: null }],
      targetCountries: ['US'],
      coordinator: null,
      externalPartners: null,
      mous: [],
      targets: [],
      figures: { partners: { declared: null, target: null }, smes: { declared: null, target: null } },
      classifications: {
        sectoralIndustries: ['40'],
        technologyFields: ['EL.ELECTRONICS_MICROELECTRONICS', 'EL.DIGITAL_SYSTEMS'],
        s3PriorityAreas: ['KETS.ADVANCED_MANUFACTURING'],
        emergingIndustries: ['DIGITAL'],
      },
      channels: [
        { kind: 'WEBSITE', label: { en: 'dedicated website' }, url: null },
        { kind: 'SOCIAL', label: { en: 'social media pages' }, url: null },
        { kind: 'ECCP', label: { en: 'ECCP website' }, url: null },
      ],
      provenance: {
        origins: { '/code': 'seed', '/programme/call': 'external' },
        asPrinted: { '/composition/2/sectoralIndustries/0': 'Aerospace Vehicles and Defence' },
      },
    });
    expect(dia.data.remarks).toHaveLength(20);
  });

  it('leaves what its file does not speak of as it is', () => {
    for (const section of ['ecosystems', 'pillars', 'benefits', 'networks', 'aims', 'countries'])
      expect(dia.data).not.toHaveProperty(section);
    const { partnership } = plan({ code: 'X', identity: { acronym: 'X', name: 'X' }, programme: { code: 'ESCP-4I' } });
    expect(Object.keys(partnership.data).sort()).toEqual(
      ['acronym', 'call', 'code', 'longName', 'name', 'profile', 'programme', 'provenance', 'slug', 'sourceKey'].sort(),
    );
  });

  it('is a draft without a status', () => {
    expect(exxtra.data).toMatchObject({ state: 'DRAFT', strand: null, statusLabel: null });
  });

  it('keeps target, declared and blank apart', () => {
    expect(pimap.data.figures?.smes).toEqual({
      declared: null,
      target: { value: 900, qualifier: 'AT_LEAST', asOf: '2018/2019', asPrinted: '900+' },
    });
    expect(pimap.data.targets).toContainEqual({
      name: 'missions',
      value: 2,
      qualifier: null,
      asOf: '2018/2019',
      kpi: 'THIRD_COUNTRY_MISSIONS',
      origin: null,
    });
    expect(exxtra.data.figures).toMatchObject({
      partners: { declared: null },
      members: { declared: { value: 840, qualifier: 'MORE_THAN', asOf: '2020/2021' }, target: null },
      smes: { declared: { value: 500, qualifier: 'ABOUT' } },
      others: { declared: { value: 130, qualifier: null } },
    });
  });

  it('knows the coordinator, the sectors counted and the ecosystems of its partners', () => {
    const { coordinator, partnersPerSector, ecosystems, countries } = exxtra.data;
    expect(coordinator).toEqual({ cluster: sourceId('cluster:IT:ditecfer'), name: 'DITECFER' });
    expect(partnersPerSector?.[0]).toEqual({ code: '45', partners: 6 });
    expect(ecosystems).toHaveLength(7);
    expect(ecosystems?.map(({ cluster }) => cluster)).toEqual(plan(partnershipFiles.exxtra).clusters.map(({ id }) => id));
    expect(countries).toEqual(['IT', 'DK', 'DE', 'FR', 'ES', 'TR']);
  });

  it('has a slug also where its acronym has no Latin letter', () => {
    const file = { code: 'ΔΙΑ', identity: { acronym: 'ΔΙΑ', name: 'ΔΙΑ' }, programme: { code: 'ESCP-4I' } };
    expect(plan(file).partnership.data.slug).toMatch(/^partnership-[0-9a-f]{12}$/);
  });
});
