import file from './data/profile-fields.json' with { type: 'json' };

/** A field of a full profile: `code` is its dotted path in the view. */
export interface ProfileField {
  readonly code: string;
  readonly of: readonly string[];
  readonly mandatoryFor: readonly string[];
}

const fields: readonly ProfileField[] = file.items;

/** The fields of the profile of a `PARTNERSHIP` or `CLUSTER`, in the order of its page. */
export const profileFieldsOf = (kind: 'PARTNERSHIP' | 'CLUSTER'): readonly ProfileField[] => fields.filter(({ of }) => of.includes(kind));
