import type { Provenance } from '#libs/contracts/partnership';
import type { Classifications } from '#libs/contracts/profile';
import { countryName, findCountry } from '#libs/reference/countries';
import { vocabulary } from '#libs/reference/vocabulary';
import { type Classification, classificationNames, classifications, type PrintedValue, printedText } from './classify.js';
import type { FileCluster } from './import-cluster.js';
import { pointer } from './json-pointer.js';

/**
 * How a source printed what is told now in codes. A spelling that no longer means the code at its place belongs to what stood
 * there before: it is not printed, but handed on as what a former source said.
 */
export class Printed {
  private readonly used = new Set<string>();

  constructor(private readonly known: NonNullable<Provenance['asPrinted']> = {}) {}

  country(code: string, at: string): string {
    return this.spelling(at, (text) => findCountry(text) === code) ?? countryName(code) ?? code;
  }

  /** Values as they are printed beside their codes; what is blank stays so. `partnersOf`: how many partners a page counts under a sector. */
  classified(said: Classifications, at: string, partnersOf: (code: string) => number | null = () => null) {
    const values = classificationNames.map((name) => {
      const printed = said[name]?.map((code, place) => this.value(name, code, at + pointer(name, place)));
      return [name, printed ?? null] as const;
    });
    const { sectoralIndustries, ...others } = Object.fromEntries(values) as Record<Classification, PrintedValue[] | null>;
    const counted = sectoralIndustries?.map((value, place) => {
      const partners = partnersOf(said.sectoralIndustries?.[place] ?? '');
      return partners === null ? value : { name: printedText(value), partners };
    });
    const codes = classificationNames.flatMap((name) => (said[name] ? [[name, [...said[name]]] as const] : []));
    return {
      sectoralIndustries: counted ?? null,
      ...others,
      codes: codes.length > 0 ? (Object.fromEntries(codes) as Partial<Record<Classification, string[]>>) : null,
    } as Pick<FileCluster, Classification | 'codes'>;
  }

  /** What was not printed anywhere. */
  rest(): Record<string, string> {
    return Object.fromEntries(Object.entries(this.known).filter(([at]) => !this.used.has(at)));
  }

  /** In its two levels where its code has them. */
  private value(name: Classification, code: string, at: string): PrintedValue {
    const terms = vocabulary(classifications[name]);
    const spelt = this.spelling(at, (text) => [undefined, code].includes(terms.find(text)?.code));
    const label = terms.label(code) ?? code;
    const parent = terms.parent(code);
    const above = parent === null ? undefined : terms.label(parent);
    if (spelt !== undefined || above === undefined) return spelt ?? label;
    if (name === 'technologyFields') return { group: above, field: label };
    return name === 's3PriorityAreas' ? { area: above, subArea: label } : label;
  }

  private spelling(at: string, fits: (text: string) => boolean): string | undefined {
    const text = this.known[at];
    if (text === undefined || !fits(text)) return undefined;
    this.used.add(at);
    return text;
  }
}
