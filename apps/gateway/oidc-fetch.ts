const MAX_BYTES = 262_144;

/** The issuer does not answer, or not as it should; nothing is said about the token by that. */
export class IssuerAway extends Error {}

export const WITHIN_MS = 5000;

/** A small JSON document: bounded in time and size, no redirects, never over plain HTTP when the issuer itself is not. */
export async function fetchSmall(url: string, init: RequestInit = {}): Promise<Response> {
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal: init.signal ?? AbortSignal.timeout(WITHIN_MS) });
    return new Response(await bounded(response), { status: response.status, headers: { 'content-type': 'application/json' } });
  } catch (error) {
    throw error instanceof IssuerAway ? error : new IssuerAway(`${url} does not answer: ${String(error)}`);
  }
}

async function bounded({ body, url }: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.length;
    if (bytes > MAX_BYTES) throw new IssuerAway(`${url} answers with more than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
