type Filter = Record<string, unknown>;

/**
 * One filter of which all of these hold. Side by side where their names differ: below an `$and` a compatible server (secantusd) looks
 * at no index.
 */
export function allOf(filters: readonly Filter[]): Filter {
  const flat: Filter = {};
  const rest: Filter[] = [];
  for (const [name, value] of filters.flatMap((filter) => Object.entries(filter))) {
    if (name === '$and') rest.push(...(value as Filter[]));
    else if (name in flat) rest.push({ [name]: value });
    else flat[name] = value;
  }
  return rest.length > 0 ? { ...flat, $and: rest } : flat;
}

/** Without a beginning such a server looks at all that have no date. */
const BEGINNING = new Date(0);

/** Dates before this one. */
export const before = (date: Date) => ({ $gt: BEGINNING, $lt: date });

/** Dates before this one, and itself. */
export const upTo = (date: Date) => ({ $gt: BEGINNING, $lte: date });
