/** JSON pointer (RFC 6901) of a path. */
export function pointer(...path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Every value that is no object or array, with its pointer, in document order. */
export function* leaves(value: unknown, at = ''): Generator<readonly [at: string, value: unknown]> {
  if (typeof value !== 'object' || value === null) {
    yield [at, value];
    return;
  }
  for (const [name, member] of Object.entries(value)) yield* leaves(member, at + pointer(name));
}
