const JSON_TYPE = 'application/json';

interface Wanted {
  type: string;
  q: number;
  place: number;
}

/**
 * The form an answer is wanted in (RFC 9110 §12.5.1): of those that are offered beside JSON the one most asked for, null for JSON.
 * Whoever takes anything gets JSON, and so does who wants what nobody has.
 */
export function wantedForm(header: string | undefined, offered: readonly string[]): string | null {
  const wanted = (header ?? '').split(',').flatMap((part, place): Wanted[] => {
    const [type = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase());
    const q = Number(parameters.find((each) => each.startsWith('q='))?.slice(2) ?? 1);
    return type === '' || !(q > 0) ? [] : [{ type, q, place }];
  });
  const known = wanted.filter(({ type }) => [JSON_TYPE, 'application/*', '*/*', ...offered].includes(type));
  const [best] = known.toSorted((a, b) => b.q - a.q || a.place - b.place);
  return best && offered.includes(best.type) ? best.type : null;
}
