import type { FactRecord } from '#libs/contracts/message';
import { kindOf, matchesType, namesIn } from '#libs/domain/fact-names';
import type { Rights, Subscription } from './subscription.js';

/** What is known of the partnerships and clusters that facts speak of. */
export interface Known {
  slugs: string[];
  published: boolean;
}
export type Knowledge = ReadonlyMap<string, Known>;

type Data = Record<string, unknown>;
type Told = Pick<FactRecord, 'type' | 'subject' | 'time' | 'data'>;

const texts = (value: unknown): string[] => [value].flat().filter((each): each is string => typeof each === 'string');
const dataOf = ({ data }: Told) => (data ?? {}) as Data;

/** A subscription hears what is told from its beginning on. */
export const hears = ({ eventTypes, createdAt }: Pick<Subscription, 'eventTypes' | 'createdAt'>, fact: Told): boolean =>
  fact.time >= createdAt && eventTypes.some((pattern) => matchesType(pattern, fact.type));

/** The partnerships and clusters a fact speaks of beside its own subject. */
export const references = (fact: Told): string[] => {
  const { partnership, partnerships, cluster, clusters } = dataOf(fact);
  return [...new Set([partnership, partnerships, cluster, clusters].flatMap(texts))];
};

/** Every key named must meet one of its values: the id or slug of the subject itself, or of what the fact refers to under that name. */
export function passes(filter: Subscription['filter'], fact: Told, knowledge: Knowledge): boolean {
  return Object.entries(filter ?? {}).every(([key, values]) => named(key, fact, knowledge).some((name) => values.includes(name)));
}

function named(key: string, fact: Told, knowledge: Knowledge): string[] {
  const { own, referred } = namesIn(key, fact);
  return [...own, ...referred, ...referred.flatMap((id) => knowledge.get(id)?.slugs ?? [])];
}

const isPublished = (data: Data) => data.profile === 'PUBLISHED';

type Visible = (data: Data, published: (ids: unknown) => boolean[]) => boolean;

/** What everybody may learn (visibility of the views); a kind that is not named is for nobody but the platform. */
const publicly = new Map<string, Visible>([
  ['partnership', isPublished],
  ['cluster', isPublished],
  [
    'membership',
    ({ state, partnership, cluster }, published) => state === 'ACTIVE' && [partnership, cluster].flatMap(published).every(Boolean),
  ],
  ['event', ({ partnerships }, published) => published(partnerships).some(Boolean)],
]);

/** Whether a fact may be told to one who has these rights. */
export function maySee({ roles }: Rights, fact: Told, knowledge: Knowledge): boolean {
  if (roles.some(({ role, binding }) => role === 'PLATFORM_ADMIN' && binding === null)) return true;
  const published = (ids: unknown) => texts(ids).map((id) => knowledge.get(id)?.published === true);
  return publicly.get(kindOf(fact))?.(dataOf(fact), published) ?? false;
}
