import type { AggregateContract } from '#libs/contracts/message';
import { byAggregate, resources, type View } from './resources.js';

type Contract = Pick<AggregateContract, 'resource' | 'within'>;

const above = (within: string) => byAggregate.get(within)!.contract.resource;

/** Where the routes of a resource stand: of one that another keeps, below that; `v1/events/:event/registrations`. */
export const placeOf = ({ resource, within }: Contract): string =>
  within === undefined ? `v1/${resource}` : `v1/${above(within)}/:${within}/${resource}`;

/** The address of the records beside one. */
export const collectionOf = ({ resource, within }: Contract, view: View): string =>
  `/v1/${within === undefined ? '' : `${above(within)}/${view[within]}/`}${resource}`;

export const addressOf = (contract: Contract, view: View): string => `${collectionOf(contract, view)}/${view.id}`;

const nested = Object.values(resources).flatMap(({ contract: { resource, within } }) =>
  within === undefined ? [] : [{ resource, prefix: `/v1/${above(within)}/{${within}}/${resource}` }],
);

/** A path as if its resource stood for itself: `/v1/registrations/{id}` for what stands below an event. */
export function asOwn(path: string): { path: string; isNested: boolean } {
  const found = nested.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
  return found ? { path: `/v1/${found.resource}${path.slice(found.prefix.length)}`, isNested: true } : { path, isNested: false };
}
