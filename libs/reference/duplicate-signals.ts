import file from './data/duplicate-signals.json' with { type: 'json' };

export type DuplicateSignal = 'NAME' | 'VAT' | 'WEBSITE' | 'COUNTRY' | 'TOWN' | 'TYPE';

/** What each sign of two records being one organisation counts, of 100. */
export const duplicateWeights = new Map(file.items.map(({ code, weight }) => [code as DuplicateSignal, weight]));

export const suspectedFrom = file.suspectedFrom;

/** Folded, without dots: they say nothing about who it is. */
export const legalForms: ReadonlySet<string> = new Set(file.legalForms);

export const duplicatesSource = 'duplicate-signals.json';
