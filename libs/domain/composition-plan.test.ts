import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compositionModel } from './composition.js';
import { type CompositionNow, planComposition } from './composition-plan.js';
import { type Cells, sentRows } from './composition-rows.js';
import { compositionSeed } from './composition-seeds.js';
import { compositionHeaders, compositionTable } from './composition-table.js';
import { sourceId } from './ids.js';
import { fold } from './text.js';

type Cell = string | number | null;

function nowOf(name: 'dia' | 'pimap' | 'exxtra') {
  const { partnership, clusters: seeds, memberships: seeded } = compositionSeed(name);
  const clusters = seeds.map((cluster, place) => ({ ...cluster, slug: `cluster-${place}` }));
  const memberships = seeded.map((each) => ({ ...each, id: sourceId(`m:${each.cluster}`) }));
  const byName = new Map(clusters.map(({ name, country, id }) => [`${country}:${fold(name)}`, id]));
  const now: CompositionNow = {
    partnership: { id: partnership.id, code: name.toUpperCase() },
    profile: 'PUBLISHED',
    clusters,
    existing: { cluster: (called, country) => byName.get(`${country}:${fold(called)}`) ?? null, slugOwner: () => null },
    memberships,
  };
  const { columns, rows } = compositionTable(compositionModel(partnership, seeds, seeded));
  return { now, sheet: [columns.map(({ header }) => header as Cell), ...rows.map((row) => [...row])] };
}

const planned = (now: CompositionNow, sheet: readonly (readonly Cell[])[]) => {
  const { rows, faults } = sentRows(sheet);
  const plan = planComposition(rows, now);
  return { ...plan, faults: [...faults, ...plan.faults] };
};
const place = (header: keyof Cells) => compositionHeaders.indexOf(header);
/** The sheet with one cell another. */
const withCell = (sheet: readonly (readonly Cell[])[], row: number, header: keyof Cells, cell: Cell) =>
  sheet.map((cells, at) => (at === row - 1 ? cells.map((each, column) => (column === place(header) ? cell : each)) : cells));
const blank: Cell[] = compositionHeaders.map(() => null);
const row = (cells: Cells): Cell[] => compositionHeaders.map((header) => cells[header] ?? null);
const dia = nowOf('dia');

describe('A list of partners', () => {
  it.each(['dia', 'pimap', 'exxtra'] as const)('of %s says nothing new as it was read', (name) => {
    const { now, sheet } = nowOf(name);
    const { clusters, memberships, faults, absent } = planned(now, sheet);
    expect(faults).toEqual([]);
    expect([...clusters, ...memberships].filter(({ data }) => data !== null)).toEqual([]);
    expect(absent).toEqual([]);
    expect(clusters.map(({ row }) => row)).toEqual(sheet.slice(1).map((_, place) => place + 2));
  });

  it('says the same in any order of rows and columns, with columns left out', () => {
    const orders = fc.tuple(fc.shuffledSubarray(compositionHeaders), fc.nat());
    fc.assert(
      fc.property(orders, ([some, seed]) => {
        const headers = [...new Set(['name', 'country', ...some] as const)] as (keyof Cells)[];
        const [, ...rows] = dia.sheet;
        const turned = [...rows.slice(seed % rows.length), ...rows.slice(0, seed % rows.length)];
        const sheet = [headers as Cell[], ...turned.map((cells) => headers.map((header) => cells[place(header)]!))];
        const { clusters, memberships, faults } = planned(dia.now, sheet);
        expect([faults, [...clusters, ...memberships].filter(({ data }) => data !== null)]).toEqual([[], []]);
      }),
    );
  });

  it('states of a cluster what has changed, and nothing else', () => {
    const { clusters } = planned(dia.now, withCell(dia.sheet, 3, 'smes', 99));
    expect(clusters.filter(({ data }) => data !== null)).toHaveLength(1);
    const { totals, ...rest } = clusters[1]!.data!;
    expect(totals).toEqual({ members: dia.now.clusters[1]!.totals.members, smes: { value: 99, qualifier: null, asOf: null } });
    expect(Object.keys(rest).sort()).toEqual(['country', 'name', 'profile', 'slug', 'sourceKey']);
  });

  it('takes labels for codes, and "not declared" for blank', () => {
    const codes = withCell(dia.sheet, 2, 'emerging_industries', 'Blue Growth Industries; Digital Industries');
    expect(planned(dia.now, codes).clusters[0]!.data!.classifications!.emergingIndustries).toEqual(['BLUE_GROWTH', 'DIGITAL']);
    const members = withCell(dia.sheet, 2, 'members', 'Not declared');
    expect(planned(dia.now, members).clusters[0]!.data!.totals!.members).toBeNull();
  });

  it('brings in a cluster that is not known, beside those it looks like', () => {
    const [first] = dia.now.clusters;
    const cells = row({ no: 7, name: `${first!.name} AB`, country: first!.country, members: 12, region_code: 'SE12' });
    const { clusters, memberships, faults } = planned(dia.now, [...dia.sheet, cells]);
    expect(faults).toEqual([]);
    expect(clusters.at(-1)).toMatchObject({
      row: 8,
      data: { name: `${first!.name} AB`, region: { code: 'SE12', version: 'NUTS 2021' }, sourceKey: 'DIA:composition:7' },
    });
    expect(clusters.at(-1)!.suspects.map(({ organisation }) => organisation)).toContain(first!.id);
    expect(memberships.at(-1)!.data).toMatchObject({ cluster: clusters.at(-1)!.id, role: 'PARTNER', no: 7 });
  });

  it('ends no membership of who is not on it, and says so', () => {
    const { absent, clusters } = planned(dia.now, dia.sheet.slice(0, -1));
    expect(absent).toEqual([{ pointer: '', message: `${dia.now.clusters.at(-1)!.name} is a partner and is not listed: it stays.` }]);
    expect(clusters).toHaveLength(5);
  });

  it.each<[keyof Cells, Cell, string]>([
    ['name', null, 'it has no name.'],
    ['country', 'Atlantis', '"Atlantis" is not in ISO 3166-1.'],
    ['id', sourceId('nobody'), 'no cluster has this id; a new one is listed without.'],
    ['no', 1.5, '"1.5" is no number of a row.'],
    ['no', 2, 'row 3 has the number already.'],
    ['role', 'COORDINATOR', 'its role is PARTNER; a list hands over no coordination.'],
    ['members', 'many', '"many" is no number.'],
    ['members', -1, '"-1" is no number.'],
    ['smes_qualifier', 'ROUGHLY', '"ROUGHLY" is not in quantity-qualifiers.'],
    ['region_code', 'Sweden', '"Sweden" has not the form of a NUTS code.'],
    ['technology_field_codes', 'EL.AI; EL.NOTHING', '"EL.NOTHING" is not in technology-fields.'],
  ])('with %s %j is refused with its row and column', (header, cell, message) => {
    const { faults } = planned(dia.now, withCell(dia.sheet, 4, header, cell));
    expect(faults).toContainEqual({ pointer: `/4/${header}`, message: `Row 4: ${message}` });
  });

  it('tells all that is wrong at once', () => {
    const wrong = withCell(withCell(withCell(dia.sheet, 2, 'country', 'X'), 5, 'smes', 'x'), 7, 'no', 'x');
    expect(planned(dia.now, wrong).faults.map(({ pointer }) => pointer)).toEqual(['/2/country', '/5/smes', '/7/no']);
  });

  it('has one row per cluster', () => {
    const { faults } = planned(dia.now, [...dia.sheet, dia.sheet[1]!]);
    expect(faults.map(({ pointer }) => pointer)).toEqual(['/8/name', '/8/no']);
  });

  it('gives nobody full rights who is not a partner any more, or not yet', () => {
    const now = { ...dia.now, memberships: dia.now.memberships.map((each, at) => (at === 0 ? { ...each, state: 'ENDED' } : each)) };
    expect(planned(now, dia.sheet).faults).toEqual([
      { pointer: '/2/name', message: 'Row 2: its membership is ENDED; a list makes none of that ACTIVE.' },
    ]);
  });

  it('needs headers that are known', () => {
    expect(planned(dia.now, [['name', 'land', 'name']]).faults.map(({ pointer }) => pointer)).toEqual(['/1/country', '/1/land', '/1/name']);
    expect(planned(dia.now, []).faults.map(({ pointer }) => pointer)).toEqual(['/1/name', '/1/country']);
  });

  it('passes over rows without anything', () => {
    expect(planned(dia.now, [dia.sheet[0]!, blank, ...dia.sheet.slice(1), blank]).clusters.map(({ row }) => row)).toEqual([
      3, 4, 5, 6, 7, 8,
    ]);
  });
});
