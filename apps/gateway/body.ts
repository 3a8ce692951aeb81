import type { FastifyInstance } from 'fastify';
import { malformed } from './problem.js';

const MAX_DEPTH = 40;

/** Nesting of a JSON text, counted without parsing it: a bomb never reaches the parser. */
export function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 92) i += 1;
      else if (c === 34) inString = false;
    } else if (c === 34) inString = true;
    else if (c === 123 || c === 91) deepest = Math.max(deepest, ++depth);
    else if (c === 125 || c === 93) depth -= 1;
  }
  return deepest;
}

/** JSON as sent, or a problem that says where it breaks. Keys that could poison prototypes are refused. */
export function parseJson(text: string): unknown {
  if (depthOf(text) > MAX_DEPTH) throw malformed('BODY.TOO_DEEP', `The body nests deeper than ${MAX_DEPTH} levels.`);
  try {
    return JSON.parse(text, (key, value) => {
      if (key === '__proto__') throw malformed('BODY.UNKNOWN_FIELD', 'The field __proto__ is not taken.');
      return value;
    });
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed('BODY.MALFORMED', `The body is not JSON: ${error.message}`);
    throw error;
  }
}

export function acceptJson(http: FastifyInstance): void {
  http.addContentTypeParser(['application/json', 'application/merge-patch+json'], { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : parseJson(body as string));
    } catch (error) {
      done(error as Error);
    }
  });
}
