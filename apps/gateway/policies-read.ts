import type { PartnershipView } from '#libs/contracts/partnership';
import { type Policies, type PolicyVersion, withBundled } from '#libs/domain/policy';
import type { ReadModels } from './read-models.js';

type Models = Pick<ReadModels, 'where' | 'byIds'>;

/** The versions of these rules, as the gateway shows them; an answer that is made with them is made anew when one changes. */
export async function policiesRead(models: Models, codes: readonly string[]): Promise<Policies> {
  const found = await Promise.all(codes.map((code) => models.where('policies', { code })));
  return withBundled(found.flat() as unknown as PolicyVersion[]);
}

/** Codes of partnerships and of their calls: those who may say otherwise than the scheme. */
export async function ownersRead(models: Models, partnerships: readonly string[]): Promise<string[]> {
  const found = (await models.byIds('partnerships', [...partnerships])) as unknown as PartnershipView[];
  return found.flatMap(({ code, call }) => [code, ...(call ? [call] : [])]);
}
