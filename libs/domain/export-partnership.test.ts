import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PartnershipRecord } from '#libs/contracts/partnership';
import { partnershipFiles } from '#libs/reference/partnerships';
import { edtfDate } from './edtf-date.js';
import { type Exported, partnershipFileOf } from './export-partnership.js';
import { type ImportPlan, planImport } from './import-plan.js';
import { checkPartnershipFile, type PartnershipFile, readPartnershipFile } from './partnership-file.js';

type Json = Record<string, unknown>;
const json = (file: unknown): Json => JSON.parse(JSON.stringify(file));

function read(file: unknown): PartnershipFile {
  const { file: found, errors } = readPartnershipFile(json(file));
  if (!found) throw new Error(JSON.stringify(errors));
  expect(checkPartnershipFile(found).errors).toEqual([]);
  return found;
}

const planOf = (file: unknown): ImportPlan =>
  planImport(read(file), { profile: 'PUBLISHED', existing: { cluster: () => null, slugOwner: () => null } });

const pair = { declared: null, target: null };
const blankFigures = { partners: pair, members: pair, smes: pair, largeCompanies: pair, startUps: pair, others: pair };
const noClasses = { sectoralIndustries: null, technologyFields: null, s3PriorityAreas: null, emergingIndustries: null };
const blankPartnership = {
  ...{ state: 'DRAFT', strand: null, statusLabel: null, longName: null, call: null, start: null, durationMonths: null },
  ...{ previousInitiatives: null, countries: null, targetCountries: null, targetCountriesInText: null, coordinator: null },
  ...{ operationalManager: null, pillars: null, aims: null, description: null, objectives: null, addedValue: null, benefits: null },
  ...{ targets: null, partnersPerSector: null, otherActivities: null, strategyTest: null, expectedResults: null, networks: null },
  ...{ intermediaries: null, policyReferences: null, externalPartners: null, channels: null, funding: null, policies: null, mous: null },
  ...{ ecosystems: null, remarks: null, provenance: null },
};
const blankCluster = {
  ...{ aliases: [], fullName: null, region: null, website: null, foundedYear: null, totals: { members: null, smes: null } },
  ...{ classifications: noClasses, facts: null, summary: null, ecosystem: null },
};

/** What stands once a plan is carried out where nothing was before. */
function recorded({ partnership, clusters, memberships, events, exchangeProfile }: ImportPlan): Exported {
  const { data, id } = partnership;
  const figures = Object.fromEntries(
    Object.entries(blankFigures).map(([name, blank]) => [name, { ...blank, ...data.figures?.[name as keyof typeof blankFigures] }]),
  );
  const said = data as PartnershipRecord;
  return {
    partnership: {
      ...blankPartnership,
      ...said,
      id,
      start: said.start ? edtfDate(said.start) : null,
      figures,
      classifications: { ...noClasses, ...said.classifications, tags: [] },
    },
    clusters: clusters.map(({ id, data }) => ({ ...blankCluster, ...data, id })),
    memberships: memberships.map(({ id, data }) => ({ ...data, id, state: 'ACTIVE' })),
    events: events.map(({ id, data }) => ({ ...data, id, when: data.when === null ? null : edtfDate(data.when) })),
    exchangeProfile: exchangeProfile && { ...exchangeProfile.data, id: exchangeProfile.id },
  } as unknown as Exported;
}

const files = Object.entries(partnershipFiles);

describe('The export of a partnership', () => {
  it.each(files)('of %s records whatever its file recorded', (_, file) => {
    const plan = planOf(file);
    const again = planOf(partnershipFileOf(recorded(plan)));
    expect(json(again.partnership.data)).toMatchObject(json(plan.partnership.data));
    expect(again.clusters.map(({ id }) => id)).toEqual(plan.clusters.map(({ id }) => id));
    for (const [place, cluster] of plan.clusters.entries()) expect(json(again.clusters[place]!.data)).toMatchObject(json(cluster.data));
    expect(json(again.memberships)).toEqual(json(plan.memberships));
    expect(json(again.events)).toEqual(json(plan.events));
    expect(json(again.exchangeProfile)).toEqual(json(plan.exchangeProfile));
  });

  it.each(files)('of %s is the same after it was imported elsewhere', (_, file) => {
    const first = partnershipFileOf(recorded(planOf(file)));
    expect(json(partnershipFileOf(recorded(planOf(first))))).toEqual(json(first));
  });

  it.each(files)('of %s tells every word that is printed in its file', (_, file) => {
    const told = new Set(textsIn(json(partnershipFileOf(recorded(planOf(file))))));
    // What is derived from the rest of the file, and numbers said as words beside codes.
    expect(textsIn(json(file)).filter((text) => !told.has(text))).toEqual([]);
  });

  it('holds for whatever sections a file has', () => {
    const sections = Object.keys(partnershipFiles.exxtra as Json).filter(
      (name) => !['code', 'identity', 'programme', 'coordinator', 'ecosystems', 'composition'].includes(name),
    );
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.subarray(sections), fc.boolean(), ([, whole], left, blank) => {
        const file = { ...(whole as unknown as Json) };
        for (const name of left) {
          if (blank) file[name] = null;
          else delete file[name];
        }
        const first = partnershipFileOf(recorded(planOf(file)));
        expect(json(partnershipFileOf(recorded(planOf(first))))).toEqual(json(first));
      }),
      { numRuns: 60 },
    );
  });

  it('keeps a region, a number and a channel that no short form tells in full', () => {
    const state = recorded(planOf(partnershipFiles.dia));
    const region = { code: 'SE12', version: 'NUTS 2024', label: 'East' };
    const members = { value: 20, qualifier: 'ABOUT', asOf: '2026-03' };
    const clusters = state.clusters.map((cluster, place) =>
      place === 0 ? { ...cluster, region, totals: { ...cluster.totals, members } } : cluster,
    );
    const channels = [{ kind: 'SOCIAL' as const, label: { en: 'Our square' }, url: null }];
    const file = partnershipFileOf({ ...state, clusters, partnership: { ...state.partnership, channels } });
    const plan = planOf(file);
    expect(plan.clusters[0]!.data).toMatchObject({ region, totals: { members } });
    expect(plan.partnership.data.channels).toEqual(channels);
  });

  it('prints no spelling that belonged to another code, and hands it on', () => {
    const state = recorded(planOf(partnershipFiles.dia));
    const [at, spelling] = Object.entries(state.partnership.provenance!.asPrinted!)[0]!;
    const clusters = state.clusters.map((cluster) => ({ ...cluster, classifications: { ...noClasses, sectoralIndustries: ['40'] } }));
    const file = partnershipFileOf({ ...state, clusters });
    expect(file.provenance).toEqual({ origins: {}, asPrinted: { [at]: spelling } });
    expect(file.composition!.every(({ sectoralIndustries }) => !sectoralIndustries!.includes(spelling))).toBe(true);
    expect(planOf(file).partnership.data.provenance).toEqual(state.partnership.provenance);
  });

  it('leaves out what its reader does not see, so that an import leaves it as it is', () => {
    const state = recorded(planOf(partnershipFiles.exxtra));
    const { remarks: _, operationalManager: __, ...partnership } = state.partnership;
    const file = partnershipFileOf({ ...state, partnership, clusters: state.clusters.slice(1) });
    for (const section of ['remarks', 'operationalManager', 'coordinator', 'ecosystems']) expect(file).not.toHaveProperty(section);
    expect(file.composition).toHaveLength(6);
    read(file);
  });

  it('has no row for what was planned here', () => {
    const state = recorded(planOf(partnershipFiles.dia));
    const [first] = state.events;
    const here = { ...first!, sourceKey: null, no: null };
    expect(partnershipFileOf({ ...state, events: [here, ...state.events] }).plannedEvents).toHaveLength(state.events.length);
  });
});

/** Texts of people, not codes: what has a space in it. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.includes(' ') ? [value] : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap((member) => textsIn(member));
}
