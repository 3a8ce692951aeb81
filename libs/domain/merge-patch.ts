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

/**
 * A patch of a record whose fields are always there: null makes a field, or a member of it, blank instead of taking it away.
 * `texts`: fields that hold a text by language; there null takes the language away, and a text without any is blank.
 */
export function patched<S extends object>(record: S, patch: Partial<Record<keyof S, unknown>>, texts: readonly (keyof S)[] = []): S {
  const next = { ...record } as Record<string, unknown>;
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    next[name] = texts.includes(name as keyof S) ? spoken(next[name], value) : filledIn(next[name], value);
  }
  return next as S;
}

function spoken(text: unknown, patch: unknown): unknown {
  const merged = mergePatch(text, patch);
  return isObject(merged) && Object.keys(merged).length === 0 ? null : merged;
}

function filledIn(target: unknown, patch: unknown): unknown {
  if (!isObject(patch) || !isObject(target)) return patch;
  const members = Object.entries(patch).filter(([, value]) => value !== undefined);
  return { ...target, ...Object.fromEntries(members.map(([name, value]) => [name, filledIn(target[name], value)])) };
}
