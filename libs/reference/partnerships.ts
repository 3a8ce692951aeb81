import dia from './data/partnerships/dia.json' with { type: 'json' };
import exxtra from './data/partnerships/exxtra.json' with { type: 'json' };
import pimap from './data/partnerships/pimap.json' with { type: 'json' };

/** The three partnerships the product was conceived from, in the shape `POST /v1/imports` takes. */
export const partnershipFiles: Readonly<Record<'dia' | 'pimap' | 'exxtra', unknown>> = { dia, pimap, exxtra };
