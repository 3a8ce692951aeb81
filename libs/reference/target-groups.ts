import file from './data/target-groups.json' with { type: 'json' };

const typesOf = new Map<string, readonly string[]>(file.items.map(({ code, organisationTypes }) => [code, organisationTypes]));

/** Types of the organisations that a target group is made of; none where the group is not known. */
export const organisationTypesIn = (group: string): readonly string[] => typesOf.get(group) ?? [];
