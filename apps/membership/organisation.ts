import type { OrganisationView } from '#libs/contracts/organisation';
import type { Stamp } from '#libs/contracts/values';
import { signsOf } from '#libs/domain/duplicates';
import type { Merging } from '#libs/domain/merging';

/** The size class follows from what is declared, and is computed for the view. */
export interface Organisation extends Omit<OrganisationView, keyof Stamp | 'sizeClass'> {
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
