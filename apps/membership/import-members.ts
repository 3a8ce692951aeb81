import type { PartnershipFile } from '#libs/contracts/partnership-file';
import { type Comparable, suspectedAmong } from '#libs/domain/duplicates';
import { externalName } from '#libs/domain/external-ids';
import { sourceId } from '#libs/domain/ids';
import type { ExistingMembers, FileMember } from '#libs/domain/import-cluster';
import { memberKey } from '#libs/domain/import-members';
import { fold } from '#libs/domain/text';
import { findCountry } from '#libs/reference/countries';

/** An organisation as a file describes it, under the id it has if an import brought it. */
export const described = (member: FileMember): Comparable => ({
  id: sourceId(memberKey(member)),
  name: member.name,
  aliases: [],
  country: findCountry(member.country) ?? member.country,
  type: member.type,
  website: member.website ?? null,
  address: member.city ? { city: member.city } : null,
  externalIds: member.externalIds ?? [],
});

export const membersOf = ({ composition }: PartnershipFile): Comparable[] =>
  (composition ?? []).flatMap(({ members }) => (members ?? []).map(described));

interface Held {
  readonly id: string;
  readonly organisation: string | null;
  readonly cluster: string;
}

/** `found`: records that may be meant. An outside id that is shared leads before a name, that before an alias. */
export function membersKnown(found: readonly Comparable[], memberships: readonly Held[]): ExistingMembers {
  const byKey = new Map<string, Comparable>();
  const keysOf: ((each: Comparable) => string[])[] = [
    ({ id }) => [id],
    ({ externalIds }) => externalIds.map(externalName),
    ({ name, country }) => [named(country, name)],
    ({ aliases, country }) => aliases.map((alias) => named(country, alias)),
  ];
  for (const keys of keysOf) {
    for (const each of found.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
      for (const key of keys(each)) if (!byKey.has(key)) byKey.set(key, each);
  }
  const held = new Map(memberships.map(({ id, organisation, cluster }) => [`${organisation} ${cluster}`, id]));
  return {
    organisation: (member) => {
      const asked = described(member);
      const keys = [...keysOf[1]!(asked), asked.id, ...keysOf[2]!(asked)];
      return keys.map((key) => byKey.get(key)).find((each) => each !== undefined)?.id ?? null;
    },
    membership: (organisation, cluster) => held.get(`${organisation} ${cluster}`) ?? null,
    suspects: (member) => suspectedAmong(described(member), found),
  };
}

const named = (country: string, name: string) => `${country}:${fold(name)}`;
