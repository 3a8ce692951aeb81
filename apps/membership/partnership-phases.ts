import type { z } from 'zod';
import type { StartImplementation } from '#libs/contracts/partnership';
import { eligibility } from '#libs/domain/cosme';
import type { Move } from '#libs/domain/move';
import { explained, policyFor } from '#libs/domain/policy';
import { failed, notApplicable, passed, rule } from '#libs/domain/verdict';
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

/** What a programme asks is the scheme's and the call's to say: a partnership does not excuse itself from it. */
export const ofProgramme = ({ before: { call }, context }: Pick<Moves<unknown>, 'before' | 'context'>, code: string) =>
  policyFor(code, context, call === null ? [] : [call]);

/** How a partnership works is its own to say as well. */
const ofItsOwn = ({ before: { code, call }, context }: Moves<unknown>, policy: string) =>
  policyFor(policy, context, [code, ...(call === null ? [] : [call])]);

const listed = (value: unknown): string[] => (Array.isArray(value) ? value : []);
const NONE_ASKED = 'No rule asks for it.';

export const hasPreparation = rule(
  'PARTNERSHIP.START_PREPARATION.PROGRAMME',
  (move: Moves) => {
    const { programme } = move.before;
    const policy = ofProgramme(move, 'PARTNERSHIP_PREPARATION_PROGRAMMES');
    const inputs = { programme, programmes: listed(policy?.value), ...explained(policy) };
    return inputs.programmes.includes(programme)
      ? passed('Its programme begins with a phase of preparation.', inputs)
      : failed(`${programme} has no phase of preparation.`, inputs);
  },
  { source },
);

export const enoughPartners = (partners: readonly Partner[]) =>
  rule(
    'PARTNERSHIP.START_PREPARATION.PARTNERS',
    (move: Moves) => {
      const policy = ofProgramme(move, 'PARTNERSHIP_MIN_PARTNERS');
      const inputs = { partners: partners.length, asked: policy?.value ?? null, ...explained(policy) };
      if (inputs.asked === null) return notApplicable(NONE_ASKED, inputs);
      const least = Number(inputs.asked);
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
      const policy = ofProgramme(move, 'PARTNERSHIP_MIN_COUNTRIES');
      const asked = policy?.value ?? null;
      const occasion = { on: today(move), call: move.before.call };
      const { policies } = move.context;
      const all = [...new Set(partners.flatMap(({ country }) => country ?? []))].sort();
      const countries = all.filter((country) => eligibility(country, { ...occasion, policies }).eligible);
      const others = all.filter((country) => !countries.includes(country));
      const inputs = { countries, others, asked, ...occasion, ...explained(policy) };
      if (asked === null) return notApplicable(NONE_ASKED, inputs);
      const least = Number(asked);
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
    const policy = ofProgramme(move, 'PARTNERSHIP_IMPLEMENTATION_PROGRAMMES');
    const begins = listed(policy?.value).includes(programme);
    const inputs = { basis: data.basis, programme, call, strand, from: before.state, ...explained(policy) };
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

const KEEPS_HERE = 'PARTNERSHIP_KEEPS_DOCUMENTS_HERE';
const elsewhere = 'The partnership does not keep its documents here.';

/** `from`: only when it comes from this state. */
export const agreementInForce = ({ agreement }: KeptDocuments, from?: string) =>
  rule(
    'PARTNERSHIP.AGREEMENT.IN_FORCE',
    (move: Moves<unknown>) => {
      if (from !== undefined && move.before.state !== from) return notApplicable(`It is asked for from ${from}.`);
      const policy = ofItsOwn(move, KEEPS_HERE);
      const inputs = { agreement, asked: policy?.value === true, ...explained(policy) };
      if (!inputs.asked) return notApplicable(elsewhere, inputs);
      return agreement
        ? passed('Its partnership agreement is in force.', inputs)
        : failed('Its partnership agreement is not in force.', inputs);
    },
    { source: machine },
  );

/** `kinds`: any of them will do. */
export const approved = (code: string, kinds: readonly string[], documents: KeptDocuments) =>
  rule(
    code,
    (move: Moves<unknown>) => {
      if (move.before.state !== 'PREPARATION') return notApplicable('It is asked for from PREPARATION.');
      const policy = ofItsOwn(move, KEEPS_HERE);
      const inputs = { kinds, approved: documents.approved, asked: policy?.value === true, ...explained(policy) };
      if (!inputs.asked) return notApplicable(elsewhere, inputs);
      const found = kinds.find((kind) => documents.approved.includes(kind));
      return found ? passed(`${found} is approved.`, inputs) : failed(`No ${kinds.join(' or ')} is approved.`, inputs);
    },
    { source: machine },
  );
