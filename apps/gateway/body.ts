import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isTokenRequest } from './oauth-error.js';
import { malformed } from './problem.js';

const MAX_DEPTH = 40;
const MOST_FAULTS = 200;
const UNKNOWN = 'this field is not known';

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

/** JSON as sent, or a problem that says where it breaks. */
export function parseJson(text: string): unknown {
  if (depthOf(text) > MAX_DEPTH) throw whole('BODY.TOO_DEEP', `The body nests deeper than ${MAX_DEPTH} levels.`);
  return known(parsed(text));
}

function known(value: unknown): unknown {
  const faults = strangers(value);
  if (faults.length === 0) return value;
  const code = faults.some(({ message }) => message === UNKNOWN) ? 'BODY.UNKNOWN_FIELD' : 'BODY.SHAPE';
  throw malformed(code, 'The body holds what no route takes.', faults.slice(0, MOST_FAULTS));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw whole('BODY.MALFORMED', `The body is not JSON: ${(error as Error).message}`);
  }
}

/** What is wrong with the body as a whole: the empty pointer. */
const whole = (code: string, detail: string) => malformed(code, detail, [{ pointer: '', message: detail }]);

interface Fault {
  pointer: string;
  message: string;
}

/** What no contract takes, wherever it stands: text that is none, and names every object has already, which a check of the shape would take for known ones. */
function strangers(value: unknown, at = ''): Fault[] {
  if (typeof value === 'string') return isText(value) ? [] : [{ pointer: at, message: 'a text holds no NUL and no half of a character' }];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, part]) => {
    const pointer = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (name in Object.prototype || !isText(name)) return [{ pointer, message: UNKNOWN }];
    return strangers(part, pointer);
  });
}

const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** A form is taken by the token endpoint, where what is sent twice can be seen in it, and where people answer in a browser. */
export function acceptForm(http: FastifyInstance): void {
  http.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (request, body, done) => {
    if (isTokenRequest(request)) return done(null, new URLSearchParams(body as string));
    if (!request.routeOptions.config.policy?.people) return done(otherMedia(request));
    try {
      done(null, known(fieldsOf(body as string)));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** As JSON would say it: a field that was left empty says nothing. */
const fieldsOf = (form: string): unknown => Object.fromEntries([...new URLSearchParams(form)].filter(([, value]) => value !== ''));

/** Files come under any other content type; their route reads them itself, and nothing of them before. */
export function acceptFiles(http: FastifyInstance): void {
  http.addContentTypeParser('*', (request, _payload, done) => {
    if (request.routeOptions.config.policy?.file) done(null, undefined);
    else done(otherMedia(request));
  });
}

const otherMedia = ({ routeOptions }: FastifyRequest) => {
  const instead = routeOptions.config.policy?.file ? 'the file under its own type, such as application/pdf' : 'application/json';
  return malformed('BODY.MEDIA_TYPE', `The content type is not taken here; send ${instead}.`);
};

export function acceptJson(http: FastifyInstance): void {
  // What the framework takes besides, no route does.
  http.removeContentTypeParser('text/plain');
  http.addContentTypeParser(['application/json', 'application/merge-patch+json'], { parseAs: 'buffer' }, (request, body, done) => {
    if (request.routeOptions.config.policy?.file) return done(otherMedia(request));
    try {
      done(null, body.length === 0 ? undefined : parseJson(textOf(body as Buffer)));
    } catch (error) {
      done(error as Error);
    }
  });
}

function textOf(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw whole('BODY.MALFORMED', 'The body is not JSON: its bytes are not UTF-8.');
  return bytes.toString('utf8');
}
