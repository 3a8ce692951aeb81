/** Routes are limited by what they cost. */
export const routeClasses = ['READ', 'WRITE', 'IMPORT', 'TOKEN'] as const;
export type RouteClass = (typeof routeClasses)[number];

/** So many requests in so many seconds. */
export interface Quota {
  points: number;
  seconds: number;
}

/** null: not limited. */
export type Quotas = Record<RouteClass, Quota | null>;

export const usualQuotas: Quotas = {
  READ: { points: 600, seconds: 60 },
  WRITE: { points: 120, seconds: 60 },
  IMPORT: { points: 10, seconds: 60 },
  TOKEN: { points: 10, seconds: 60 },
};

const noQuotas: Quotas = { READ: null, WRITE: null, IMPORT: null, TOKEN: null };
const ONE = /^(READ|WRITE|IMPORT|TOKEN)=(?:(off)|([1-9]\d{0,8})\/([1-9]\d{0,4}))$/;

/** `READ=600/60,IMPORT=off`: what is not named keeps its usual quota; `off` alone limits nothing. Throws what is wrong with it. */
export function readQuotas(text: string): Quotas {
  if (text.trim() === 'off') return noQuotas;
  const quotas = { ...usualQuotas };
  for (const part of text.split(',').map((each) => each.trim())) {
    const [, name, off, points, seconds] = ONE.exec(part) ?? [];
    if (!name) throw new Error(`${part || 'an empty part'} is not like READ=600/60 (requests/seconds) or READ=off`);
    quotas[name as RouteClass] = off ? null : { points: Number(points), seconds: Number(seconds) };
  }
  return quotas;
}
