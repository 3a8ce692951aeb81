import type { PersonView } from '#libs/contracts/person';
import type { Stamp } from '#libs/contracts/values';
import { fold } from '#libs/domain/text';

export interface Person extends Omit<PersonView, keyof Stamp> {
  /** Organisation and address, folded: no two persons share it. */
  mailbox: string;
}

/** Nothing is said of it yet. */
export const blank: Omit<Person, 'name' | 'email' | 'organisation' | 'mailbox' | 'owner'> = {
  language: null,
  zone: null,
  phone: null,
  relation: null,
  roles: [],
  account: null,
  consents: [],
  externalIds: [],
};

export const mailboxOf = (organisation: string, email: string): string => `${organisation}:${fold(email)}`;
