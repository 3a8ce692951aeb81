import type { OrganisationPatch } from '#libs/contracts/organisation';
import type { Context } from '#libs/domain/decision';
import { distinctIds } from '#libs/domain/external-ids';
import { sizeDefinition } from '#libs/domain/size-class';
import { type Fault, failed, notApplicable, passed, rule } from '#libs/domain/verdict';
import { isCountry } from '#libs/reference/countries';
import { vocabulary } from '#libs/reference/vocabulary';

/** What is said of an organisation, whoever says it. */
export interface Said {
  patch: OrganisationPatch;
  /** When and under what it is judged. */
  context: Pick<Context, 'at' | 'policies'>;
}

const knownType = rule('ORGANISATION.TYPE.KNOWN', ({ patch: { type } }: Said) => {
  if (type === undefined) return notApplicable('No type is stated.');
  return vocabulary('organisation-types').findItem(type)?.code === type
    ? passed('The type is known.', { type })
    : failed(`${type} is not a code of organisation-types.`, { type }, '/type');
});

const knownCountries = rule('ORGANISATION.COUNTRIES.KNOWN', ({ patch: { country, address, establishments } }: Said) => {
  const said = [
    ['/country', country],
    ['/address/country', address?.country],
    ...(establishments ?? []).flatMap((each, i) => [
      [`/establishments/${i}/country`, each.country] as const,
      [`/establishments/${i}/address/country`, each.address?.country] as const,
    ]),
  ].flatMap(([pointer, code]) => (code ? [{ pointer: String(pointer), code }] : []));
  if (said.length === 0) return notApplicable('No country is stated.');
  const unknown = said
    .filter(({ code }) => !isCountry(code))
    .map(({ pointer, code }) => ({ pointer, message: `${code} is not a country of ISO 3166-1.` }));
  const inputs = { countries: said.map(({ code }) => code) };
  return unknown.length === 0 ? passed('The countries are known.', inputs) : failed('A country is not known.', inputs, unknown);
});

/** A partner holds a quarter or more but does not control; who controls is linked. */
const coherentSize = rule(
  'ORGANISATION.SIZE.COHERENT',
  ({ patch: { size }, context: { at, policies } }: Said) => {
    if (!size) return notApplicable('No size is stated.');
    const { shares, currency } = sizeDefinition(at.slice(0, 10), policies);
    const years = size.years.map(({ year }) => year);
    const faults: Fault[] = [
      ...years.flatMap((year, i) =>
        years.indexOf(year) < i ? [{ pointer: `/size/years/${i}/year`, message: `${year} stands twice.` }] : [],
      ),
      ...size.years.flatMap((each, i) => notIn(currency, each, `/size/years/${i}`)),
      ...size.related.flatMap((each, i) => notIn(currency, each, `/size/related/${i}`)),
      ...size.related.flatMap(({ relation, share }, i) => {
        const isPartner = share >= shares.partnerFrom && share <= shares.linkedAbove;
        // Control may rest on other rights than a majority.
        return relation === 'PARTNER' && !isPartner
          ? [{ pointer: `/size/related/${i}/share`, message: `A partner holds ${shares.partnerFrom} to ${shares.linkedAbove} %.` }]
          : [];
      }),
    ];
    return faults.length === 0 ? passed('The figures can be added up.') : failed('The figures cannot be added up.', {}, faults);
  },
  { source: 'SME_DEFINITION' },
);

type Sum = { currency: string } | null;

const notIn = (wanted: string, figures: { turnover: Sum; balanceSheet: Sum }, at: string): Fault[] =>
  (['turnover', 'balanceSheet'] as const).flatMap((name) => {
    const said = figures[name]?.currency ?? wanted;
    return said === wanted ? [] : [{ pointer: `${at}/${name}/currency`, message: `The ceilings are in ${wanted}.` }];
  });

/** What holds for everything that is said of an organisation. */
export const saidRules = [knownType, knownCountries, coherentSize, distinctIds('ORGANISATION')];
