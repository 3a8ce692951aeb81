import type { Actor } from '#libs/contracts/actor';
import type { AgreementParty } from '#libs/contracts/agreement-details';
import { mayActFor } from '#libs/reference/roles';

type Side = Pick<AgreementParty, 'id' | 'kind'>;
type Relation = 'PARTY' | 'SIGNATORY' | 'COUNTERPARTY';

/** Whether somebody's role, in the party itself, lets it act for it; nobody here acts for a party from outside. */
export const actsFor = ({ roles }: Pick<Actor, 'roles'>, { id, kind }: Side, relation: Relation): boolean =>
  kind !== 'OUTSIDE' && roles.some(({ role, binding }) => binding?.kind === kind && binding.id === id && mayActFor(role, relation));

/** What somebody is to an agreement by acting for one of its parties; the service and `/actions` ask here alike. */
export const relationsIn = (parties: readonly Side[], by: Pick<Actor, 'roles'>): string[] =>
  (['PARTY', 'SIGNATORY'] as const).filter((relation) => parties.some((party) => actsFor(by, party, relation)));
