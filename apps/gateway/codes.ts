import { keptMessages } from '#libs/contracts/kept-message';
import { kebab } from '#libs/domain/machine';
import { machines } from '#libs/reference/machines';
import { catalogue } from './catalogue.js';
import type { ProblemName } from './problem.js';

/** A code never changes its meaning; programs may rely on it, people read what it means on the page of its problem. */
export interface StableCode {
  problem: ProblemName;
  means: string;
  /** The commands it refuses; none: any request it applies to. */
  commands: readonly string[];
}

const code = (problem: ProblemName, means: string, ...commands: string[]): StableCode => ({ problem, means, commands });

const gateway: Record<string, StableCode> = {
  'AUTH.REQUIRED': code('unauthenticated', 'The request carries no key or token.'),
  'AUTH.UNKNOWN': code('unauthenticated', 'The key or token is not known, has expired or was revoked.'),
  'AUTH.ISSUER_AWAY': code('unavailable', 'The issuer of the token does not answer, so the token cannot be verified now.'),
  'AUTH.SCOPE': code('notYours', 'The key lacks the scope; `scope` names it.'),
  'AUTH.ROLE': code('notYours', 'Only the platform administrator may do this.'),
  'ROUTE.CLOSED': code('notYours', 'The route is open to nobody.'),
  'ROUTE.ABSENT': code('absent', 'There is no such path or method.'),
  'RESOURCE.ABSENT': code('absent', 'There is no such record, or none that you may see.'),
  'REQUEST.MALFORMED': code('malformed', 'The request breaks HTTP itself.'),
  'BODY.MALFORMED': code('malformed', 'The body is not JSON.'),
  'BODY.MEDIA_TYPE': code('malformed', 'The content type is not taken.'),
  'PATH.EXTERNAL_ID': code('malformed', 'The path holds no outside id.'),
  'BODY.SHAPE': code('malformed', 'The body has not the shape of the contract; `errors` says where.'),
  'BODY.TOO_DEEP': code('malformed', 'The body nests too deeply.'),
  'BODY.UNKNOWN_FIELD': code('malformed', 'The body holds a field that is never taken.'),
  'BODY.TOO_LARGE': code('tooLarge', 'The body is larger than the route takes.'),
  'HEADER.IDEMPOTENCY_KEY': code('malformed', 'The Idempotency-Key is empty, too long or unprintable.'),
  'HEADER.IF_MATCH': code('malformed', 'If-Match holds no ETag of this resource.'),
  'HEADER.IF_MATCH_REQUIRED': code('preconditionRequired', 'The change does not say which version it was made from.'),
  'QUERY.MALFORMED': code('malformed', 'A query parameter has not its form.'),
  'QUERY.SORT': code('malformed', 'The list cannot be sorted so.'),
  'QUERY.CURSOR': code('malformed', 'The cursor belongs to another list or filter.'),
  'QUERY.UNKNOWN_PARAMETER': code('malformed', 'The list knows no such parameter.'),
  'IDEMPOTENCY.IN_PROGRESS': code('beingAnswered', 'The first request with this Idempotency-Key is still being answered.'),
  'IDEMPOTENCY.OTHER_BODY': code('refused', 'This Idempotency-Key was used with another body.'),
  'RESOURCE.OUTDATED': code('outdated', 'The record has changed since it was read; `currentVersion` tells its version.'),
  'RESOURCE.THERE': code('wrongState', 'What is to be created is there already.'),
  'RESOURCE.NOT_UNIQUE': code('refused', 'A value that must be unique is taken.'),
  'FEED.RESYNC': code('resync', 'What follows the cursor has left the feed.'),
  'STREAM.TOO_MANY': code('tooMany', 'The caller listens by as many streams as one may.'),
  'RATE.EXCEEDED': code('tooMany', 'The client has asked too often.'),
  'COMMAND.FAILED': code('failed', 'The service could not carry the command out because of a fault of its own.'),
  'INTERNAL.FAILED': code('failed', 'The gateway failed because of a fault of its own.'),
  'SERVICE.UNAVAILABLE': code('unavailable', 'The service or the broker does not answer now.'),
};

const START_IMPORT = 'import.start.v1';
const REGISTER_PARTNERSHIP = 'partnership.register.v1';
const PUT_PARTNERSHIP = 'partnership.put.v1';
const CHANGE_PARTNERSHIP = 'partnership.change.v1';
const WRITE_PARTNERSHIP = [REGISTER_PARTNERSHIP, PUT_PARTNERSHIP, CHANGE_PARTNERSHIP];
const REGISTER_CLUSTER = 'cluster.register.v1';
const PUT_CLUSTER = 'cluster.put.v1';
const CHANGE_CLUSTER = 'cluster.change.v1';
const WRITE_CLUSTER = [REGISTER_CLUSTER, PUT_CLUSTER, CHANGE_CLUSTER];
const CHANGE_EVENT = 'event.change.v1';
const PLAN_EVENT = 'event.plan.v1';
const PUT_EVENT = 'event.put.v1';
const WRITE_EVENT = [PLAN_EVENT, PUT_EVENT, CHANGE_EVENT];
const SUBSCRIBE = 'subscription.subscribe.v1';
const ROTATE = 'subscription.rotate-secret.v1';

const ofKept = (verb: string) => Object.values(keptMessages).map(({ contract }) => `${contract.name}.${verb}.v1`);

/** Rules that stand in no machine. Those of commands the product sends itself are in nobody's answer, yet in its records. */
const rules: Record<string, StableCode> = {
  'API_KEY.TEST': code('refused', 'Test keys exist with embedded engines only.', 'api-key.issue.v1'),
  'API_KEY.ISSUE.ACTOR': code('notYours', 'Keys are given by the platform administrator.', 'api-key.issue.v1'),
  'API_KEY.ISSUE.ROLE': code('refused', 'A role is not one of roles.json.', 'api-key.issue.v1'),
  'API_KEY.ISSUE.SCOPE': code('refused', 'A scope is none, exceeds the roles, or what the own token may.', 'api-key.issue.v1'),
  'API_KEY.ISSUE.EXPIRY': code('refused', 'The key would be over before it is given.', 'api-key.issue.v1'),
  'API_KEY.REVOKE.ACTOR': code('notYours', 'A key is revoked by who made it or the platform.', 'api-key.revoke.v1'),
  'CLIENT.REGISTER.ACTOR': code('notYours', 'Clients are registered by the platform administrator.', 'client.register.v1'),
  'CLIENT.REGISTER.OWNER': code('refused', 'A client belongs to one partnership or one organisation.', 'client.register.v1'),
  'CLIENT.REGISTER.ROLE': code('refused', 'A role is not one of roles.json.', 'client.register.v1'),
  'CLIENT.REGISTER.SCOPE': code('refused', 'A scope is none, exceeds the roles, or what the own token may.', 'client.register.v1'),
  'CLIENT.CHANGE.ACTOR': code('notYours', 'What a client may do is changed by the platform administrator.', 'client.change.v1'),
  'CLIENT.CHANGE.ROLE': code('refused', 'A role is not one of roles.json.', 'client.change.v1'),
  'CLIENT.CHANGE.SCOPE': code('refused', 'A scope is none, exceeds the roles, or what the own token may.', 'client.change.v1'),
  'CLIENT.ROTATE_SECRET.ACTOR': code(
    'notYours',
    'The secret is rotated by those who run what the client belongs to.',
    'client.rotate-secret.v1',
  ),
  'CLIENT.ROTATE_SECRET.TURN': code('wrongState', 'The secret was rotated by somebody else meanwhile.', 'client.rotate-secret.v1'),
  'CLIENT.DISABLE.ACTOR': code('notYours', 'A client is disabled by those who run what it belongs to.', 'client.disable.v1'),
  'CLIENT.ENABLE.ACTOR': code('notYours', 'A client is enabled again by the platform administrator.', 'client.enable.v1'),
  'CLUSTER.REGISTER.ACTOR': code('notYours', 'A cluster is registered by the platform.', REGISTER_CLUSTER, PUT_CLUSTER),
  'CLUSTER.REGISTER.DISTINCT': code('refused', 'There is a cluster with this name in this country.', ...WRITE_CLUSTER),
  'CLUSTER.CHANGE.ACTOR': code('notYours', 'A cluster is changed by its manager.', CHANGE_CLUSTER, PUT_CLUSTER),
  'CLUSTER.CHANGE.STATE': code('wrongState', 'The cluster is closed.', CHANGE_CLUSTER, PUT_CLUSTER),
  'CLUSTER.CHANGE.PROFILE': code(
    'wrongState',
    'A profile in public or under review is not changed, but for outside ids.',
    CHANGE_CLUSTER,
    PUT_CLUSTER,
  ),
  'CLUSTER.PUT.NAMED': code('refused', 'The cluster is not there yet, and its name or country is not said.', PUT_CLUSTER),
  'CLUSTER.COUNTRIES.KNOWN': code('refused', 'The country is not one of ISO 3166-1.', ...WRITE_CLUSTER),
  'CLUSTER.CLASSIFICATIONS.KNOWN': code('refused', 'A classification is not in its vocabulary.', ...WRITE_CLUSTER),
  'CLUSTER.EXTERNAL_IDS.DISTINCT': code('refused', 'An outside id stands twice.', ...WRITE_CLUSTER),
  'CLUSTER.EXTERNAL_IDS.UNIQUE': code('refused', 'Another cluster has one of the outside ids.', ...WRITE_CLUSTER),
  'EVENT.CHANGE.ACTOR': code(
    'notYours',
    'An event is changed by its organiser or those who run one of its partnerships.',
    CHANGE_EVENT,
    PUT_EVENT,
  ),
  'EVENT.CHANGE.STATE': code('wrongState', 'What is over is not changed any more.', CHANGE_EVENT, PUT_EVENT),
  'EVENT.PLAN.ACTOR': code('notYours', 'An event is planned by those who run each of its partnerships.', PLAN_EVENT, PUT_EVENT),
  'EVENT.PUT.PARTNERSHIPS': code('refused', 'It is not said whose the new event is, or one that is there would change hands.', PUT_EVENT),
  'EVENT.TYPE.KNOWN': code('refused', 'The type is not one of event-types.', ...WRITE_EVENT),
  'EVENT.TARGET_GROUPS.KNOWN': code('refused', 'A target group is not one of target-groups.', ...WRITE_EVENT),
  'EVENT.WHEN.READABLE': code('refused', 'The date is not EDTF of level 0 or 1.', ...WRITE_EVENT),
  'EVENT.ZONE.KNOWN': code('refused', 'The time zone is not one of the IANA database.', ...WRITE_EVENT),
  'EVENT.COUNTRY.KNOWN': code('refused', 'The country is not one of ISO 3166-1.', ...WRITE_EVENT),
  'EVENT.EXTERNAL_IDS.DISTINCT': code('refused', 'An outside id stands twice.', ...WRITE_EVENT),
  'EVENT.EXTERNAL_IDS.UNIQUE': code('refused', 'Another event has one of the outside ids.', ...WRITE_EVENT),
  'IMPORT.START.ACTOR': code('notYours', 'Imports are for the platform and the coordinator of the very partnership.', START_IMPORT),
  'IMPORT.START.FILE': code('refused', 'The file cannot be read.', START_IMPORT),
  'IMPORT.START.SIZE': code('refused', 'A record of the file is too large to be told.', START_IMPORT),
  'IMPORT.RECORD.FAILED': code('refused', 'The partnership could not be recorded; nothing else was.', START_IMPORT),
  'IMPORT.NOTE_STEP.ACTOR': code('notYours', 'The steps of an import answer to it alone.', 'import.note-step.v1'),
  'PARTNERSHIP_FILE.CODES': code('refused', 'The file holds a code that no vocabulary has.', START_IMPORT),
  'PARTNERSHIP_FILE.CLASSIFICATIONS': code('refused', 'The file holds a classification that is not known.', START_IMPORT),
  'PARTNERSHIP_FILE.CALL': code('refused', 'Call or strand do not belong to the programme.', START_IMPORT),
  'PARTNERSHIP_FILE.DATES': code('refused', 'A date is not EDTF of level 0 or 1.', START_IMPORT),
  'PARTNERSHIP_FILE.ONCE': code('refused', 'A number or name stands twice.', START_IMPORT),
  'PARTNERSHIP_FILE.NAMES': code('refused', 'A cluster is named that is not in the composition.', START_IMPORT),
  'PARTNERSHIP_FILE.TOTALS': code('refused', 'Never refuses: totals that do not add up are told as findings.'),
  'PARTNERSHIP_FILE.FIGURES': code('refused', 'Never refuses: figures stated twice are told as findings.'),
  'PARTNERSHIP.SLUG.UNIQUE': code('refused', 'Another partnership has the address.', START_IMPORT, ...WRITE_PARTNERSHIP),
  'PARTNERSHIP.REGISTER.ACTOR': code('notYours', 'A partnership is registered by the platform.', REGISTER_PARTNERSHIP, PUT_PARTNERSHIP),
  'PARTNERSHIP.PROGRAMME.KNOWN': code(
    'refused',
    'The programme is not one of partnership-programmes.',
    REGISTER_PARTNERSHIP,
    PUT_PARTNERSHIP,
  ),
  'PARTNERSHIP.CHANGE.ACTOR': code('notYours', 'A partnership is changed by those who run it.', CHANGE_PARTNERSHIP, PUT_PARTNERSHIP),
  'PARTNERSHIP.CHANGE.STATE': code('wrongState', 'The partnership is over.', CHANGE_PARTNERSHIP, PUT_PARTNERSHIP),
  'PARTNERSHIP.CHANGE.PROFILE': code(
    'wrongState',
    'A profile in public or under review is not changed, but for outside ids.',
    CHANGE_PARTNERSHIP,
    PUT_PARTNERSHIP,
  ),
  'PARTNERSHIP.PUT.COMPLETE': code(
    'refused',
    'A new partnership needs acronym, name and programme; one that is there stays in its programme.',
    PUT_PARTNERSHIP,
  ),
  'PARTNERSHIP.START.READABLE': code('refused', 'The start is not EDTF of level 0 or 1.', ...WRITE_PARTNERSHIP),
  'PARTNERSHIP.COUNTRIES.KNOWN': code('refused', 'A country is not one of ISO 3166-1.', ...WRITE_PARTNERSHIP),
  'PARTNERSHIP.CLASSIFICATIONS.KNOWN': code('refused', 'A classification is not in its vocabulary.', ...WRITE_PARTNERSHIP),
  'PARTNERSHIP.EXTERNAL_IDS.DISTINCT': code('refused', 'An outside id stands twice.', ...WRITE_PARTNERSHIP),
  'PARTNERSHIP.EXTERNAL_IDS.UNIQUE': code('refused', 'Another partnership has one of the outside ids.', ...WRITE_PARTNERSHIP),
  'PARTNERSHIP.COMPLETE_IMPORT.ACTOR': code('notYours', 'An import completes itself.', 'partnership.complete-import.v1'),
  'DELIVERY.ACTOR': code('notYours', 'Deliveries are made by the product itself.', 'delivery.queue.v1'),
  'SUBSCRIPTION.CHANNEL': code('refused', 'Facts are not delivered by this channel.', SUBSCRIBE),
  'SUBSCRIPTION.EVENT_TYPES': code('refused', 'An event type is not in the catalogue: it would never be told.', SUBSCRIBE),
  'SUBSCRIPTION.TARGET': code('refused', 'The URL is missing, or leads where deliveries may not go.', SUBSCRIBE),
  'SUBSCRIPTION.ADDRESS': code('refused', 'Mail needs an address, and nothing else takes one.', SUBSCRIBE),
  'SUBSCRIPTION.DIGEST': code('refused', 'A webhook takes no digest.', SUBSCRIBE),
  'SUBSCRIPTION.SECRET': code('refused', 'The secret is not sound.', SUBSCRIBE, ROTATE),
  'SUBSCRIPTION.ENABLE.TEST': code('refused', 'The endpoint did not acknowledge the test delivery.', 'subscription.enable.v1'),
  'SUBSCRIPTION.NOTE_TEST.ACTOR': code('notYours', 'Only the product itself tests.', 'subscription.note-test.v1'),
  'SUBSCRIPTION.ROTATE_SECRET.STATE': code('wrongState', 'A subscription that is over has no secret to rotate.', ROTATE),
  'SUBSCRIPTION.ROTATE_SECRET.ACTOR': code('notYours', 'The secret is for the owner to rotate.', ROTATE),
  'KEPT_MESSAGE.KEEP.ACTOR': code('notYours', 'What was kept is told by the service that keeps it.', ...ofKept('keep')),
  'KEPT_MESSAGE.NOTE.ACTOR': code(
    'notYours',
    'What came of a replay is told by the service.',
    ...ofKept('note-answer'),
    ...ofKept('note-replayed'),
  ),
  'KEPT_MESSAGE.REPLAY.ACTOR': code('notYours', 'Messages are replayed by the platform administrator.', ...ofKept('replay')),
  'KEPT_MESSAGE.REPLAY.STATE': code('wrongState', 'It is being replayed, or is not kept any more.', ...ofKept('replay')),
  'KEPT_MESSAGE.REPLAY.ORDER': code('wrongState', 'What came before it of its key waits too, and is replayed first.', ...ofKept('replay')),
  'KEPT_MESSAGE.DISCARD.ACTOR': code('notYours', 'Messages are discarded by the platform administrator.', ...ofKept('discard')),
  'KEPT_MESSAGE.DISCARD.STATE': code('wrongState', 'It is being replayed, or is not kept any more.', ...ofKept('discard')),
  'KEPT_MESSAGE.DISCARD.ORDER': code(
    'wrongState',
    'What came before it of its key waits too, and is looked at first.',
    ...ofKept('discard'),
  ),
  'REPORT.REQUEST.ACTOR': code('notYours', 'Reports are made for who is known.', 'report.request.v1'),
};

const constant = (name: string) => kebab(name).replaceAll('-', '_').toUpperCase();

/** Each command by a machine has two rules: that the state allows it, and that it is for who asks. */
const ofMachines = machines.flatMap(({ code: machine, transitions }) =>
  [...new Set(transitions.map(({ command }) => command))].flatMap((command): [string, StableCode][] => {
    const about = `${machine}.${constant(command)}`;
    const type = `${machine.toLowerCase().replaceAll('_', '-')}.${kebab(command)}.v1`;
    if (!catalogue.commands.has(type)) return [];
    return [
      [`${about}.STATE`, code('wrongState', `\`${command}\` is not possible from the state it is in.`, type)],
      [`${about}.ACTOR`, code('notYours', `\`${command}\` is for others to do.`, type)],
    ];
  }),
);

/** Every code a problem may bear, in the order of the alphabet. */
export const codes: ReadonlyMap<string, StableCode> = new Map(
  Object.entries({ ...Object.fromEntries(ofMachines), ...gateway, ...rules }).sort(([a], [b]) => (a < b ? -1 : 1)),
);

/** The rules that may refuse a command. */
export const codesOf = (command: string): string[] =>
  [...codes].flatMap(([name, { commands }]) => (commands.includes(command) ? [name] : []));
