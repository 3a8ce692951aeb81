const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON Merge Patch (RFC 7396) inside a field: objects member by member, null takes a member away, all else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = mergePatch(merged[name], value);
  }
  return merged;
}

/** A patch of a record whose fields are always there: null makes a field blank instead of taking it away. */
export function patched<S extends object>(record: S, patch: Partial<Record<keyof S, unknown>>): S {
  const next = { ...record } as Record<string, unknown>;
  for (const [name, value] of Object.entries(patch)) {
    if (value !== undefined) next[name] = value === null ? null : mergePatch(next[name], value);
  }
  return next as S;
}
