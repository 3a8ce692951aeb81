import type { Agent, Body, RunningHouse } from './running-house.js';

/** Those who run the clusters of a partnership, by cluster. */
export async function managersOf(house: RunningHouse, partnership: string): Promise<Map<string, Agent>> {
  const { body } = await house.public.get(`/v1/memberships?partnership=${partnership}`).expect(200);
  const managers = new Map<string, Agent>();
  for (const { cluster } of body.items) managers.set(cluster, await house.holding('CLUSTER_MANAGER', 'CLUSTER', cluster));
  return managers;
}

/** Commands on records of a resource, and changes of them. */
export function movesOf(resource: string) {
  const at = (id: string) => `/v1/${resource}/${id}`;
  const move = (who: Agent, id: string, command: string, said: object = {}) => who.post(`${at(id)}/${command}`).send(said);
  const moved = async (who: Agent, id: string, command: string, said: object = {}): Promise<Body> =>
    (await move(who, id, command, said).expect(200)).body;
  const change = (who: Agent, id: string, patch: object) => who.patch(at(id)).set('if-match', '*').send(patch);
  return { at, move, moved, change };
}
