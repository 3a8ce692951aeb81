import { describe, expect, it } from '@jest/globals';
import { cosmeCountries, countryName, findCountry, isCountry } from './countries.js';
import { disclaimer } from './disclaimers.js';
import { kpiDefinition, kpiDefinitions } from './kpis.js';
import { machines, machineTable } from './machines.js';
import { partnershipFiles } from './partnerships.js';
import { exchangeRules, lumpSumTable, policyInForce } from './policies.js';
import { call, programme, programmeOf, statusLabel, strandCodes } from './programmes.js';
import { findRegion, region, withoutCode } from './regions.js';
import { isRole, mayActFor, partyRole, partyRoles, roles } from './roles.js';

describe('The COSME countries', () => {
  it('are 38, and one that is left to a rule of its own', () => {
    expect(cosmeCountries.filter((country) => country.eligible)).toHaveLength(38);
    expect(cosmeCountries.filter((country) => country.eligible === null)).toMatchObject([{ code: 'GB', policy: 'UK_ENTITIES_ELIGIBLE' }]);
  });
});

describe('A country', () => {
  it.each(['DE', 'GB', 'GR', 'XK', 'US', 'CA', 'TR'])('%s has a code of ISO 3166-1', (code) => expect(isCountry(code)).toBe(true));
  it.each(['UK', 'EL', 'EU', 'XX', 'ZZ', 'SU', 'DD', 'de', 'DEU', '', 'QO', 'AA'])('%s has none', (code) =>
    expect(isCountry(code)).toBe(false),
  );

  it('is found by name, also as the seeds write it', () => {
    expect(findCountry('Turkey')).toBe('TR');
    expect(findCountry('türkiye')).toBe('TR');
    expect(findCountry('United States')).toBe('US');
    expect(findCountry('de')).toBe('DE');
    expect(findCountry('Atlantis')).toBeUndefined();
    expect(countryName('TR')).toBe('Türkiye');
    expect(countryName('CA')).toBe('Canada');
    expect(countryName('XX')).toBeUndefined();
  });

  it('is each of about 250', () => {
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    const codes = letters.flatMap((a) => letters.map((b) => a + b)).filter(isCountry);
    expect(codes).toHaveLength(250);
    for (const code of codes) expect(findCountry(countryName(code) as string)).toBe(code);
  });
});

describe('A programme', () => {
  it('has calls with strands, also as the seeds print them', () => {
    expect(programme('ESCP-4I')?.exchangeScheme).toBe(false);
    expect(programmeOf('COS-CLUSTER-2018-03-02')?.code).toBe('ESCP-4X');
    expect(strandCodes(call('COS-CLUSINT-2016-03-01') ?? never())).toEqual(['1.a', '1.b', '2', '1']);
    expect(call('COS-NOTHING')).toBeUndefined();
  });

  it('shows phase and strand as one label', () => {
    expect(statusLabel('PREPARATION', '1')).toBe('Preparation Phase - Strand1');
    expect(statusLabel('IMPLEMENTATION', null)).toBe('Implementation Phase');
    expect(statusLabel('COMPLETED', null)).toBe('Completed');
    expect(statusLabel('DRAFT', null)).toBeNull();
    expect(statusLabel(null, null)).toBeNull();
  });
});

describe('A region', () => {
  it('is known by its code in any version', () => {
    expect(region('FRI1')).toEqual({ code: 'FRI1', version: 'NUTS 2021', label: 'Aquitaine', level: 2, country: 'FR' });
    expect(region('FR61')).toMatchObject({ code: 'FR61', version: 'NUTS 2013' });
    expect(region('PT19')).toMatchObject({ version: 'NUTS 2024', label: 'Centro (PT)' });
    expect(region('XX99')).toBeUndefined();
  });

  it('is found by the names of the seeds, or known to be none', () => {
    expect(findRegion('Saxony')?.code).toBe('DED');
    expect(findRegion('Basque Country', 'ES')?.code).toBe('ES21');
    expect(findRegion('Norte', 'ES')).toBeUndefined();
    expect(findRegion('Anatolia')).toBeUndefined();
    expect(withoutCode('Anatolia')).toContain('no single code');
    expect(withoutCode('Saxony')).toBeUndefined();
  });
});

describe('A role', () => {
  it('may act for the parties its table names', () => {
    expect(mayActFor('PARTNERSHIP_COORDINATOR', 'VOP')).toBe(true);
    expect(mayActFor('VISITOR', 'HO')).toBe(false);
    expect(mayActFor('VISITOR', 'NOBODY')).toBe(false);
    expect(isRole('CLUSTER_MANAGER')).toBe(true);
    expect(isRole('VO')).toBe(false);
    expect(partyRole('SYSTEM')).toMatchObject({ kind: 'SYSTEM', actedBy: [] });
  });

  it('and its parties agree with each other', () => {
    for (const { code, actsFor = [] } of roles) for (const party of actsFor) expect(mayActFor(code, party)).toBe(true);
    for (const { actedBy } of partyRoles) for (const role of actedBy) expect(isRole(role)).toBe(true);
  });
});

describe('Policies', () => {
  it('hold from their day on', () => {
    expect(policyInForce('MIN_WORKING_DAYS', '2021-05-04')?.value).toBe(3);
    expect(policyInForce('MIN_WORKING_DAYS', '2020-02-02')).toBeUndefined();
    expect(exchangeRules).toHaveLength(29);
  });

  it('of a call hold for that call alone', () => {
    expect(policyInForce('GRANT_MAX_EUR', '2021-05-04')).toBeUndefined();
    expect(policyInForce('GRANT_MAX_EUR', '2021-05-04', ['COS-CLUSTER-2018-03-02'])?.value).toBe(360_000);
  });

  it('of the narrower owner win', () => {
    const rule = { code: 'LIMIT', unit: 'x', origin: 'project', confidence: 'PROJECT', validFrom: null, validTo: null };
    const among = [
      { ...rule, value: 1, owner: { level: 'SCHEME', code: 'CXC' } },
      { ...rule, value: 3, owner: { level: 'PARTNERSHIP', code: 'DIA' } },
      { ...rule, value: 2, owner: { level: 'CALL', code: 'C' } },
    ];
    expect(policyInForce('LIMIT', '2021-01-01', ['C', 'DIA'], among)?.value).toBe(3);
    expect(policyInForce('LIMIT', '2021-01-01', ['C'], among)?.value).toBe(2);
    expect(policyInForce('LIMIT', '2021-01-01', [], among)?.value).toBe(1);
  });

  it('have a lump sum for every eligible country, its half among them', () => {
    const tariff = new Map(lumpSumTable.items.map((row) => [row.country, row]));
    for (const { code } of cosmeCountries.filter((country) => country.eligible)) {
      expect(tariff.get(code)?.half).toBe((tariff.get(code)?.full ?? 0) / 2);
    }
    expect(tariff.has('GB')).toBe(false);
  });
});

describe('A disclaimer', () => {
  const ours = disclaimer('EU_FUNDING', '2018-09-12')!;

  it('is the newest in force on the day', () => {
    const among = [
      { ...ours, version: 1, validTo: '2020-12-31' },
      { ...ours, version: 2, validFrom: '2020-01-01' },
    ];
    expect(disclaimer('EU_FUNDING', '2019-12-31', among)?.version).toBe(1);
    expect(disclaimer('EU_FUNDING', '2020-06-01', among)?.version).toBe(2);
    expect(disclaimer('EU_FUNDING', null, among)?.version).toBe(2);
    expect(disclaimer('EU_FUNDING', '2021-01-01', among.slice(0, 1))).toBeUndefined();
  });

  it('has words and an owner', () => {
    expect(ours.text.en).toContain('European Commission');
    expect(ours.owner.code).toBe('CLUSTERBRIDGE');
  });
});

describe('Machines, indicators and seeds', () => {
  it('are all there', () => {
    expect(machines).toHaveLength(26);
    expect(machineTable('EVENT').states[0]?.code).toBe('PLANNED');
    expect(kpiDefinitions).toHaveLength(32);
    expect(kpiDefinition('EXCHANGES_COMPLETED')?.targetsInSources).toContainEqual({ partnership: 'EXXTRA', target: 52 });
    expect(kpiDefinition('NOTHING')).toBeUndefined();
    expect(partnershipFiles).toMatchObject({ dia: { code: 'DIA' }, exxtra: { code: 'EXXTRA' }, pimap: { code: 'PIMAP' } });
  });

  it('name actors that the roles know', () => {
    const known = [...roles, ...partyRoles].map(({ code }) => code);
    const unknown = machines
      .flatMap(({ transitions }) => transitions.flatMap(({ actor }) => actor))
      .filter((actor) => !known.includes(actor));
    expect(unknown).toEqual([]);
  });
});

function never(): never {
  throw new Error('missing');
}
