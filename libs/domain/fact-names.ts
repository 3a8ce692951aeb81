/** What a fact tells, as far as filters look at it. */
export interface ToldFact {
  type: string;
  subject: string;
  data: unknown;
}

type Data = Record<string, unknown>;

const texts = (value: unknown): string[] => [value].flat().filter((each): each is string => typeof each === 'string');
/** `event` of `event.changed.v1`. */
export const kindOf = ({ type }: Pick<ToldFact, 'type'>) => type.slice(0, type.indexOf('.'));
/** The last part of its subject, `/v1/events/{id}`. */
export const idOf = ({ subject }: Pick<ToldFact, 'subject'>) => subject.slice(subject.lastIndexOf('/') + 1);

/** `*`, `partnership.*` or `partnership.imported.v1`. */
export const matchesType = (pattern: string, type: string): boolean =>
  pattern === '*' || pattern === type || (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1)));

/** What a fact has to do with under a name such as `partnership`: its own subject by id and slugs, and what its data refer to by id. */
export function namesIn(key: string, fact: ToldFact): { own: string[]; referred: string[] } {
  const data = (fact.data ?? {}) as Data;
  const own = kindOf(fact) === key ? [idOf(fact), ...texts(data.slug), ...texts(data.formerSlugs)] : [];
  return { own, referred: [...texts(data[key]), ...texts(data[`${key}s`])] };
}
