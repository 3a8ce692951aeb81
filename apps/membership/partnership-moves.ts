import type { z } from 'zod';
import * as contract from '#libs/contracts/partnership';
import { mandatoryMissing } from '#libs/domain/completeness';
import type { Context, Decision } from '#libs/domain/decision';
import { settled } from '#libs/domain/drafts';
import { machine } from '#libs/domain/machine';
import { type Move, type Moving, movedBy } from '#libs/domain/move';
import { explained } from '#libs/domain/policy';
import { profileMoves, type Reviewing } from '#libs/domain/profile-moves';
import { rolesTowards } from '#libs/domain/standing';
import { slug } from '#libs/domain/text';
import { failed, notApplicable, passed, rule } from '#libs/domain/verdict';
import { statusLabel } from '#libs/reference/programmes';
import { mayActFor } from '#libs/reference/roles';
import { endOf, nextOf, type Partnership, readable } from './partnership.js';
import type { SlugOwner } from './partnership-change.js';
import { withAddress } from './partnership-change.js';
import {
  agreementInForce,
  approved,
  basisHolds,
  callOfBasis,
  enoughCountries,
  enoughPartners,
  hasPreparation,
  type KeptDocuments,
  ofProgramme,
  type Partner,
} from './partnership-phases.js';

type Moves<D = object> = Move<Partnership, D>;
type Decide<D> = (partnership: Partnership | null, data: D, context: Context) => Decision<Partnership>;

const source = 'state-machines.json#PARTNERSHIP';
const today = ({ at }: Pick<Context, 'at'>) => at.slice(0, 10);

const rolesOf = (_: Partnership, { id, by }: Context) => rolesTowards(by, { PARTNERSHIP: [id] });
const move = movedBy<Partnership>({ machine: machine('PARTNERSHIP'), field: 'state', roles: rolesOf });

/** Whatever moves it sets the timer of its end anew, and what is printed of its phase. */
function moved<D>(command: string, about: Moving<Partnership, D>): Decide<D> {
  const decide = move<D>(command, { ...about, tell: () => ({ type: '', data: null }) });
  return (partnership, data, context) => {
    const decision = decide(partnership, data, context);
    const { state, strand } = decision.next;
    const next = state === partnership?.state ? decision.next : { ...decision.next, statusLabel: statusLabel(state, strand) };
    return { ...decision, next, facts: [about.tell(next, context.id)], due: nextOf(next, context.at) };
  };
}

const hasDates = rule(
  'PARTNERSHIP.START_PREPARATION.DATES',
  ({ before: { start, durationMonths } }: Moves) => {
    const missing = [start ? [] : ['/start'], durationMonths ? [] : ['/durationMonths']].flat();
    const inputs = { start: start?.edtf ?? null, durationMonths };
    return missing.length === 0
      ? passed('Start and duration are set.', inputs)
      : failed(
          'Its start or its duration is not set.',
          inputs,
          missing.map((pointer) => ({ pointer, message: 'needed first' })),
        );
  },
  { source },
);

/** `partners`: the clusters that belong to it now. */
export const startPreparation = (partners: readonly Partner[]) =>
  moved<object>('startPreparation', {
    guards: [hasPreparation, enoughPartners(partners), enoughCountries(partners), hasDates],
    tell: (next, id) => contract.PreparationStarted.of(readable(next, id)),
  });

type Implementing = z.output<typeof contract.StartImplementation.data>;

/** `documents`: what the partnership keeps here. */
export const startImplementation = (documents: KeptDocuments) =>
  moved<Implementing>('startImplementation', {
    guards: [
      callOfBasis,
      basisHolds,
      agreementInForce(documents, 'PREPARATION'),
      approved('PARTNERSHIP.START_IMPLEMENTATION.STRATEGY', ['JOINT_INTERNATIONALISATION_STRATEGY', 'JOINT_STRATEGY'], documents),
      approved('PARTNERSHIP.START_IMPLEMENTATION.ROADMAP', ['IMPLEMENTATION_ROADMAP'], documents),
    ],
    beside: ({ before, data: { basis, call, strand } }) => ({
      ...settled(before, ['call', 'strand']),
      basis,
      call: call ?? before.call,
      strand: strand ?? (call === undefined ? before.strand : null),
    }),
    tell: (next, id) => contract.ImplementationStarted.of(readable(next, id)),
  });

type Extending = z.output<typeof contract.ExtendPartnership.data>;

const longer = rule(
  'PARTNERSHIP.EXTEND.LONGER',
  ({ before, data: { durationMonths } }: Moves<Extending>) => {
    const inputs = { durationMonths, before: before.durationMonths };
    if (before.durationMonths === null) return failed('It has no duration that could be extended.', inputs, '/durationMonths');
    return durationMonths > before.durationMonths
      ? passed('It is to last longer.', inputs)
      : failed(`It lasts ${before.durationMonths} months already.`, inputs, '/durationMonths');
  },
  { source },
);

/** A phase is not reviewed: its new end holds at once, whatever a draft says. */
export const extendPartnership = moved<Extending>('extend', {
  guards: [longer],
  beside: ({ before, data: { durationMonths, reason }, context: { at } }) => ({
    ...settled(before, ['durationMonths']),
    durationMonths,
    formerDurations: [...(before.formerDurations ?? []), { durationMonths: before.durationMonths!, until: at, reason }],
  }),
  tell: (next, id) => contract.PartnershipExtended.of(readable(next, id)),
});

type Completing = z.output<typeof contract.CompletePartnership.data>;

/** The product itself declares nothing: it comes when the end has. */
const isOver = rule(
  'PARTNERSHIP.COMPLETE.END',
  ({ before, data: { on }, context }: Moves<Completing>) => {
    const [end, day] = [endOf(before)?.latest ?? null, today(context)];
    const inputs = { end, on: on ?? null, today: day };
    if (on !== undefined && context.by.kind !== 'SYSTEM')
      return on <= day ? passed('Its end is declared.', inputs) : failed(`${on} lies in the future.`, inputs, '/on');
    return end !== null && end < day
      ? passed('Its end has come.', inputs)
      : failed('Its end has not come, and none is declared.', inputs, '/on');
  },
  { kind: 'WRONG_STATE', source },
);

export const completePartnership = moved<Completing>('complete', {
  guards: [isOver],
  beside: ({ before, data: { on, reason } }) => ({ endedOn: on ?? endOf(before)?.latest ?? null, stateReason: reason ?? null }),
  tell: (next, id) => contract.PartnershipCompleted.of(readable(next, id)),
});

export const sustainPartnership = (documents: KeptDocuments) =>
  moved<object>('sustain', {
    guards: [agreementInForce(documents)],
    tell: (next, id) => contract.PartnershipSustained.of(readable(next, id)),
  });

export const terminatePartnership = moved<z.output<typeof contract.TerminatePartnership.data>>('terminate', {
  beside: ({ data: { reason }, context }) => ({ stateReason: reason, endedOn: today(context) }),
  tell: (next, id) => contract.PartnershipTerminated.of(readable(next, id)),
});

const retained = rule(
  'PARTNERSHIP.ARCHIVE.RETENTION',
  ({ before, context }: Moves) => {
    const policy = ofProgramme({ before, context }, 'PARTNERSHIP_RETENTION_YEARS');
    const years = Number(policy?.value ?? 0);
    const last = before.endedOn ?? endOf(before)?.latest ?? null;
    if (last === null) return failed('Its last day is not known.', { years, last, ...explained(policy) });
    const until = `${String(Number(last.slice(0, 4)) + years).padStart(4, '0')}${last.slice(4)}`;
    const inputs = { years, last, until, ...explained(policy) };
    return until < today(context)
      ? passed(`Its records were kept until ${until}.`, inputs)
      : failed(`Its records are kept until ${until}.`, inputs);
  },
  { kind: 'WRONG_STATE', source: 'partnership-rules.json' },
);

export const archivePartnership = moved<object>('archive', {
  guards: [retained],
  tell: (next, id) => contract.PartnershipArchived.of(readable(next, id)),
});

/** The address may have been taken since its acronym was written. */
const addressFree = (owner: SlugOwner) =>
  rule('PARTNERSHIP.SLUG.UNIQUE', ({ before, written: { acronym }, context: { id } }: Reviewing<Partnership>) => {
    if (acronym === before.acronym) return notApplicable('The acronym stays.');
    return owner === null || owner === id
      ? passed('The address is free.', { slug: slug(acronym) })
      : failed(`Another partnership has the address ${slug(acronym)} already.`, { slug: slug(acronym) }, '/acronym');
  });

/** `owner`: who has the address that its acronym leads to once it is published. */
export const partnershipProfile = (owner: SlugOwner = null) =>
  profileMoves<Partnership>({
    roles: (before, context) => {
      const roles = rolesOf(before, context);
      return roles.some((role) => mayActFor(role, 'OWNER')) ? [...roles, 'OWNER'] : roles;
    },
    missing: (written) => mandatoryMissing('PARTNERSHIP', written),
    guards: [addressFree(owner)],
    invalid: ({ state }) => (['TERMINATED', 'ARCHIVED'].includes(state) ? `The partnership is ${state}.` : null),
    whenPublished: (written, before) => withAddress(before, written),
    facts: contract.PartnershipProfile.facts,
    told: readable,
  });
