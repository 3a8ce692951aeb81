import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { partnershipFiles } from '#libs/reference/partnerships';
import { planImport } from './import-plan.js';
import { leaves, pointer } from './json-pointer.js';
import { checkPartnershipFile, mostFaults, type PartnershipFile, readPartnershipFile } from './partnership-file.js';

const minimal = { code: 'X', identity: { acronym: 'X', name: 'Partnership X' }, programme: { code: 'ESCP-4I' } };
const seeds = Object.entries(partnershipFiles);

type Changes = Readonly<Record<string, unknown>>;

/** The file of DIA with other values at some places; undefined takes one away. */
const dia = (changes: Changes): unknown => changed(partnershipFiles.dia, changes);

function read(json: unknown): PartnershipFile {
  const { file, errors } = readPartnershipFile(json);
  if (!file) throw new Error(JSON.stringify(errors));
  return file;
}

const pointersOf = (json: unknown) => readPartnershipFile(json).errors.map((fault) => fault.pointer);
const errorsOf = (json: unknown) => checkPartnershipFile(read(json)).errors;

describe('A partnership file', () => {
  it.each(seeds)('of %s is read and passes its check', (_, json) => {
    const { verdicts, errors, notes } = checkPartnershipFile(read(json));
    expect(errors).toEqual([]);
    expect(notes).toEqual([]);
    expect(verdicts.every(({ outcome }) => outcome === 'PASSED')).toBe(true);
  });

  it.each(seeds)('of %s loses nothing when it is read', (_, json) => {
    const read = new Map(leaves(readPartnershipFile(json).file));
    for (const [at, value] of leaves(json)) expect(read.has(at) ? read.get(at) : read.get(`${at}/en`)).toEqual(value);
  });

  it('needs code, identity and programme, and nothing else', () => {
    expect(errorsOf(minimal)).toEqual([]);
    expect(pointersOf({})).toEqual(['/code', '/identity', '/programme']);
  });

  it('tells a missing section from a blank one', () => {
    expect('plannedEvents' in read(minimal)).toBe(false);
    expect(read({ ...minimal, plannedEvents: null }).plannedEvents).toBeNull();
  });

  it('takes texts in several languages', () => {
    expect(read({ ...minimal, description: { aim: { en: 'Aim', fr: 'But' }, link: 'Link' } }).description).toMatchObject({
      aim: { en: 'Aim', fr: 'But' },
      link: { en: 'Link' },
      learning: null,
    });
  });

  it.each([
    ['a section nobody knows', { '/flags': {} }, '/flags'],
    ['an unknown field in a row', { '/plannedEvents/2/colour': 'red' }, '/plannedEvents/2/colour'],
    ['an unknown field with a slash', { '/status/a~1b~0c': 1 }, '/status/a~1b~0c'],
    ['an unknown target', { '/targets/cats': { value: 9 } }, '/targets/cats'],
    ['an unknown classification', { '/composition/0/codes/colours': [] }, '/composition/0/codes/colours'],
    ['an unknown field in one of two shapes', { '/numberOfPartners': { value: 6, q: 1 } }, '/numberOfPartners/q'],
    ['a number for a name', { '/identity/acronym': 5 }, '/identity/acronym'],
    ['an empty name', { '/composition/0/name': '  ' }, '/composition/0/name'],
    ['a negative number', { '/composition/0/totalSmes': -1 }, '/composition/0/totalSmes'],
    ['a text under no language', { '/description/aim': { English: 'Aim' } }, '/description/aim/English'],
    ['a list for a text', { '/description/aim': ['Aim'] }, '/description/aim'],
    ['half a month', { '/durationMonths': 1.5 }, '/durationMonths'],
    ['a row without number', { '/plannedEvents/0/no': undefined }, '/plannedEvents/0/no'],
    ['a text as long as a book', { '/description/aim': 'a'.repeat(20_001) }, '/description/aim'],
    ['a code that would not be told from its parts', { '/code': 'DIA:2' }, '/code'],
  ])('refuses %s, with its place', (_, change, at) => expect(pointersOf(dia(change))).toEqual([at]));

  it('refuses what is no file at all', () => {
    for (const json of [null, [], 'DIA', 3, undefined]) expect(pointersOf(json)).toEqual(['']);
    let bomb: unknown = 1;
    for (let depth = 0; depth < 5_000; depth += 1) bomb = { aim: bomb };
    expect(pointersOf({ ...minimal, description: bomb })).toEqual(['/description/aim/aim']);
  });

  it('lists no more faults than anybody reads', () => {
    const links = Array.from({ length: 300 }, () => 1);
    expect(pointersOf({ ...minimal, links })).toHaveLength(mostFaults);
  });

  it('answers any JSON, whatever stands where', () => {
    const file = partnershipFiles.exxtra;
    const places = [...leaves(file)].map(([at]) => at);
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), (at, value) => {
        const reading = readPartnershipFile(changed(file, { [at]: value }));
        const errors = reading.file ? checkPartnershipFile(reading.file).errors : reading.errors;
        for (const fault of errors) expect(typeof fault.pointer).toBe('string');
      }),
    );
  });
});

describe('The check of a partnership file', () => {
  it.each([
    ['an unknown event type', { '/plannedEvents/0/type': 'PICNIC' }, '/plannedEvents/0/type'],
    ['an unknown target group', { '/plannedEvents/0/targetGroups': ['CATS'] }, '/plannedEvents/0/targetGroups/0'],
    ['a flag as a target group', { '/plannedEvents/0/targetGroups': ['OPEN_TO_SMES'] }, '/plannedEvents/0/targetGroups/0'],
    ['an unknown country', { '/composition/1/country': 'XX' }, '/composition/1/country'],
    ['an unknown programme', { '/programme/code': 'ESCP-9' }, '/programme/code'],
    ['a call for a programme', { '/programme': { code: 'COS-CLUSINT-2016-03-01' } }, '/programme/code'],
    ['an unknown call', { '/programme/call': 'COS-9' }, '/programme/call'],
    ['a call of another programme', { '/programme/call': 'COS-CLUSTER-2018-03-02' }, '/programme/call'],
    ['a strand the call has not', { '/status/strand': '7' }, '/status/strand'],
    ['an unknown phase', { '/status/phase': 'PARTY' }, '/status/phase'],
    ['an unknown qualifier', { '/numberOfPartners': { value: 6, qualifier: 'MAYBE' } }, '/numberOfPartners/qualifier'],
    ['an unknown indicator', { '/targets': { smes: { value: 6, kpi: 'CATS' } } }, '/targets/smes/kpi'],
    ['an unknown industry', { '/classification/codes/sectoralIndustries': ['99'] }, '/classification/codes/sectoralIndustries/0'],
    [
      'an unknown label without a code',
      { '/classification/codes': null, '/classification/emergingIndustries': ['Cats'] },
      '/classification/emergingIndustries/0',
    ],
    ['an unknown field of a cluster', { '/composition/5/codes/technologyFields/1': 'EL.CATS' }, '/composition/5/codes/technologyFields/1'],
    ['a NUTS code of no form', { '/composition/0/nuts2': 'Sweden' }, '/composition/0/nuts2'],
    ['an unknown agreement state', { '/mous': [{ party: 'A', country: 'CA', status: 'MAYBE' }] }, '/mous/0/status'],
    ['a bad date', { '/plannedEvents/3/estimatedDate': '2018-13' }, '/plannedEvents/3/estimatedDate'],
    ['a day that is not in the calendar', { '/startOfPartnership': '2019-02-29' }, '/startOfPartnership'],
    ['a number that stands twice', { '/plannedEvents/1/no': 1 }, '/plannedEvents/1/no'],
    [
      'a cluster that stands twice',
      { '/composition/1': { no: 9, country: 'SE', name: 'mitc - MÄLARDALEN Industrial technology center' } },
      '/composition/1/name',
    ],
    ['a coordinator from nowhere', { '/coordinator': { cluster: 'Nobody' } }, '/coordinator/cluster'],
    ['an ecosystem of nobody', { '/ecosystems': [{ partner: 'Nobody' }] }, '/ecosystems/0/partner'],
  ])('finds %s', (_, change, at) => expect(errorsOf(dia(change)).map((fault) => fault.pointer)).toEqual([at]));

  it('takes labels and aliases for codes', () => {
    const file = dia({
      '/plannedEvents/0/type': 'Study visits',
      '/plannedEvents/0/targetGroups': ['SMEs'],
      '/composition/0/country': 'Sweden',
      '/composition/2/codes': null,
      '/coordinator': { cluster: 'pole scs' },
      '/classification/codes/sectoralIndustries': ['Aerospace Vehicles and Defence'],
    });
    expect(errorsOf(file)).toEqual([]);
  });

  it('tells every rule with its verdict', () => {
    const file = read(dia({ '/plannedEvents/0/type': 'PICNIC', '/startOfPartnership': 'soon' }));
    const failed = checkPartnershipFile(file).verdicts.filter(({ outcome }) => outcome === 'FAILED');
    expect(failed.map(({ rule, message }) => [rule, message])).toEqual([
      ['PARTNERSHIP_FILE.CODES', '"PICNIC" is not in event-types.'],
      ['PARTNERSHIP_FILE.DATES', '"soon" is not a date of EDTF level 0 or 1.'],
    ]);
  });

  it('takes its time neither for many clusters nor for many faults', () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => index + 1);
    const many = read({
      ...minimal,
      composition: rows.map((no) => ({ no, name: `Cluster ${no}`, country: 'SE' })),
      ecosystems: rows.map((no) => ({ no, partner: `cluster ${no}` })),
      plannedEvents: rows.map((no) => ({ no, estimatedDate: '2018-13', type: 'PICNIC' })),
    });
    const start = performance.now();
    const { errors, verdicts } = checkPartnershipFile(many);
    planImport(many, { profile: 'DRAFT', existing: { cluster: () => null, slugOwner: () => null } });
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(errors).toHaveLength(2 * mostFaults);
    expect(verdicts.find(({ rule }) => rule === 'PARTNERSHIP_FILE.DATES')?.inputs).toEqual({ faults: 5_000 });
  });

  it('only notes totals that do not add up and figures stated twice', () => {
    const file = read(
      dia({
        '/computedTotals/members': 1000,
        '/computedTotals/countries': ['SE'],
        '/numberOfSmesInvolved': 700,
        '/declaredMembership': { smes: { value: 500 } },
      }),
    );
    const { errors, notes, verdicts } = checkPartnershipFile(file);
    expect(errors).toEqual([]);
    expect(notes).toEqual([
      { pointer: '/computedTotals/members', message: 'members: the file says 1000, its composition gives 1006.' },
      { pointer: '/computedTotals/countries', message: 'countries: the file says SE, its composition gives DE,ES,FR,IT,PT,SE.' },
      { pointer: '/declaredMembership/smes', message: 'SMEs are declared as 700 and as 500; 700 is taken.' },
    ]);
    expect(verdicts.filter(({ outcome }) => outcome === 'NOT_APPLICABLE').map(({ rule }) => rule)).toEqual([
      'PARTNERSHIP_FILE.TOTALS',
      'PARTNERSHIP_FILE.FIGURES',
    ]);
  });
});

describe('A JSON pointer', () => {
  it('escapes what it is made of', () => {
    expect(pointer('a/b', 'c~d', 0)).toBe('/a~1b/c~0d/0');
    expect(pointer()).toBe('');
  });
});

function changed(file: unknown, changes: Changes): unknown {
  const copy = structuredClone(file);
  for (const [at, value] of Object.entries(changes)) {
    const path = at
      .slice(1)
      .split('/')
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = path.pop() ?? '';
    const owner = path.reduce<unknown>((object, part) => (object as Record<string, unknown>)[part], copy) as Record<string, unknown>;
    if (value === undefined) delete owner[last];
    else owner[last] = value;
  }
  return copy;
}
