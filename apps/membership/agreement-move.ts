import type { AgreementParty } from '#libs/contracts/agreement-details';
import type { FactContract } from '#libs/contracts/message';
import { relationsIn } from '#libs/domain/agreement-parties';
import type { Context, Decision } from '#libs/domain/decision';
import { machine } from '#libs/domain/machine';
import { type Move, type Moving, movedBy } from '#libs/domain/move';
import { rolesTowards } from '#libs/domain/standing';
import { failed, notApplicable, passed, rule } from '#libs/domain/verdict';
import { type Agreement, actedOn, dueOf, readable, type Version } from './agreement.js';

export const SOURCE = { source: 'state-machines.json#AGREEMENT' };

/** An agreement with the one version of it that a command is about: the machine runs per version. */
export interface Focus {
  agreement: Agreement;
  version: Version;
  /** That of the version. */
  state: string;
  /** Who is to become a party. */
  joining: AgreementParty | null;
}

/** Commands may pick a version by its number. */
export interface Picking {
  version?: number;
}

export type Moves<D> = Move<Focus, D>;
type Decide<D> = (agreement: Agreement | null, data: D, context: Context) => Decision<Agreement>;

/** With the version as it has become. */
export const unfocused = ({ agreement, version, state }: Focus): Agreement => ({
  ...agreement,
  versions: agreement.versions.map((each) => (each.no === version.no ? { ...version, state } : each)),
});

/** What somebody is to an agreement: by running the partnership that looks after it, and by acting for a party. */
export const rolesIn = (agreement: Agreement, parties: readonly AgreementParty[], by: Context['by']): string[] => [
  ...rolesTowards(by, { PARTNERSHIP: [agreement.partnership] }),
  ...relationsIn(parties, by),
];

const move = movedBy<Focus>({
  machine: machine('AGREEMENT'),
  field: 'state',
  roles: ({ agreement, version, joining }, { by }) => rolesIn(agreement, [...version.parties, ...(joining ? [joining] : [])], by),
});

const versionThere = rule('AGREEMENT.VERSION.THERE', ({ before: { agreement }, data: { version } }: Moves<Picking>) => {
  if (version === undefined) return notApplicable('No version is named.');
  const numbers = agreement.versions.map(({ no }) => no);
  return numbers.includes(version)
    ? passed('The version is there.', { version })
    : failed(`There is no version ${version}.`, { version, versions: numbers }, '/version');
});

type About<D> = Omit<Moving<Focus, D>, 'tell'> & {
  fact: FactContract;
  /** The version it is about unless one is named. */
  pick?(agreement: Agreement): Version | null;
  joining?(agreement: string, data: D): AgreementParty | null;
};

/** A decision about one version of an agreement. Whatever moves it sets the timer of the agreement anew. */
export const onVersion = <D extends Picking>(
  command: string,
  { fact, pick = actedOn, joining = () => null, guards = [], ...about }: About<D>,
): Decide<D> => {
  const decide = move<D>(command, {
    ...about,
    guards: [versionThere, ...guards],
    tell: (next, id) => fact.of({ ...readable(unfocused(next)), id }),
  });
  return (state, data, context) => {
    const agreement = state as Agreement;
    const named = agreement.versions.find(({ no }) => no === data.version);
    const version = named ?? pick(agreement) ?? actedOn(agreement);
    const focus: Focus = { agreement, version, state: version.state, joining: joining(context.id, data) };
    const { next: moved, ...decision } = decide(focus, data, context);
    const next = unfocused(moved);
    return { ...decision, next, due: dueOf(next) };
  };
};

/** The version with some of it otherwise. */
export const changed = ({ before: { version } }: Pick<Moves<unknown>, 'before'>, change: Partial<Version>): Partial<Focus> => ({
  version: { ...version, ...change },
});

export const dayOf = (at: string): string => at.slice(0, 10);
