import { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import type { AgreementView } from '#libs/contracts/agreement';
import type { AgreementParty } from '#libs/contracts/agreement-details';
import type { DocumentView } from '#libs/contracts/document';
import type { AggregateContract, CommandContract, Moved } from '#libs/contracts/message';
import { relationsIn } from '#libs/domain/agreement-parties';
import { mandatoryBlank } from '#libs/domain/completeness';
import { pointer } from '#libs/domain/json-pointer';
import { type Machine, machine } from '#libs/domain/machine';
import { counterpartyIn } from '#libs/domain/membership-sides';
import { type Belongs, rolesTowards } from '#libs/domain/standing';
import type { Verdict } from '#libs/domain/verdict';
import { evaluate, failed, rule } from '#libs/domain/verdict';
import { mayActFor } from '#libs/reference/roles';
import { catalogue } from './catalogue.js';
import { resources, type View, valueAt } from './resources.js';

interface Acting {
  belongs(view: View): Belongs;
  /** Actors of the machines that follow from the record, such as its owner. */
  relations(view: View, by: Actor, roles: readonly string[]): string[];
  /** Fields that are to be filled in before a command is possible: dotted paths. */
  needs?: Record<string, (view: View) => string[]>;
}

const ids = (...values: unknown[]) => values.flat().filter((id): id is string => typeof id === 'string');
const actingFor = (relation: string) => (_: View, __: Actor, roles: readonly string[]) =>
  roles.some((role) => mayActFor(role, relation)) ? [relation] : [];
const owned = (view: View, by: Actor) => (view.owner === by.id ? ['OWNER'] : []);

const isOwn = ({ owner, accounts }: View, by: Actor) => ids(owner, accounts).includes(by.id);
/** Of the version that commands act on. */
const partiesActing = ({ versions, open, inForce }: View): AgreementParty[] =>
  (versions as AgreementView['versions'] | undefined)?.find(({ no }) => no === (open ?? inForce))?.parties ?? [];

interface Side {
  organisation: string;
  account: string | null;
}

/** Which side of a meeting somebody stands for: as the person, or for their organisation. */
function sidesOf({ requester, guest }: View, by: Actor): string[] {
  const sides = { MEETING_REQUESTER: requester as Side | undefined, MEETING_GUEST: guest as Side | undefined };
  return Object.entries(sides).flatMap(([party, side]) => {
    const own = rolesTowards(by, { ORGANISATION: ids(side?.organisation) });
    return side?.account === by.id || own.some((role) => mayActFor(role, party)) ? [party] : [];
  });
}

/** Who stands how towards a resource that machines move. */
export const acting: Record<string, Acting> = {
  partnerships: {
    belongs: ({ id }) => ({ PARTNERSHIP: [id] }),
    relations: actingFor('OWNER'),
    needs: {
      'PARTNERSHIP.startPreparation': () => ['start', 'durationMonths'],
      'PROFILE.submitForReview': (view) => mandatoryBlank('PARTNERSHIP', view),
    },
  },
  clusters: {
    belongs: ({ id, formerIds, partnerships }) => ({ CLUSTER: ids(id, formerIds), PARTNERSHIP: ids(partnerships) }),
    // Who coordinates a partnership it belongs to reviews its profile, and owns none of it.
    relations: (view, by) => actingFor('OWNER')(view, by, rolesTowards(by, { CLUSTER: ids(view.id, view.formerIds) })),
    needs: {
      'PROFILE.submitForReview': (view) => mandatoryBlank('CLUSTER', view),
      'CLUSTER.validate': ({ waiver }) => (waiver ? [] : ['website', 'websiteLanguages', 'fte', 'memberTypes', 'totals.members']),
    },
  },
  memberships: {
    belongs: ({ partnership, cluster, organisation }) => ({
      PARTNERSHIP: ids(partnership),
      CLUSTER: ids(cluster),
      ORGANISATION: ids(organisation),
    }),
    relations: ({ kind, state }, _, roles) => counterpartyIn(String(kind), String(state), roles),
  },
  agreements: {
    belongs: ({ partnership }) => ({ PARTNERSHIP: ids(partnership) }),
    relations: (view, by) => relationsIn(partiesActing(view), by),
    needs: { 'AGREEMENT.draft': () => ['parties'] },
  },
  documents: {
    belongs: ({ partnership, cluster }) => ({ PARTNERSHIP: ids(partnership), CLUSTER: ids(cluster) }),
    relations: ({ versions, open, approved }, by) =>
      (versions as DocumentView['versions'] | undefined)?.find(({ no }) => no === (open ?? approved))?.authors.includes(by.id)
        ? ['AUTHOR']
        : [],
  },
  events: {
    belongs: ({ id, partnerships }) => ({ EVENT: [id], PARTNERSHIP: ids(partnerships) }),
    relations: () => [],
    needs: {
      'EVENT.schedule': ({ mode }) => ['type', 'start', 'end', 'zone', 'mode', ...(mode === 'ONLINE' ? [] : ['country', 'city'])],
      'EVENT.openRegistration': () => ['capacity', 'targetGroups', 'deadline', 'privacyNotice'],
    },
  },
  registrations: {
    belongs: ({ event, partnerships, organisation }) => ({
      EVENT: ids(event),
      PARTNERSHIP: ids(partnerships),
      ORGANISATION: ids(organisation),
    }),
    relations: (view, by, roles) => (isOwn(view, by) || roles.some((role) => mayActFor(role, 'REGISTRANT')) ? ['REGISTRANT'] : []),
  },
  policies: {
    belongs: ({ partnership }) => ({ PARTNERSHIP: ids(partnership) }),
    relations: () => [],
    needs: { 'POLICY.enact': () => ['validFrom', 'source', 'confidence'] },
  },
  meetings: {
    belongs: ({ event, partnerships, organisations }) => ({
      EVENT: ids(event),
      PARTNERSHIP: ids(partnerships),
      ORGANISATION: ids(organisations),
    }),
    relations: sidesOf,
  },
  subscriptions: { belongs: () => ({}), relations: owned },
  deliveries: { belongs: () => ({}), relations: owned },
};

export interface ActionField {
  name: string;
  required: boolean;
  description: string | null;
}

export interface RecordAction {
  command: string;
  machine: string;
  /** Path of the command below that of the resource or of the record. */
  path: string;
  allowed: boolean;
  verdicts: Verdict[];
  whoMay: string[];
  targets: string[];
  guards: string[];
  fields: ActionField[];
  requiredFields: string[];
  missing: string[];
}

/** Every command of a record but those only the product itself gives: what may come next, for whom, and why not. */
export function actionsOf(resource: string, view: View, by: Actor): RecordAction[] {
  const { belongs, relations } = acting[resource]!;
  const roles = rolesTowards(by, belongs(view));
  const all = [...roles, ...relations(view, by, roles)];
  return resources[resource]!.contract.machines.flatMap((moved) => ofMachine(resource, view, moved, all));
}

const ON_WHAT_STANDS = ['PROFILE.unpublish', 'PROFILE.republish', 'PROFILE.archive'];

function ofMachine(resource: string, view: View, moved: Moved, roles: string[]): RecordAction[] {
  const table = machine(moved.machine);
  const state = String(valueAt(view, moved.field));
  const creating = table.creating();
  // What is in public, or was, is withdrawn or comes back whatever is being written beside it.
  const [written, stands] = [state, String(view.draftOf ?? state)].map((each) => table.actions(each, { roles }));
  return written!.flatMap((inWork, place) => {
    const action = ON_WHAT_STANDS.includes(`${table.code}.${inWork.command}`) ? stands![place]! : inWork;
    if (action.systemOnly) return [];
    const { command, targets, guards, actors } = action;
    const missing = blank(view, acting[resource]!.needs?.[`${table.code}.${command}`]?.(view) ?? []);
    const verdicts = [...action.verdicts, ...evaluate(complete(table, action.path, missing))];
    const fields = creating.includes(command) ? [] : fieldsOf(resource, moved, action.path, action.input);
    return {
      command,
      machine: table.code,
      path: [...(creating.includes(command) ? [] : ['{id}']), ...(moved.under ? [moved.under] : []), action.path].join('/'),
      allowed: verdicts.every(({ outcome }) => outcome !== 'FAILED'),
      verdicts,
      whoMay: [...actors],
      targets: [...targets],
      guards: guards.filter((guard) => guard !== '-'),
      fields,
      requiredFields: fields.filter(({ required }) => required).map(({ name }) => name),
      missing,
    };
  });
}

const blank = (view: View, paths: readonly string[]): string[] =>
  paths.filter((path) => isBlank(valueAt(view, path))).map((path) => pointer(...path.split('.')));

const isBlank = (value: unknown) => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

function complete({ code }: Machine, path: string, missing: string[]) {
  if (missing.length === 0) return [];
  const what = `${code}.${path.replaceAll('-', '_').toUpperCase()}.COMPLETE`;
  return [rule(what, () => failed(`Still missing: ${missing.join(', ')}.`, { missing }))];
}

type Input = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What the command takes: as its contract says, or, where there is none yet, its table. */
function fieldsOf(resource: string, { under }: Moved, path: string, input: Input): ActionField[] {
  const contract = catalogue.commands.get(commandType(resources[resource]!.contract, under, path));
  if (contract) return fieldsOfContract(contract);
  return Object.entries(input).map(([name, what]) => ({ name, required: true, description: what ? [what].flat().join(', ') : null }));
}

/** The type of a machine's command: `cluster.profile-publish.v1`. */
export const commandType = ({ name }: AggregateContract, under: string | undefined, path: string): string =>
  `${name}.${under ? `${under}-` : ''}${path}.v1`;

function fieldsOfContract({ data }: CommandContract): ActionField[] {
  const { properties = {}, required = [] } = z.toJSONSchema(data, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).map(([name, about]) => ({
    name,
    required: required.includes(name),
    description: (typeof about === 'object' && about.description) || null,
  }));
}
