import { kebab, machine } from '#libs/domain/machine';
import { commandType } from './actions.js';
import { catalogue } from './catalogue.js';
import { kindOf, type ProblemName } from './problem.js';

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
  'LINK.HOLDS': code('wrongState', 'The link of a mail was answered already, or what it was about is not so any more.'),
  'FEED.RESYNC': code('resync', 'What follows the cursor has left the feed.'),
  'STREAM.TOO_MANY': code('tooMany', 'The caller listens by as many streams as one may.'),
  'RATE.EXCEEDED': code('tooMany', 'The client has asked too often.'),
  'COMMAND.FAILED': code('failed', 'The service could not carry the command out because of a fault of its own.'),
  'INTERNAL.FAILED': code('failed', 'The gateway failed because of a fault of its own.'),
  'SERVICE.UNAVAILABLE': code('unavailable', 'The service, the broker or the database does not answer now.'),
};

const declared: [string, StableCode][] = catalogue.aggregates.flatMap(({ refusals }) =>
  refusals.map(({ code: name, kind, means, commands }): [string, StableCode] => [name, code(kindOf[kind], means, ...commands)]),
);

const constant = (name: string) => kebab(name).replaceAll('-', '_').toUpperCase();

/** Each command by a machine has two rules: that the state allows it, and that it is for who asks. */
const ofMachines = catalogue.aggregates.flatMap((contract) =>
  contract.machines.flatMap(({ machine: name, under }) =>
    machine(name)
      .commands()
      .flatMap((command): [string, StableCode][] => {
        const about = `${name}.${constant(command)}`;
        const type = commandType(contract, under, kebab(command));
        if (!catalogue.commands.has(type)) return [];
        return [
          [`${about}.STATE`, code('wrongState', `\`${command}\` is not possible from the state it is in.`, type)],
          [`${about}.ACTOR`, code('notYours', `\`${command}\` is for others to do.`, type)],
        ];
      }),
  ),
);

/** A rule may refuse commands of several aggregates. */
function together(all: readonly [string, StableCode][]): [string, StableCode][] {
  return [...Map.groupBy(all, ([name]) => name)].map(([name, entries]) => {
    const [[, first]] = entries as [[string, StableCode]];
    return [name, { ...first, commands: [...new Set(entries.flatMap(([, { commands }]) => commands))] }];
  });
}

/** Every code a problem may bear, in the order of the alphabet. */
export const codes: ReadonlyMap<string, StableCode> = new Map(
  together([...ofMachines, ...Object.entries(gateway), ...declared]).sort(([a], [b]) => (a < b ? -1 : 1)),
);

/** The rules that may refuse a command. */
export const codesOf = (command: string): string[] =>
  [...codes].flatMap(([name, { commands }]) => (commands.includes(command) ? [name] : []));
