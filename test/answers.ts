import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import request, { type Test } from 'supertest';
import type { Body } from './running-house.js';

/** An answer as it came over HTTP, with what was asked. */
export interface Answer {
  method: string;
  /** With its query. */
  path: string;
  status: number;
  headers: Record<string, unknown>;
  text: string;
  /** What `text` holds when it is JSON. */
  body?: unknown;
}

interface Template {
  pattern: RegExp;
  /** How much of it is written out: of two that fit, that which says more is meant. */
  letters: number;
  pointer: string;
}

const SHOWN = 5;

/** An OpenAPI document as what it promises of each answer; each schema is compiled when it is first needed. */
export class Promised {
  private readonly ajv: Ajv2020;
  private readonly templates: Template[];

  constructor(private readonly document: Body) {
    this.ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
    formats.default(this.ajv);
    this.ajv.addSchema(document, 'api');
    this.templates = Object.keys(document.paths)
      .map((path) => ({ pattern: patternOf(path), letters: path.replaceAll(/\{\w+\}/g, '').length, pointer: pointerTo('paths', path) }))
      .sort((a, b) => b.letters - a.letters);
  }

  /** What of an answer is not as the document says, each in a sentence. */
  broken(answer: Answer): string[] {
    const [path = ''] = answer.path.split('?', 1);
    if (!path.startsWith('/v1/')) return [];
    const meant = this.templates
      .filter(({ pattern }) => pattern.test(path))
      .map(({ pointer }) => `${pointer}/${answer.method.toLowerCase()}`);
    const operation = meant.find((pointer) => this.at(pointer));
    if (!operation) return this.outside(answer);
    const documented = this.resolved(`${operation}/responses/${answer.status}`);
    if (!documented) return [`the status ${answer.status} is not documented`];
    return [...this.headers(documented, answer), ...this.content(documented, answer)];
  }

  /** What is no operation is refused, as a problem like all others. */
  private outside(answer: Answer): string[] {
    if (answer.status < 400) return ['the operation is not documented'];
    const type = typeOf(answer);
    if (type !== 'application/problem+json') return [`the operation is not documented, and is refused as ${type || 'nothing'}`];
    return this.shape('/components/schemas/Problem', answer);
  }

  private headers(documented: string, { headers }: Answer): string[] {
    const names = Object.keys(this.at(documented).headers ?? {});
    const required = names.filter((name) => this.at(this.resolved(`${documented}${pointerTo('headers', name)}`)!).required);
    return required.filter((name) => headers[name.toLowerCase()] === undefined).map((name) => `the header ${name} is missing`);
  }

  private content(documented: string, answer: Answer): string[] {
    const types = Object.keys(this.at(documented).content ?? {});
    const type = typeOf(answer);
    if (types.length === 0) return answer.text === '' ? [] : ['there is a body, and none is documented'];
    if (!types.includes(type)) return [`the content type ${type || 'that is none'} is not documented: ${types.join(', ')}`];
    return isJson(type) ? this.shape(`${documented}${pointerTo('content', type)}/schema`, answer) : [];
  }

  private shape(pointer: string, { text, body }: Answer): string[] {
    if (text === '') return ['there is no body'];
    const validate = this.ajv.getSchema(`api#${pointer}`);
    if (!validate) throw new Error(`There is no schema at ${pointer}.`);
    if (validate(body)) return [];
    const found = (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath || 'the body'} ${message} ${JSON.stringify(params)}`,
    );
    return found.length > SHOWN ? [...found.slice(0, SHOWN), `and ${found.length - SHOWN} more`] : found;
  }

  /** What stands at a pointer, or at the one it refers to. */
  private resolved(pointer: string): string | null {
    const found = this.at(pointer);
    if (found === undefined) return null;
    return typeof found.$ref === 'string' ? this.resolved(found.$ref.slice(1)) : pointer;
  }

  private at(pointer: string): Body {
    return pointer
      .slice(1)
      .split('/')
      .reduce((node: Body, part) => node?.[decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')], this.document);
  }
}

const pointerTo = (...names: string[]) =>
  names.map((name) => `/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');
const patternOf = (path: string) => new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
const typeOf = ({ headers }: Answer) =>
  String(headers['content-type'] ?? '')
    .split(';', 1)[0]!
    .trim()
    .toLowerCase();
export const isJson = (type = '') => /^application\/(\w+\+)?json\b/.test(type);

let promised: Promised | null = null;

/** Throws unless the answer is as `openapi.json` says of its operation. */
export function demandPromised(answer: Answer): void {
  promised ??= new Promised(JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url), 'utf8')));
  const broken = promised.broken(answer);
  if (broken.length === 0) return;
  const said = answer.text.slice(0, 500);
  throw new Error(
    `${answer.method} ${answer.path} was answered ${answer.status}, not as openapi.json says:\n- ${broken.join('\n- ')}\n${said}`,
  );
}

/** Agents whose every request fails unless its answer is as promised. */
export function agentOf(address: string, token?: string) {
  const agent = request.agent(address).use((asked: Test) => {
    const { method, url } = asked as unknown as { method: string; url: string };
    asked.expect(({ status, headers, text = '', body }) =>
      demandPromised({ method, path: url.slice(address.length), status, headers, text, body }),
    );
  });
  return token ? agent.set('authorization', `Bearer ${token}`) : agent;
}

/** The same for what `fetch` brings. */
export async function promisedFetch(input: Request): Promise<globalThis.Response> {
  const response = await fetch(input);
  const { pathname, search } = new URL(input.url);
  const headers = Object.fromEntries(response.headers);
  const text = await response.clone().text();
  const body = isJson(headers['content-type']) && text !== '' ? JSON.parse(text) : undefined;
  demandPromised({ method: input.method, path: pathname + search, status: response.status, headers, text, body });
  return response;
}
