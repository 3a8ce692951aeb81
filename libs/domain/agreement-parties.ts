import type { Actor } from '#libs/contracts/actor';
import type { AgreementParty } from '#libs/contracts/agreement-details';
import { mayActFor } from '#libs/reference/roles';

type Side = Pick<AgreementParty, 'id' | 'kind' | 'mergedInto'>;
type Relation = 'PARTY' | 'SIGNATORY' | 'COUNTERPARTY';

/** Ids that a party is known by: its own, and that of the record which its own has become part of. */
export const idsOfParty = ({ id, mergedInto }: Pick<Side, 'id' | 'mergedInto'>): string[] => (mergedInto ? [id, mergedInto] : [id]);

/** Whether a command that names a party by one of its ids means this one. */
export const isParty = (party: Pick<Side, 'id' | 'mergedInto'>, id: string): boolean => idsOfParty(party).includes(id);

/** The party of an id: its own; else that of the record it has become part of since. */
export const partyBy = <P extends Pick<Side, 'id' | 'mergedInto'>>(parties: readonly P[], id: string): P | undefined =>
  parties.find((party) => party.id === id) ?? parties.find((party) => isParty(party, id));

/** Whether somebody's role, in the party itself, lets it act for it; nobody here acts for a party from outside. */
export const actsFor = ({ roles }: Pick<Actor, 'roles'>, party: Side, relation: Relation): boolean =>
  party.kind !== 'OUTSIDE' &&
  roles.some(({ role, binding }) => binding?.kind === party.kind && isParty(party, binding.id) && mayActFor(role, relation));

/** What somebody is to an agreement by acting for one of its parties; the service and `/actions` ask here alike. */
export const relationsIn = (parties: readonly Side[], by: Pick<Actor, 'roles'>): string[] =>
  (['PARTY', 'SIGNATORY'] as const).filter((relation) => parties.some((party) => actsFor(by, party, relation)));
