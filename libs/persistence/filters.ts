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

/** Dates before this one; without a beginning such a server looks at all that have none. */
export const before = (date: Date) => ({ $gt: new Date(0), $lt: date });
