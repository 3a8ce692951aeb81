import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { of, told } from './api.js';
import { missedIn, type Readable, vocabularies } from './file-places.js';
import { type Body, fileOf, RunningHouse } from './running-house.js';
import { Marks } from './tape.js';

type Json = Record<string, unknown>;
type Item = Json & { id: string; version: number };

let house: RunningHouse;
beforeAll(async () => {
  house = await RunningHouse.open();
  for (const name of ['dia', 'pimap', 'exxtra']) await house.importFile(name);
});
afterAll(() => house?.close());

async function read(path: string, by = house.public): Promise<Body> {
  const { status, body } = await by.get(path);
  expect({ path, status }).toEqual({ path, status: 200 });
  return body;
}
/** By the types of the document: a field that is not in it does not compile. */
const partnership = (slug: string) => told(house.api().GET('/v1/partnerships/{id}', of(slug)));
const composition = (slug: string) => told(house.api().GET('/v1/partnerships/{id}/composition', of(slug)));
const items = async (path: string, by = house.public): Promise<Item[]> => (await read(path, by)).items;

/** A vocabulary as code to label, after that of what the code belongs to. */
async function labelsOf(name: string): Promise<[string, Record<string, string[]>]> {
  const { items: terms, related } = await read(`/v1/taxonomies/${name}`);
  const label = new Map<string, string>([...Object.values(related as Body).flat(), ...terms].map(({ code, label }: Body) => [code, label]));
  return [name, Object.fromEntries(terms.map(({ code, parent }: Body) => [code, [label.get(parent), label.get(code)].filter(Boolean)]))];
}

/** All that one may read about a partnership, by the rows of its file; what is not there for them is blank. */
async function readableBy(by: () => RunningHouse['public'], slug: string): Promise<Readable> {
  const optional = async (path: string) => {
    const { status, body } = await by().get(path);
    expect([200, 404]).toContain(status);
    return status === 200 ? body : null;
  };
  const partnership = await read(`/v1/partnerships/${slug}`, by());
  const byNo = async (list: string, rows: Body[] | null) => {
    const found = await items(`/v1/${list}?partnership=${slug}&limit=200`, by());
    expect(found).toHaveLength(rows?.length ?? 0);
    return (rows ?? []).map(({ no }) => found.find((item) => item.no === no)) as Body[];
  };
  const file = fileOf(slug) as Body;
  const memberships = await byNo('memberships', file.composition);
  return {
    partnership,
    composition: await read(`/v1/partnerships/${slug}/composition`, by()),
    exchangeProfile: await optional(`/v1/partnerships/${slug}/exchange-profile`),
    remarks: (await optional(`/v1/partnerships/${slug}/remarks`))?.items,
    clusters: await Promise.all(memberships.map(({ cluster }) => read(`/v1/clusters/${cluster}`, by()))),
    memberships,
    events: await byNo('events', file.plannedEvents),
    labels: Object.fromEntries(await Promise.all(Object.values(vocabularies).map(labelsOf))),
  };
}

describe('The three partnership files, once they are in', () => {
  it('are three partnerships that anybody may read', async () => {
    const found = await items('/v1/partnerships?sort=acronym');
    expect(found.map(({ slug, profile }) => [slug, profile])).toEqual([
      ['dia', 'PUBLISHED'],
      ['exxtra', 'PUBLISHED'],
      ['pimap', 'PUBLISHED'],
    ]);
  });

  it.each(['dia', 'pimap', 'exxtra'])('give back every value of %s where it belongs, blanks as null', async (slug) => {
    expect(missedIn(fileOf(slug), await readableBy(() => house.admin, slug))).toEqual([]);
  });

  it.each(['dia', 'pimap', 'exxtra'])('give the public every value of %s but remarks and the contact of a person', async (slug) => {
    const { remarks, operationalManager, ...open } = fileOf(slug);
    const readable = await readableBy(() => house.public, slug);
    expect(missedIn(open, readable)).toEqual([]);
    const kept = missedIn({ remarks, ...(operationalManager === undefined ? {} : { operationalManager }) }, readable);
    expect(new Set(kept.map(({ read }) => read))).toEqual(new Set([undefined]));
    expect(kept.filter(({ pointer }) => /^\/operationalManager/.test(pointer))).toHaveLength(Object.keys(operationalManager ?? {}).length);
    expect(kept.filter(({ pointer }) => /^\/remarks\/\d+\/text/.test(pointer))).toHaveLength((remarks as Json[]).length);
  });

  it('would miss a value that is elsewhere but not where it belongs, a flag, and a blank', async () => {
    const readable = await readableBy(() => house.public, 'exxtra');
    const dia = await readableBy(() => house.public, 'dia');
    const missed = (slug: string, from: Readable) => missedIn({ ...fileOf(slug), remarks: [], operationalManager: null }, from);
    const pointers = (slug: string, from: Readable) => missed(slug, from).map(({ pointer }) => pointer);
    const without = (name: string, value: Body) => Object.fromEntries(Object.entries(value).filter(([each]) => each !== name));
    const events = dia.events.map((event, row) => (row === 1 ? without('openToSmes', event) : event));
    expect(pointers('dia', { ...dia, events })).toContain('/plannedEvents/1/openToSmes');
    const [first, second, ...others] = dia.clusters;
    expect(pointers('dia', { ...dia, clusters: [second!, first!, ...others] })).toContain('/composition/0/totalMembers');
    expect(pointers('dia', { ...dia, partnership: without('start', dia.partnership) })).toContain('/startOfPartnership');
    const clusters = readable.clusters.map((cluster) => without('foundedYear', cluster));
    expect(pointers('exxtra', { ...readable, clusters }).some((pointer) => /^\/composition\/\d\/foundedYear$/.test(pointer))).toBe(true);
  });
});

describe('The partnership DIA', () => {
  it('shows what its page leaves blank as null', async () => {
    const dia = await partnership('dia');
    const blank = ['start', 'end', 'coordinator', 'externalPartners', 'longName', 'countries', 'objectives', 'networks'] as const;
    for (const field of blank) expect({ field, value: dia[field] }).toEqual({ field, value: null });
    expect(dia).toMatchObject({
      state: 'PREPARATION',
      strand: '1',
      durationMonths: 24,
      call: 'COS-CLUSINT-2016-03-01',
      targetCountries: ['US'],
    });
    expect(dia.previousInitiatives).toEqual([{ label: 'ESCP Pilots 2013', value: null }]);
  });

  it('puts declared, target and computed figures side by side, and no difference where one is missing', async () => {
    const { figures } = await partnership('dia');
    expect(figures.smes).toEqual({ declared: null, target: null, computed: { value: 700, coverage: '6 of 6' }, difference: null });
    expect(figures.members.computed).toEqual({ value: 1006, coverage: '6 of 6' });
    expect(figures.partners.computed).toEqual({ value: 6, coverage: '6 of 6' });
  });

  it('tells the difference where a figure is declared and all partners have said theirs', async () => {
    const declared = {
      ...fileOf('dia'),
      code: 'SUM',
      identity: { acronym: 'SUM', name: 'Sum' },
      numberOfSmesInvolved: 710,
      plannedEvents: [],
    };
    await house.importFile(declared);
    const { figures } = await partnership('sum');
    expect(figures.smes).toMatchObject({ declared: { value: 710 }, computed: { value: 700 }, difference: -10 });
    await house.importFile({ ...declared, numberOfSmesInvolved: null });
  });

  it('is composed of six clusters with 1006 members and 700 SMEs', async () => {
    const whole = await composition('dia');
    const { items: rows, totals, counts } = whole;
    expect(rows).toHaveLength(6);
    expect(totals).toEqual({ clusters: 6, members: { value: 1006, coverage: '6 of 6' }, smes: { value: 700, coverage: '6 of 6' } });
    expect(whole).toMatchObject({ next: null });
    expect(rows.map(({ country, region }) => [country, region?.code])).toEqual([
      ['SE', 'SE12'],
      ['ES', 'ES21'],
      ['IT', 'ITC1'],
      ['PT', 'PT16'],
      ['DE', 'DE80'],
      ['FR', 'FRL0'],
    ]);
    expect(counts.sectoralIndustries[0]).toMatchObject({ code: '04', label: 'Automotive', count: 3 });
  });

  it('plans eight events, dated by the month, two of them alike', async () => {
    const { items: events } = await told(house.api().GET('/v1/events', { params: { query: { partnership: ['dia'], sort: 'when' } } }));
    expect(events.map(({ when }) => when?.edtf)).toEqual([
      '2018-09',
      '2018-10',
      '2018-11',
      '2019-04',
      '2019-05',
      '2019-09',
      '2019-09',
      '2019-10',
    ]);
    expect(new Set(events.map(({ when }) => when?.precision))).toEqual(new Set(['month']));
    const alike = events.filter(({ when }) => when?.edtf === '2019-09').map(({ id, no, sourceKey, updatedAt, ...event }) => event);
    expect(alike).toHaveLength(2);
    expect(alike[0]).toEqual(alike[1]);
    expect(events[0]!.when).toEqual({ edtf: '2018-09', precision: 'month', earliest: '2018-09-01', latest: '2018-09-30' });
  });

  it('keeps the remarks of its editors from the public and from other partnerships', async () => {
    const { id } = await read('/v1/partnerships/dia');
    const { id: other } = await read('/v1/partnerships/pimap');
    const own = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', id));
    const foreign = house.as(await house.keyFor('PARTNERSHIP_COORDINATOR', other));
    const remarks = (fileOf('dia').remarks as unknown[]).length;
    expect(await items('/v1/partnerships/dia/remarks', own)).toHaveLength(remarks);
    expect(await items('/v1/partnerships/dia/remarks', house.admin)).toHaveLength(remarks);
    for (const stranger of [house.public, foreign]) {
      expect((await stranger.get('/v1/partnerships/dia/remarks')).status).toBe(404);
      expect(await read('/v1/partnerships/dia', stranger)).not.toHaveProperty('remarks');
      expect((await items('/v1/partnerships', stranger)).find((each) => each.id === id)).not.toHaveProperty('remarks');
    }
    expect(await read('/v1/partnerships/dia', own)).toHaveProperty('remarks');
  });
});

describe('The partnership EXXTRA', () => {
  it('is a draft of seven partners whose totals nobody has stated', async () => {
    const exxtra = await partnership('exxtra');
    expect(exxtra).toMatchObject({ state: 'DRAFT', coordinator: { name: 'DITECFER' } });
    expect(exxtra.figures.members).toMatchObject({ declared: { value: 840, qualifier: 'MORE_THAN' }, computed: null, difference: null });
    const { items: rows, totals } = await composition('exxtra');
    expect(rows).toHaveLength(7);
    expect(rows.map(({ members, smes }) => [members, smes])).toEqual(Array(7).fill([null, null]));
    expect(totals).toMatchObject({ clusters: 7, members: null, smes: null });
  });

  it('describes the ecosystems of its seven partners, section by section', async () => {
    const { ecosystems } = await partnership('exxtra');
    expect(ecosystems?.map(({ partner }) => partner)).toEqual([
      'DITECFER',
      'CenSec',
      'Rail.S e.V.',
      'i-TRANS',
      'MAFEX',
      'RAILGRUP',
      'ARUS',
    ]);
    for (const { partner, cluster, sections } of ecosystems ?? [])
      expect({ partner, linked: cluster !== null, told: (sections ?? []).length > 0 }).toEqual({ partner, linked: true, told: true });
  });

  it('has kept what it says of its exchange scheme', async () => {
    const profile = await told(house.api().GET('/v1/partnerships/{id}/exchange-profile', of('exxtra')));
    expect(profile.clusterXchange?.purposes).toHaveLength(4);
    expect(profile.welcomePackage?.fields).toHaveLength(21);
    expect(profile.hostOrganisations?.listStatus).toBe('COMING_SOON');
  });
});

describe('The same file again', () => {
  it.each(['dia', 'pimap', 'exxtra'])('%s changes nothing, says so, and no ETag moves', async (slug) => {
    const paths = [
      `/v1/partnerships/${slug}`,
      `/v1/partnerships/${slug}/composition`,
      `/v1/events?partnership=${slug}`,
      `/v1/memberships?partnership=${slug}`,
      '/v1/clusters',
    ];
    const etags = () => Promise.all(paths.map(async (path) => (await house.public.get(path)).headers.etag));
    const marks = new Marks(house, slug);
    await marks.set();
    const before = await etags();
    const { counts, items: told } = (await house.importFile(marks.file)) as { counts: Json; items: Json[] };
    expect(counts).toEqual({ created: 0, changed: 0, left: told.length, refused: 0 });
    expect(new Set(told.map(({ outcome }) => outcome))).toEqual(new Set(['LEFT']));
    expect(await etags()).toEqual(before);
    expect(await marks.set()).toEqual([]);
    await house.importFile(slug);
  });

  it('names what has changed when something has', async () => {
    const changed = { ...fileOf('pimap'), durationMonths: 25 };
    const { counts, items: told } = (await house.importFile(changed)) as { counts: Json; items: Json[] };
    expect(counts).toMatchObject({ created: 0, changed: 1 });
    expect(told.filter(({ outcome }) => outcome === 'CHANGED').map(({ kind }) => kind)).toEqual(['partnership']);
    expect((await partnership('pimap')).durationMonths).toBe(25);
    await house.importFile('pimap');
  });
});

describe('Who has read something already', () => {
  it.each(['/v1/partnerships/dia', '/v1/partnerships', '/v1/partnerships/dia/composition', '/v1/events?partnership=dia'])(
    'is told in a word that %s is as it was, and is sent it when it is not',
    async (path) => {
      const { headers } = await house.public.get(path);
      const again = await house.public.get(path).set('if-none-match', headers.etag!);
      expect({ status: again.status, text: again.text }).toEqual({ status: 304, text: '' });
      expect(again.headers.etag).toBe(headers.etag);
      expect((await house.public.get(path).set('if-none-match', '"0.other"')).status).toBe(200);
    },
  );

  it('is sent a partnership anew once it has changed, at a higher version', async () => {
    const first = await house.public.get('/v1/partnerships/dia');
    await house.importFile({ ...fileOf('dia'), durationMonths: 36 });
    const second = await house.public.get('/v1/partnerships/dia').set('if-none-match', first.headers.etag!);
    expect(second.status).toBe(200);
    expect(second.body).toMatchObject({ durationMonths: 36 });
    expect(second.body.version).toBeGreaterThan(first.body.version);
    await house.importFile('dia');
  });

  it('is not given one reader’s answer for another’s', async () => {
    const publicly = await house.public.get('/v1/partnerships/dia');
    const fully = await house.admin.get('/v1/partnerships/dia').set('if-none-match', publicly.headers.etag!);
    expect(fully.status).toBe(200);
    expect(fully.headers.etag).not.toBe(publicly.headers.etag);
    expect(fully.headers.vary).toContain('Authorization');
  });
});

describe('A list', () => {
  it('is read to its end page by page, each item once', async () => {
    const all = await items('/v1/clusters?limit=200');
    const read: string[] = [];
    for (let path: string | null = '/v1/clusters?limit=5'; path; ) {
      const { body, headers } = await house.public.get(path);
      read.push(...body.items.map(({ id }: Item) => id));
      expect(Boolean(headers.link)).toBe(body.next !== null);
      path = body.next && `/v1/clusters?limit=5&cursor=${encodeURIComponent(body.next)}`;
    }
    expect(read).toEqual(all.map(({ id }) => id));
    expect(read.length).toBeGreaterThan(15);
  });

  it('of clusters has one address for each, which leads to it as its id does, also as a filter', async () => {
    const all = await items('/v1/clusters?limit=200');
    expect(new Set(all.map(({ slug }) => slug)).size).toBe(all.length);
    const { id, slug } = all.find(({ name }) => name === 'DITECFER') as Item & { slug: string };
    expect(slug).toBe('ditecfer-it');
    expect((await house.public.get(`/v1/clusters/${slug}`)).body).toEqual((await house.public.get(`/v1/clusters/${id}`)).body);
    const ofCluster = (by: string) => items(`/v1/memberships?cluster=${by}`);
    expect(await ofCluster(slug)).toEqual(await ofCluster(id));
  });

  it('is filtered by what its items hold; a filter given twice means either', async () => {
    const countries = (await items('/v1/clusters?country=SE&country=PT')).map(({ country }) => country);
    expect(new Set(countries)).toEqual(new Set(['SE', 'PT']));
    expect(await items('/v1/partnerships?programme=ESCP-4X')).toMatchObject([{ slug: 'exxtra' }]);
    expect((await items('/v1/partnerships?targetCountry=US')).map(({ slug }) => slug)).toEqual(expect.arrayContaining(['dia', 'pimap']));
    expect(await items('/v1/events?type=MATCHMAKING_EVENT&partnership=dia')).toHaveLength(1);
    expect(await items('/v1/events?partnership=dia&from=2019-09-15&to=2019-09-20')).toHaveLength(2);
  });

  it.each([
    ['polo', 'Associação para o Pólo das Tecnologias'],
    ['PÓLO tecnol', 'Associação para o Pólo das Tecnologias'],
    ['hyperfrequences', 'ALPHA-RLH'],
    ['pole scs', 'Secured Communicating Solutions'],
  ])('is searched for the words %s with accents and case folded', async (words, name) => {
    const found = await items(`/v1/clusters?q=${encodeURIComponent(words)}`);
    expect(found.map((cluster) => cluster.name)).toEqual([expect.stringContaining(name)]);
  });

  it.each([
    ['colour=red', '?colour'],
    ['limit=0', '?limit'],
    ['limit=201', '?limit'],
    ['limit=ten', '?limit'],
    ['sort=colour', '?sort'],
  ])('refuses %s and points at it', async (query, pointer) => {
    const { status, body, type } = await house.public.get(`/v1/partnerships?${query}`);
    expect({ status, type, pointer: body.errors[0].pointer }).toEqual({ status: 400, type: 'application/problem+json', pointer });
  });

  it('refuses a cursor that belongs to other filters', async () => {
    const { next } = await read('/v1/clusters?limit=1');
    const { status } = await house.public.get(`/v1/clusters?limit=1&country=SE&cursor=${encodeURIComponent(next)}`);
    expect(status).toBe(400);
  });
});
