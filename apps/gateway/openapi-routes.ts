import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ZodType } from 'zod';
import type { AggregateContract } from '#libs/contracts/message';
import { catalogue } from './catalogue.js';
import { asOwn } from './nested.js';
import { TOKEN_PATH } from './oauth-error.js';
import { POLICY, type Policy } from './policy.js';
import { type Resource, resources } from './resources.js';
import { ANSWERS, type Answers, CODES, FORMS, ORDERED, type Order, TAKES, UNTAGGED } from './returns.js';

/** What one may ask of a list. */
export type Listed = Pick<Resource, 'filters' | 'sorts' | 'words' | 'periodic'> & { unlessAsked?: string };

/** A route as its decorators tell it; everything in the documents follows from this. */
export interface Route {
  /** `PartnershipsController.list`: what the scanner calls it. */
  handler: string;
  method: string;
  /** `/v1/partnerships/{id}` */
  path: string;
  operationId: string;
  summary: string;
  policy: Policy;
  answers: Answers;
  /** It is read by an ETag. */
  tagged: boolean;
  /** Codes of problems that are its own. */
  codes: string[];
  body: boolean;
  /** The resource whose list this is, if it takes the parameters of lists. */
  list: Listed | null;
  /** It takes a body, but does without. */
  bodyOptional: boolean;
  /** Media types of files that are answered, or taken, beside JSON. */
  forms: string[];
  takes: string[];
  /** Type of the command a write sends, by the rule of the paths. */
  command: string | null;
}

/** The one route that speaks OAuth: it is asked by a form, and refuses in the words of RFC 6749. */
export const isToken = ({ path }: Pick<Route, 'path'>) => path === TOKEN_PATH;

export function routesOf(app: NestFastifyApplication): Route[] {
  const scanner = new MetadataScanner();
  const controllers = [...app.get(ModulesContainer, { strict: false }).values()].flatMap((module) => [...module.controllers.values()]);
  return controllers.flatMap(({ metatype }) => {
    const controller = metatype as Type;
    return scanner.getAllMethodNames(controller.prototype).flatMap((name) => routeOf(controller, name) ?? []);
  });
}

function routeOf(controller: Type, name: string): Route | null {
  const handler = controller.prototype[name] as () => unknown;
  const verb = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
  const policy = Reflect.getMetadata(POLICY, handler) as Policy | undefined;
  const answers = Reflect.getMetadata(ANSWERS, handler) as Answers | undefined;
  if (verb === undefined) return null;
  if (!policy || !answers) throw new Error(`${controller.name}.${name} says not who may call it, or not what it answers.`);
  const method = RequestMethod[verb]!.toLowerCase();
  const path = pathOf(Reflect.getMetadata(PATH_METADATA, controller), Reflect.getMetadata(PATH_METADATA, handler));
  const takes = argumentsOf(controller, name);
  const ordered = Reflect.getMetadata(ORDERED, handler) as Order | undefined;
  const list = answers.item && takes(RouteParamtypes.QUERY) ? listed(answers, policy, ordered) : null;
  const names = fixedNames[`${method} ${path}`] ?? namesOf(method, path, answers);
  return {
    handler: `${controller.name}.${name}`,
    method,
    path,
    ...names,
    policy,
    answers,
    tagged: method === 'get' && !Reflect.getMetadata(UNTAGGED, handler),
    codes: (Reflect.getMetadata(CODES, handler) as string[] | undefined) ?? [],
    body: takes(RouteParamtypes.BODY),
    list,
    bodyOptional: doesWithoutBody(controller, name),
    forms: (Reflect.getMetadata(FORMS, handler) as string[] | undefined) ?? [],
    takes: (Reflect.getMetadata(TAKES, handler) as string[] | undefined) ?? [],
    command: commandOf(method, path),
  };
}

const pathOf = (...parts: string[]) =>
  `/${parts
    .flatMap((part) => part.split('/'))
    .filter(Boolean)
    .join('/')
    .replaceAll(/:(\w+)/g, '{$1}')}`;

function argumentsOf(controller: Type, name: string): (kind: RouteParamtypes) => boolean {
  const found = Object.keys(Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {});
  return (kind) => found.some((key) => key.startsWith(`${kind}:`));
}

/** What its body is checked by is content with none. */
function doesWithoutBody(controller: Type, name: string): boolean {
  const found = Object.entries(Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as [string, { schema?: ZodType }][];
  return found.some(([key, { schema }]) => key.startsWith(`${RouteParamtypes.BODY}:`) && schema?.safeParse(undefined).success);
}

const listed = ({ item }: Answers, { resource }: Policy, ordered?: Order): Listed | null =>
  ordered
    ? { filters: {}, sorts: { [ordered.key]: ordered.key }, unlessAsked: ordered.unlessAsked }
    : (Object.values(resources).find(({ contract }) => contract.view === item) ?? resources[resource] ?? null);

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const camel = (text: string) => text.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const pascal = (text: string) => capital(camel(text));
const words = (text: string) => text.replaceAll('-', ' ');
const singular = (plural: string) => plural.replace(/ies$/, 'y').replace(/s$/, '');
const article = (noun: string) => `${/^[aeio]/.test(noun) ? 'an' : 'a'} ${noun}`;
const isId = (part: string) => part.startsWith('{');

const verbs: Record<string, [id: string, says: string]> = {
  get: ['get', 'Read'],
  post: ['create', 'Create'],
  patch: ['update', 'Change'],
  put: ['put', 'Put'],
  delete: ['delete', 'Delete'],
};

interface Names {
  operationId: string;
  summary: string;
}

/** Of paths that are made otherwise than all others. */
const fixedNames: Record<string, Names | undefined> = {
  [`post ${TOKEN_PATH}`]: { operationId: 'createToken', summary: 'Ask for an access token' },
  'get /v1/events/{id}.ics': { operationId: 'getEventCalendar', summary: 'Read an event as iCalendar' },
  'get /v1/calendars/{id}.ics': { operationId: 'getPartnershipCalendar', summary: 'Read the events of a partnership as iCalendar' },
  'post /v1/events/{id}/check-ins': { operationId: 'checkInAtEvent', summary: 'Note that somebody has come to an event' },
  'post /v1/events/{id}/announcements': { operationId: 'announceToRegistrants', summary: 'Tell those who are registered for an event' },
  'put /v1/events/{id}/feedback': { operationId: 'askEventFeedback', summary: 'Say what is asked after an event' },
  'post /v1/events/{id}/feedback': { operationId: 'answerEventFeedback', summary: 'Answer what is asked after an event' },
  'post /v1/links/{token}': { operationId: 'answerLink', summary: 'Answer by a link of a mail' },
  'get /v1/me/calendar.ics': { operationId: 'getMyCalendar', summary: 'Read one’s own events as iCalendar' },
};

/** Stable names, made from the path: `listPartnerships`, `getPartnership`, `pauseSubscription`, `listSubscriptionDeliveries`. */
export function namesOf(method: string, path: string, answers: Pick<Answers, 'item' | 'write'>): Names {
  const own = asOwn(path);
  const names = ownNames(method, own.path, answers);
  // What is read below another can also be read by itself.
  return own.isNested && method === 'get' ? { ...names, operationId: names.operationId.replace(/^(list|get)/, '$1Event') } : names;
}

function ownNames(method: string, path: string, { item, write }: Pick<Answers, 'item' | 'write'>): Names {
  const [resource = '', ...rest] = path.split('/').slice(2);
  const one = singular(resource);
  const part = rest.filter((each) => !isId(each)).join('-');
  const [verb, says] = item && method === 'get' ? ['list', 'List'] : verbs[method]!;
  if (rest.length === 0 && method === 'get') return { operationId: verb + pascal(resource), summary: `${says} ${words(resource)}` };
  if (part === 'by-external-id')
    return { operationId: `${verb}${pascal(one)}ByExternalId`, summary: `${says} ${article(words(one))} by its outside id` };
  if (part === 'batch') return { operationId: `batch${pascal(resource)}`, summary: `Write many ${words(resource)} at once` };
  if (!part) return { operationId: verb + pascal(one), summary: `${says} ${article(words(one))}` };
  if (write && method === 'post')
    return { operationId: camel(`${part}-${one}`), summary: `${capital(words(part))} ${article(words(one))}` };
  return { operationId: verb + pascal(`${one}-${part}`), summary: `${says} the ${words(part)} of ${article(words(one))}` };
}

/** Where several commands create, the plain POST is one of these. */
const PLAIN = ['register', 'subscribe'];

function creatingOf({ name, commands }: AggregateContract): string | null {
  const creating = commands.flatMap(({ creates, type }) => (creates === 'NEW' ? [type] : []));
  return (creating.length > 1 ? creating.find((type) => PLAIN.some((verb) => type === `${name}.${verb}.v1`)) : null) ?? creating[0] ?? null;
}

/** api.md's rule of paths, read backwards: a creating POST, a command by its name, a merge patch as `change`. */
function commandOf(method: string, path: string): string | null {
  const [resource = '', id, ...verb] = asOwn(path).path.split('/').slice(2);
  const contract = resources[resource]?.contract;
  if (!contract || method === 'get') return null;
  if (method === 'patch') return `${contract.name}.change.v1`;
  if (method === 'put') return `${contract.name}.put.v1`;
  if (method === 'delete') return `${contract.name}.${verb[0] === 'attachments' ? 'detach' : 'remove'}.v1`;
  if (!id) return creatingOf(contract);
  // `/{id}/profile/publish`, or `/invite` where there is no record yet.
  const type = `${contract.name}.${(isId(id) ? verb : [id]).join('-')}.v1`;
  return catalogue.commands.has(type) ? type : null;
}
