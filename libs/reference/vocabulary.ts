import { type ReferenceFile, referenceFiles, type VocabularyName } from './files.js';
import { fold } from './spelling.js';
import { relatedOf, type Term, termsOf } from './term.js';

export type { Term, VocabularyName };

/** One file of reference data as a list of codes with what they are called. */
export class Vocabulary {
  readonly asOf: string;
  readonly source: string;
  readonly items: readonly Term[];
  /** Further lists of the same file: areas and groups the items belong to, sub-types, topics, calls … */
  readonly related: Readonly<Record<string, readonly Term[]>>;
  private readonly codes: ReadonlyMap<string, Term>;
  private readonly spellings: ReadonlyMap<string, Term>;

  constructor(
    readonly name: VocabularyName,
    file: ReferenceFile,
  ) {
    this.asOf = file.asOf;
    this.source = file.source;
    this.items = termsOf(file);
    this.related = relatedOf(file);
    // Items win over what stands beside them, so they come last into the map.
    const terms = [...Object.values(this.related).flat(), ...this.items];
    this.codes = new Map(terms.map((term) => [term.code, term]));
    this.spellings = new Map([...terms.flatMap((term) => this.written(term)), ...terms.map((term) => [fold(term.code), term] as const)]);
  }

  has(code: string): boolean {
    return this.codes.has(code);
  }

  get(code: string): Term | undefined {
    return this.codes.get(code);
  }

  /** By code, label or alias, whatever its case and accents; two-level values also as "area: sub-area". */
  find(text: string): Term | undefined {
    return this.codes.get(text) ?? this.spellings.get(fold(text));
  }

  /** As `find`, among the items alone: a call is no programme, a flag no target group. */
  findItem(text: string): Term | undefined {
    const found = this.find(text);
    return found && this.items.includes(found) ? found : undefined;
  }

  label(code: string): string | undefined {
    return this.codes.get(code)?.label;
  }

  parent(code: string): string | null {
    return this.codes.get(code)?.parent ?? null;
  }

  private written(term: Term): (readonly [string, Term])[] {
    const names = [term.label, ...term.aliases];
    const parent = term.parent === null ? undefined : this.label(term.parent);
    // The seeds print both levels with a colon, with a space or run together.
    const both = parent === undefined ? [] : [': ', ':', ' ', ''].map((joint) => `${parent}${joint}${term.label}`);
    return [...names, ...both].map((name) => [fold(name), term]);
  }
}

const vocabularies = new Map<VocabularyName, Vocabulary>();

export function vocabulary(name: VocabularyName): Vocabulary {
  const known = vocabularies.get(name) ?? new Vocabulary(name, referenceFiles[name]);
  vocabularies.set(name, known);
  return known;
}

export function isVocabulary(name: string): name is VocabularyName {
  return Object.hasOwn(referenceFiles, name);
}

export interface Taxonomy {
  readonly name: VocabularyName;
  readonly asOf: string;
  readonly count: number;
}

/** All vocabularies, with the number of their items; what stands beside the items does not count. */
export function taxonomies(): Taxonomy[] {
  return (Object.keys(referenceFiles) as VocabularyName[]).map((name) => {
    const { asOf, items } = vocabulary(name);
    return { name, asOf, count: items.length };
  });
}
