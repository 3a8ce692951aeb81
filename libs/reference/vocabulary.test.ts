import { describe, expect, it } from '@jest/globals';
import index from './data/index.json' with { type: 'json' };
import { isVocabulary, taxonomies, vocabulary } from './vocabulary.js';

describe('The reference data', () => {
  it('is served with the entries and dates its index promises', () => {
    const promised = index.files.filter(({ file }) => !file.startsWith('partnerships/'));
    expect(taxonomies()).toEqual(promised.map(({ file, asOf, entries }) => ({ name: file.replace('.json', ''), asOf, count: entries })));
    expect(isVocabulary('event-types')).toBe(true);
    expect(isVocabulary('toString')).toBe(false);
  });

  it('has every code once, with a label and a parent that exists', () => {
    for (const { name } of taxonomies()) {
      const { items, related } = vocabulary(name);
      expect(new Set(items.map(({ code }) => code)).size).toBe(items.length);
      for (const term of [...items, ...Object.values(related).flat()]) {
        expect(term.code).toMatch(/^\S+$/);
        expect(term.label.length).toBeGreaterThan(0);
        expect(term.code).not.toBe('undefined');
        if (term.parent !== null) expect(vocabulary(name).has(term.parent)).toBe(true);
      }
    }
  });

  it('finds every entry by its code, its label and each alias', () => {
    for (const { name } of taxonomies()) {
      const all = vocabulary(name);
      for (const { code, label, aliases } of all.items) {
        expect(all.find(code)?.code).toBe(code);
        for (const spelling of [label, label.toUpperCase(), ...aliases]) expect(all.find(spelling)?.code).toBe(code);
      }
    }
  });
});

describe('A vocabulary', () => {
  it.each([
    ['sectoral-industries', 'Aerospace Vehicles and Defence', '01'],
    ['sectoral-industries', 'aerospace vehicles and defense', '01'],
    ['technology-fields', 'Network Technology, Network Security', 'EL.NETWORK_SECURITY'],
    ['technology-fields', 'Machining (turning, drilling, moulding, planing, cutting)', 'IM.MACHINING'],
    ['technology-fields', 'ELECTRONICS, IT AND TELECOMMSElectronics, Microelectronics', 'EL.ELECTRONICS_MICROELECTRONICS'],
    ['s3-priority-areas', 'KETSAdvanced manufacturing systems', 'KETS.ADVANCED_MANUFACTURING'],
    ['s3-priority-areas', 'Energy production & distribution:Power generation / renewable sources', 'ENERGY.POWER_GENERATION'],
    ['s3-priority-areas', 'Transport & logistics including highways of the seas', 'BLUE_GROWTH.TRANSPORT_LOGISTICS'],
    ['s3-priority-areas', 'Digital Agenda', 'DIGITAL_AGENDA'],
    ['quantity-qualifiers', 'ca.', 'ABOUT'],
    ['roles', 'ORGANISER', 'EVENT_ORGANISER'],
    ['nuts-regions', 'Catalunya', 'ES51'],
    ['nuts-regions', 'FR61', 'FRI1'],
    ['nuts-regions', 'ostra mellansverige', 'SE12'],
    ['cosme-countries', 'Turkey', 'TR'],
    ['organisation-types', 'Fab lab', 'FAB_LAB'],
    ['partnership-programmes', 'European Cluster Partnership | Excellence', 'ESCP-4X'],
  ] as const)('%s finds "%s" as %s', (name, text, code) => expect(vocabulary(name).find(text)?.code).toBe(code));

  it('knows the two levels of areas and groups', () => {
    const s3 = vocabulary('s3-priority-areas');
    expect(s3.items).toHaveLength(22);
    expect(s3.related.areas).toHaveLength(12);
    expect(s3.parent('KETS.NANOTECHNOLOGY')).toBe('KETS');
    expect(s3.label('KETS.NANOTECHNOLOGY')).toBe('Nanotechnology');
    expect(vocabulary('technology-fields').parent('IM.COATINGS')).toBe('IM');
    expect(vocabulary('organisation-types').parent('FAB_LAB')).toBe('SCALING_UP_SUPPORT_ORGANISATION');
    expect(s3.parent('KETS')).toBeNull();
  });

  it('keeps what else a file says', () => {
    expect(vocabulary('event-types').get('THIRD_COUNTRY_MISSION')).toMatchObject({
      label: 'Third Country Mission',
      parent: null,
      aliases: [],
      details: { hasMeetings: true, rule: 'country must be outside the COSME countries' },
    });
    expect(vocabulary('lump-sums').get('DK')?.details).toMatchObject({ full: 1100, half: 550 });
    expect(vocabulary('exchange-rules').label('MIN_WORKING_DAYS')).toBe('Min working days');
  });

  it('does not know what it does not hold', () => {
    const types = vocabulary('event-types');
    expect(types.has('PICNIC')).toBe(false);
    expect(types.find('')).toBeUndefined();
    expect(types.find('Picnic')).toBeUndefined();
    expect(types.label('PICNIC')).toBeUndefined();
    expect(types.has('study_visit')).toBe(false);
    expect(types.find('study_visit')?.code).toBe('STUDY_VISIT');
  });
});
