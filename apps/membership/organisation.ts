import { type OrganisationRecord, OrganisationRecorded, type OrganisationView } from '#libs/contracts/organisation';
import type { Stamp } from '#libs/contracts/values';
import type { Context, Decision } from '#libs/domain/decision';
import { signsOf } from '#libs/domain/duplicates';
import { withId } from '#libs/domain/external-ids';
import type { Merging } from '#libs/domain/merging';
import { record, type Sourced, stated } from '#libs/domain/record';
import { fold } from '#libs/domain/text';

/** The size class follows from what is declared, and is computed for the view. */
export interface Organisation extends Omit<OrganisationView, keyof Stamp | 'sizeClass'>, Sourced {
  /** What duplicates of it are found by. */
  signs: string[];
  /** The record that is to become part of it, while that is under way. */
  merging: Merging<never> | null;
}

/** Nothing is said of it yet. */
export const blank: Omit<Organisation, 'name' | 'type' | 'country' | 'owner'> = {
  region: null,
  aliases: [],
  address: null,
  coordinates: null,
  establishments: [],
  website: null,
  contact: null,
  offers: null,
  size: null,
  externalIds: [],
  formerIds: [],
  signs: [],
  merging: null,
};

export const withSigns = (organisation: Organisation): Organisation => ({ ...organisation, signs: signsOf({ ...organisation, id: '' }) });

/** One that is known keeps its name and what it is; what a source calls it otherwise becomes an alias. */
export function recordOrganisation(organisation: Organisation | null, said: OrganisationRecord, context: Context): Decision<Organisation> {
  const { name, type, country, city, website, externalIds = [] } = said;
  const before: Organisation = organisation ?? { ...blank, name, type, country, owner: context.by.id };
  const isCalled = [before.name, ...before.aliases].some((each) => fold(each) === fold(name));
  const after = {
    ...(city === undefined ? {} : { address: city === null ? before.address : { ...before.address, city } }),
    ...(website === undefined ? {} : { website }),
    externalIds: externalIds.reduce(withId, before.externalIds),
    aliases: isCalled ? before.aliases : [...before.aliases, name],
  };
  return record(organisation, said, context, {
    machine: 'ORGANISATION',
    merge: () => (organisation ? stated(before, withSigns(stated(before, after))) : withSigns({ ...before, ...after })),
    tell: (next) => OrganisationRecorded.of({ ...next, id: context.id }),
  });
}
