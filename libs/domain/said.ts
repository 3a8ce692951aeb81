/** Without the members that say nothing. */
export function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never;
}

/** Each row in its new form; a list that is blank or missing stays so. */
export function each<T, U, Empty extends null | undefined>(rows: readonly T[] | Empty, form: (row: T) => U): U[] | Empty {
  return rows ? rows.map((row) => form(row)) : rows;
}
