import type { z } from 'zod';
import type { StartImplementation } from '#libs/contracts/partnership';
import type { Move } from '#libs/domain/move';
import { failed, notApplicable, passed, rule } from '#libs/domain/verdict';
import { eligibility } from '#libs/reference/countries';
import { type Policy, partnershipRules, policyInForce } from '#libs/reference/policies';
import { call as callOf } from '#libs/reference/programmes';
import type { Partnership } from './partnership.js';
import { callFinding } from './partnership-said.js';

/** By what a partnership goes from one phase into the next. */

type Moves<D = object> = Move<Partnership, D>;
type Implementing = z.output<typeof StartImplementation.data>;

const source = 'partnership-rules.json';
const machine = 'state-machines.json#PARTNERSHIP';
const today = ({ context: { at } }: Pick<Moves, 'context'>) => at.slice(0, 10);

/** A cluster that belongs to it now; `country` null: the cluster is not there any more. */
export interface Partner {
  cluster: string;
  country: string | null;
}

/** What a partnership keeps here of its papers. */
export interface KeptDocuments {
  /** Whether its partnership agreement is in force. */
  agreement: boolean;
  /** Kinds of its documents that are approved: document-types. */
  approved: readonly string[];
}

/** The rule value in force: of the partnership itself where it has one, else of the scheme. */
export function kept({ code, policies }: Pick<Partnership, 'code' | 'policies'>, policy: string, on: string): unknown {
  const own = (policies ?? []).map(
    (each): Policy => ({ ...each, unit: each.unit ?? '', origin: each.origin ?? '', confidence: each.confidence ?? '' }),
  );
  const found = policyInForce(policy, on, [code], [...partnershipRules, ...own]);
  if (!found) throw new Error(`No policy ${policy} is in force on ${on}.`);
  return found.value;
}

const inForce = (move: Moves<unknown>, policy: string) => kept(move.before, policy, today(move));

export const hasPreparation = rule(
  'PARTNERSHIP.START_PREPARATION.PROGRAMME',
  (move: Moves) => {
    const { programme } = move.before;
    const programmes = inForce(move, 'PARTNERSHIP_PREPARATION_PROGRAMMES') as string[];
    return programmes.includes(programme)
      ? passed('Its programme begins with a phase of preparation.', { programme, programmes })
      : failed(`${programme} has no phase of preparation.`, { programme, programmes });
  },
  { source },
);

export const enoughPartners = (partners: readonly Partner[]) =>
  rule(
    'PARTNERSHIP.START_PREPARATION.PARTNERS',
    (move: Moves) => {
      const least = Number(inForce(move, 'PARTNERSHIP_MIN_PARTNERS'));
      const inputs = { partners: partners.length, asked: least };
      return partners.length >= least
        ? passed(`${partners.length} clusters belong to it, ${least} asked for.`, inputs)
        : failed(`${partners.length} clusters belong to it, ${least} asked for.`, inputs);
    },
    { source },
  );

export const enoughCountries = (partners: readonly Partner[]) =>
  rule(
    'PARTNERSHIP.START_PREPARATION.COUNTRIES',
    (move: Moves) => {
      const least = Number(inForce(move, 'PARTNERSHIP_MIN_COUNTRIES'));
      const occasion = { on: today(move), call: move.before.call };
      const all = [...new Set(partners.flatMap(({ country }) => country ?? []))].sort();
      const countries = all.filter((country) => eligibility(country, occasion).eligible);
      const inputs = { countries, others: all.filter((country) => !countries.includes(country)), asked: least, ...occasion };
      return countries.length >= least
        ? passed(`They come from ${countries.length} COSME countries, ${least} asked for.`, inputs)
        : failed(`They come from ${countries.length} COSME countries, ${least} asked for.`, inputs);
    },
    { source },
  );

/** The call and strand it is to be carried out under: those named, else those it has. */
const under = ({ before, data: { call, strand } }: Moves<Implementing>) => ({
  programme: before.programme,
  call: call ?? before.call,
  strand: strand ?? (call === undefined ? before.strand : null),
});

export const callOfBasis = rule('PARTNERSHIP.START_IMPLEMENTATION.CALL', (move: Moves<Implementing>) => callFinding(under(move)), {
  source: 'partnership-programmes.json',
});

/** A strand that implements, alone or after preparing; a label such as "Strand1" stands for strands of preparation. */
const implementing = (call: string | null, strand: string | null): boolean =>
  (call === null ? [] : (callOf(call)?.strands ?? [])).some(({ code, phase }) => code === strand && phase.includes('IMPLEMENTATION'));

export const basisHolds = rule(
  'PARTNERSHIP.START_IMPLEMENTATION.BASIS',
  (move: Moves<Implementing>) => {
    const { before, data } = move;
    const { programme, call, strand } = under(move);
    const begins = (inForce(move, 'PARTNERSHIP_IMPLEMENTATION_PROGRAMMES') as string[]).includes(programme);
    const inputs = { basis: data.basis, programme, call, strand, from: before.state };
    if (data.basis === 'VOLUNTARY') return passed('It goes on without a grant.', inputs);
    if (data.basis === 'STRAND_OF_CALL')
      return implementing(call, strand) || (begins && call !== null)
        ? passed('The call is one of implementation.', inputs)
        : failed('The strand of its call does not implement.', inputs, '/strand');
    return before.state === 'PREPARATION' || begins
      ? passed('A new grant carries it.', inputs)
      : failed(`A partnership of ${programme} is prepared first, or implemented by a strand of its call or voluntarily.`, inputs, '/basis');
  },
  { source: machine },
);

const elsewhere = 'The partnership does not keep its documents here.';

/** `from`: only when it comes from this state. */
export const agreementInForce = ({ agreement }: KeptDocuments, from?: string) =>
  rule(
    'PARTNERSHIP.AGREEMENT.IN_FORCE',
    (move: Moves<unknown>) => {
      if (from !== undefined && move.before.state !== from) return notApplicable(`It is asked for from ${from}.`);
      if (inForce(move, 'PARTNERSHIP_KEEPS_DOCUMENTS_HERE') !== true) return notApplicable(elsewhere);
      return agreement ? passed('Its partnership agreement is in force.') : failed('Its partnership agreement is not in force.');
    },
    { source: machine },
  );

/** `kinds`: any of them will do. */
export const approved = (code: string, kinds: readonly string[], documents: KeptDocuments) =>
  rule(
    code,
    (move: Moves<unknown>) => {
      if (move.before.state !== 'PREPARATION') return notApplicable('It is asked for from PREPARATION.');
      if (inForce(move, 'PARTNERSHIP_KEEPS_DOCUMENTS_HERE') !== true) return notApplicable(elsewhere);
      const inputs = { kinds, approved: documents.approved };
      const found = kinds.find((kind) => documents.approved.includes(kind));
      return found ? passed(`${found} is approved.`, inputs) : failed(`No ${kinds.join(' or ')} is approved.`, inputs);
    },
    { source: machine },
  );
