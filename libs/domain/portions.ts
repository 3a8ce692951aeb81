/** So many at a time, in their order; the last may be fewer. */
export const portions = <T>(items: readonly T[], most: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / most) }, (_, place) => items.slice(place * most, (place + 1) * most));
