import type { FactRecord } from '#libs/contracts/message';
import { idOf, matchesType, namesIn } from '#libs/domain/fact-names';
import { isTold, type Level, levelOf, neededFor, parentsOf, redact, type View, visibility } from '#libs/domain/visibility';
import type { Rights, Subscription } from './subscription.js';

/** What is known of the partnerships and clusters that facts speak of, and of subjects whose facts do not say whose they are. */
export interface Known {
  slugs: string[];
  published: boolean;
  owner?: string;
}
export type Knowledge = ReadonlyMap<string, Known>;

type Data = Record<string, unknown>;
type Told = Pick<FactRecord, 'type' | 'subject' | 'time' | 'data'>;

const texts = (value: unknown): string[] => [value].flat().filter((each): each is string => typeof each === 'string');
const dataOf = ({ data }: Told) => (data ?? {}) as Data;

/** A subscription hears what is told from its beginning on. */
export const hears = ({ eventTypes, createdAt }: Pick<Subscription, 'eventTypes' | 'createdAt'>, fact: Told): boolean =>
  fact.time >= createdAt && eventTypes.some((pattern) => matchesType(pattern, fact.type));

/** What has to be known of to judge a fact: the partnerships and clusters it speaks of, and itself where its owner decides. */
export const references = (fact: Told): string[] => {
  const { partnership, partnerships, cluster, clusters } = dataOf(fact);
  const itself = visibility[resourceOf(fact)]?.owner ? [idOf(fact)] : [];
  return [...new Set([partnership, partnerships, cluster, clusters, itself].flatMap(texts))];
};

/** Every key named must meet one of its values: the id or slug of the subject itself, or of what the fact refers to under that name. */
export function passes(filter: Subscription['filter'], fact: Told, knowledge: Knowledge): boolean {
  return Object.entries(filter ?? {}).every(([key, values]) => named(key, fact, knowledge).some((name) => values.includes(name)));
}

function named(key: string, fact: Told, knowledge: Knowledge): string[] {
  const { own, referred } = namesIn(key, fact);
  return [...own, ...referred, ...referred.flatMap((id) => knowledge.get(id)?.slugs ?? [])];
}

/** How much of a fact somebody with these rights may be told: by the table that holds for reading its subject. */
export function levelFor({ owner, roles, scopes }: Rights, fact: Told, knowledge: Knowledge): Level {
  const resource = resourceOf(fact);
  const view = { owner: knowledge.get(idOf(fact))?.owner, ...dataOf(fact), id: idOf(fact) };
  const parents = parentsOf(resource, view).map((id) => ({ id, profile: knowledge.get(id)?.published ? 'PUBLISHED' : 'DRAFT' }));
  const level = levelOf(resource, view, { id: owner, roles, scopes: scopes ?? [] }, parents);
  return isTold(level, neededFor(resource, fact)) ? level : 'NOTHING';
}

/** The fact without what this level does not see. */
export function seenAt<F extends Told>(level: Level, fact: F): F {
  return { ...fact, data: redact(resourceOf(fact), dataOf(fact) as View, level) };
}

/** `/v1/partnerships/{id}` */
const resourceOf = ({ subject }: Told): string => subject.split('/')[2] ?? '';
