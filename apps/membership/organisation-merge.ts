import { FollowInAgreement } from '#libs/contracts/agreement';
import { FollowInMembership } from '#libs/contracts/membership';
import type { CommandContract } from '#libs/contracts/message';
import { NoteYielded, OrganisationMerged, OrganisationYielded, YieldOrganisation } from '#libs/contracts/organisation';
import { FollowOrganisation } from '#libs/contracts/person';
import type { Send } from '#libs/domain/decision';
import { mergesOf } from '#libs/domain/merging';
import { blank, type Organisation, withSigns } from './organisation.js';
import { IN_CHARGE, rolesOf } from './organisation-change.js';

/** The record that stays asks the other to go; who asked is answered when it has. */
export const {
  merge: mergeOrganisation,
  yieldTo: yieldOrganisation,
  noteYielded: noted,
} = mergesOf<Organisation>({
  name: 'ORGANISATION',
  roles: rolesOf,
  actors: IN_CHARGE,
  yielding: YieldOrganisation,
  noted: NoteYielded,
  absorbed: (before, other) => withSigns(absorbed(before, other)),
  yielded: (before, id, into) => OrganisationYielded.of({ ...before, id, into }),
  merged: (next, id, from) => OrganisationMerged.of({ ...next, id, from }),
});

/** Whoever is called by the record that has gone: ids of the same service. Others lead on by its former ids. */
export interface Followers {
  persons: readonly string[];
  memberships: readonly string[];
  /** To which it is a party. */
  agreements: readonly string[];
}

export const noteYielded = ({ persons, memberships, agreements }: Followers) =>
  noted((from, to) => {
    const follow =
      (command: CommandContract) =>
      (key: string): Send => ({ command, key, data: { from, to }, step: `follow:${from}:${key}` });
    return [
      ...persons.map(follow(FollowOrganisation)),
      ...memberships.map(follow(FollowInMembership)),
      ...agreements.map(follow(FollowInAgreement)),
    ];
  });

/** What stands is kept; what is blank is filled from the record that has gone, and lists are joined. */
function absorbed(before: Organisation, other: Organisation): Organisation {
  const filled = Object.fromEntries(
    (Object.keys(blank) as (keyof Organisation)[]).map((field) => [field, before[field] === null ? other[field] : before[field]]),
  );
  const names = [...before.aliases, other.name, ...other.aliases].filter((name) => name !== before.name);
  return {
    ...before,
    ...filled,
    aliases: [...new Set(names)].slice(0, 50),
    establishments: [...before.establishments, ...other.establishments].slice(0, 100),
    merging: null,
  };
}
