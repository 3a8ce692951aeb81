import { describe, expect, it } from '@jest/globals';
import { type Composition, compositionModel } from '#libs/domain/composition';
import { compositionSeed } from '#libs/domain/composition-seeds';
import { compositionCsv } from './composition-csv.js';

const seeded = (name: 'dia' | 'exxtra'): Composition => {
  const { partnership, clusters, memberships } = compositionSeed(name);
  return compositionModel(partnership, clusters, memberships);
};

const lines = (composition: Composition) => compositionCsv(composition).toString('utf8').trimEnd().split('\r\n');

/** The composition of one cluster that calls itself so. */
function named(name: string): string {
  const composition = seeded('exxtra');
  const [, row] = lines({ ...composition, items: [{ ...composition.items[1]!, id: 'id', name }] });
  return row!.slice('2,id,'.length, -',,DK,,,PARTNER,not declared,,not declared,,,,,,,,,'.length);
}

describe('The composition as CSV', () => {
  it('has a row per cluster below names that a machine can read', () => {
    const id = expect.stringMatching(/^[0-9a-f-]{36}$/);
    const [head, ...rows] = lines(seeded('dia'));
    expect(head).toBe(
      '\uFEFFno,id,name,aliases,country,region,region_code,role,members,members_qualifier,smes,smes_qualifier,sectoral_industries,sectoral_industry_codes,technology_fields,technology_field_codes,s3_priority_areas,s3_priority_area_codes,emerging_industries,emerging_industry_codes',
    );
    expect(rows).toHaveLength(6);
    const [no, cluster, ...rest] = rows[5]!.split(',');
    expect([no, cluster]).toEqual(['6', id]);
    expect(rest.join(',')).toBe(
      'Secured Communicating Solutions cluster,Pole SCS,FR,Provence-Alpes-Côte d\'Azur,FRL0,PARTNER,305,,200,,Information Technology and Analytical Instruments,23,Artificial Intelligence (AI); Internet of Things,EL.AI; EL.IOT,"ICT trust, cyber security & network security; Telecommunications",DIGITAL_AGENDA.ICT_TRUST; ICT.TELECOMMUNICATIONS,Digital Industries; Mobility Technologies,DIGITAL; MOBILITY_TECHNOLOGIES',
    );
  });

  it('begins with the mark of UTF-8', () => {
    expect([...compositionCsv(seeded('dia')).subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(lines(seeded('dia'))[4]).toContain('"Associação para o Pólo das Tecnologias de Informação, Comunicação e Electronica TICE.PT"');
  });

  it('says of what is not declared that it is not, and never 0', () => {
    const [, ...rows] = lines(seeded('exxtra'));
    expect(rows.map((row) => row.split(',').slice(-12, -8))).toEqual(Array(7).fill(['not declared', '', 'not declared', '']));
    expect(rows.join()).not.toMatch(/,0,/);
  });

  it('keeps the qualifier beside the number', () => {
    const composition = seeded('exxtra');
    const items = [{ ...composition.items[1]!, members: { value: 140, qualifier: 'ABOUT', asOf: null } }];
    expect(lines({ ...composition, items })[1]).toContain(',PARTNER,140,ABOUT,not declared,');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1+1', '\r=1+1', ' =1+1', '\u200b=1+1', '＝1+1', '\tname'])(
    'takes no orders from a cluster named %j',
    (name) => {
      expect(named(name).replace(/^"/, '')).toMatch(/^'/);
    },
  );

  it('leaves alone what is no formula', () => {
    expect(named('A-B = C')).toBe('A-B = C');
    expect(named('Κοινοπραξία')).toBe('Κοινοπραξία');
  });

  it('quotes what would break the table', () => {
    expect(named('One, "two"\nthree')).toBe('"One, ""two""\nthree"');
  });
});
