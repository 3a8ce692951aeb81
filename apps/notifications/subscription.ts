import type { z } from 'zod';
import type { Actor, BoundRole } from '#libs/contracts/actor';
import type { RefusalShape } from '#libs/contracts/message';
import type { NoteSubscriptionTest, RotateSubscriptionSecret, Subscribe, SubscriptionView } from '#libs/contracts/subscription';
import type { Stamp } from '#libs/contracts/values';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { kindOf, matchesType } from '#libs/domain/fact-names';
import { pointer } from '#libs/domain/json-pointer';
import { machine } from '#libs/domain/machine';
import { failed, judge, notApplicable, passed, Refusal, rule } from '#libs/domain/verdict';
import { type DeliveryPolicy, deliveryPolicy } from './policy.js';
import { delivered } from './retry.js';
import { type TargetPolicy, targetFault } from './target.js';

/** A secret of the webhook, sealed; `until` is set once another has taken its place. */
export interface SealedSecret {
  cipher: string;
  until: string | null;
}

/** What the owner was allowed when it subscribed. */
export interface Rights {
  owner: string;
  roles: BoundRole[];
  /** Those of before it was kept: all that the roles give. */
  scopes?: string[];
}

export interface Subscription extends Omit<SubscriptionView, keyof Stamp> {
  rights: Rights;
  secrets: SealedSecret[];
  /** The command that asked to enable it, while its test delivery is under way. */
  asked?: string | null;
}

/** What decisions on subscriptions have to know beside the command. */
export interface SubscriptionTerms {
  policy: DeliveryPolicy;
  target: TargetPolicy;
  /** Whether a sealed secret can be opened and is as long as it must be. */
  isSecret(cipher: string): boolean;
  /** Types of the facts there are. */
  factTypes: readonly string[];
}

type SubscribeData = z.output<(typeof Subscribe)['data']>;
type NoteTest = z.output<(typeof NoteSubscriptionTest)['data']>;
type RotateData = z.output<(typeof RotateSubscriptionSecret)['data']>;

const table = machine('SUBSCRIPTION');
const source = deliveryPolicy.source;

const channelIsServed = rule('SUBSCRIPTION.CHANNEL', ({ channel }: SubscribeData, { policy }: SubscriptionTerms) => {
  const channels: readonly string[] = policy.channels;
  const inputs = { channel, channels };
  return channels.includes(channel)
    ? passed(`Facts are delivered by ${channel}.`, inputs)
    : failed(`Facts are delivered by ${channels.join(', ')}, not by ${channel}.`, inputs, '/channel');
});

const typesAreTold = rule('SUBSCRIPTION.EVENT_TYPES', ({ eventTypes }: SubscribeData, { factTypes }: SubscriptionTerms) => {
  const faults = eventTypes.flatMap((pattern, place) =>
    factTypes.some((type) => matchesType(pattern, type))
      ? []
      : [{ pointer: `/eventTypes/${place}`, message: `${pattern} is no event type, and matches none.` }],
  );
  return faults.length === 0
    ? passed('Every event type is in the catalogue.')
    : failed('An event type is not in the catalogue: it would never be told.', { eventTypes }, faults);
});

const filterIsKnown = rule('SUBSCRIPTION.FILTER', ({ filter }: SubscribeData, { factTypes }: SubscriptionTerms) => {
  if (!filter) return notApplicable('Nothing is left out.');
  const kinds = [...new Set(factTypes.map((type) => kindOf({ type })))].sort();
  const unknown = Object.keys(filter).filter((key) => !kinds.includes(key));
  return unknown.length === 0
    ? passed('Facts are told by what the filter names.', { filter })
    : failed(
        `A filter names ${kinds.join(', ')}: by anything else nothing would ever be told.`,
        { filter, kinds },
        unknown.map((key) => ({ pointer: pointer('filter', key), message: 'no fact has to do with this' })),
      );
});

const targetIsAllowed = rule(
  'SUBSCRIPTION.TARGET',
  ({ channel, url }: SubscribeData, { target }: SubscriptionTerms) => {
    if (channel !== 'WEBHOOK') return url ? failed('Only a webhook has a URL.', {}, '/url') : notApplicable('Only a webhook has a URL.');
    const fault = url ? targetFault(url, target) : 'A webhook needs a URL.';
    return fault ? failed(fault, {}, '/url') : passed('The target may be reached; its address is checked at each connection.');
  },
  { source },
);

const addressIsForMail = rule('SUBSCRIPTION.ADDRESS', ({ channel, address }: SubscribeData, _terms: SubscriptionTerms) => {
  if (channel === 'EMAIL') return address ? true : failed('Mail needs an address.', {}, '/address');
  return address ? failed('Only mail has an address.', {}, '/address') : notApplicable('Only mail has an address.');
});

const digestIsForReaders = rule('SUBSCRIPTION.DIGEST', ({ channel, digest }: SubscribeData, _terms: SubscriptionTerms) => {
  if (!digest) return notApplicable('Each fact is told by itself.');
  return channel === 'WEBHOOK' ? failed('A webhook is told each fact by itself: it takes no digest.', { digest }, '/digest') : true;
});

const secretIsSound = rule(
  'SUBSCRIPTION.SECRET',
  ({ channel, secretCipher }: SubscribeData, { isSecret, policy }: SubscriptionTerms) => {
    if (channel !== 'WEBHOOK') return notApplicable('Only a webhook is signed.');
    const { least, most } = policy.secretBytes;
    return (secretCipher !== null && isSecret(secretCipher)) || `A webhook is signed with a sealed secret of ${least} to ${most} bytes.`;
  },
  { source },
);

/** Whoever subscribes owns what comes of it; afterwards only the owner is its owner. */
const by = ({ id, kind, roles }: Actor, owner?: string) => {
  const owns = owner === undefined ? kind === 'PERSON' || kind === 'CLIENT' : id === owner;
  return { roles: [...roles.map(({ role }) => role), ...(owns ? ['OWNER'] : [])] };
};

export const subscribe =
  (terms: SubscriptionTerms) =>
  (_: Subscription | null, data: SubscribeData, context: Context): Decision<Subscription> => {
    const rules = [channelIsServed, typesAreTold, filterIsKnown, targetIsAllowed, addressIsForMail, digestIsForReaders, secretIsSound];
    const verdicts = judge([...table.allows('subscribe', by(context.by), null), ...rules], data, terms);
    const { secretCipher, ...fields } = data;
    const next: Subscription = {
      ...fields,
      state: 'ACTIVE',
      reason: null,
      owner: context.by.id,
      createdAt: context.at,
      rights: { owner: context.by.id, roles: context.by.roles, scopes: context.by.scopes },
      secrets: secretCipher ? [{ cipher: secretCipher, until: null }] : [],
    };
    return { next, facts: [], verdicts };
  };

/** A command that moves the subscription to its one next state. */
const moves =
  (command: string, reasonOf: (data: { reason?: string | null }) => string | null = () => null) =>
  (subscription: Subscription | null, data: { reason?: string | null }, context: Context): Decision<Subscription> => {
    const { state, owner } = subscription!;
    const verdicts = judge([table.allows(command, by(context.by, owner), state)]);
    const [to] = table.targets(command, state);
    return { next: { ...subscription!, state: to!, reason: reasonOf(data) }, facts: [], verdicts };
  };

export const pause = moves('pause');
export const resume = moves('resume');
export const disable = moves('disable', ({ reason }) => reason ?? null);

/** In a dry run: nothing is delivered, so nothing is known of the endpoint. */
export const enable = moves('enable');

const testArrived = rule(
  'SUBSCRIPTION.ENABLE.TEST',
  ({ status, excerpt }: Pick<NoteTest, 'status' | 'excerpt'>) =>
    delivered({ status })
      ? passed(`The test delivery was answered ${status}.`, { status })
      : failed(`The test delivery failed: ${status === null ? excerpt : `it was answered ${status}.`}`, { status }),
  { source: 'state-machines.json#SUBSCRIPTION' },
);

const overtaken = Refusal.because('SUBSCRIPTION.ENABLE.TEST', 'Another test delivery was asked for meanwhile.', { kind: 'WRONG_STATE' });

/** Asks for a test delivery; what comes of it decides. */
export function testFirst(subscription: Subscription | null, _: object, { by: actor, message }: Context): Decision<Subscription> {
  const before = subscription!;
  const verdicts = judge([table.allows('enable', by(actor, before.owner), before.state)]);
  const settles = before.asked ? [{ message: before.asked, refusal: overtaken.toJSON() as RefusalShape }] : [];
  return { next: { ...before, asked: message }, facts: [], verdicts, answer: 'LATER', settles };
}

const ofTheProduct = rule('SUBSCRIPTION.NOTE_TEST.ACTOR', (actor: Actor) => actor.kind === 'SYSTEM' || 'Only the product itself tests.', {
  kind: 'NOT_YOURS',
});

/** Whoever asked was allowed to then; meanwhile it may have ended. */
export function noteTest(
  subscription: Subscription | null,
  { asked, ...answer }: NoteTest,
  { by: actor }: Context,
): Decision<Subscription> {
  const verdicts = judge([ofTheProduct], actor);
  const before = subscription!;
  if (before.asked !== asked) return unchanged(before, verdicts);
  const refusal = refusedBy(() => judge([...table.allows('enable', { roles: ['OWNER'] }, before.state), testArrived], answer));
  const next: Subscription = refusal ? { ...before, asked: null } : { ...before, asked: null, state: 'ACTIVE', reason: null };
  return { next, facts: [], verdicts, settles: [{ message: asked, refusal }] };
}

function refusedBy(judged: () => unknown): RefusalShape | null {
  try {
    judged();
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.toJSON() as RefusalShape;
    throw error;
  }
}

const ended = moves('end', ({ reason }) => reason ?? null);

/** What is over keeps no secret. */
export function end(...given: Parameters<typeof ended>): Decision<Subscription> {
  const decision = ended(...given);
  return { ...decision, next: { ...decision.next, secrets: [] } };
}

const rotatable = rule(
  'SUBSCRIPTION.ROTATE_SECRET.STATE',
  ({ state }: Subscription) => (table.isTerminal(state) ? `A subscription that is ${state} has no secret to rotate.` : true),
  { kind: 'WRONG_STATE' },
);

const ofItsOwner = rule(
  'SUBSCRIPTION.ROTATE_SECRET.ACTOR',
  ({ owner }: Subscription, actor: Actor) =>
    by(actor, owner).roles.some((role) => role === 'OWNER' || role === 'PLATFORM_ADMIN') || 'The secret is for the owner to rotate.',
  { kind: 'NOT_YOURS' },
);

const newIsSound = rule(
  'SUBSCRIPTION.SECRET',
  ({ channel }: Subscription, _: Actor, { secretCipher }: RotateData, terms: SubscriptionTerms) =>
    (channel === 'WEBHOOK' && terms.isSecret(secretCipher)) || 'A webhook is signed with a sealed secret of the length the policy asks.',
  { source },
);

/** The secret before stays good for the overlap, so that the receiver may change at its ease. */
export const rotateSecret =
  (terms: SubscriptionTerms) =>
  (subscription: Subscription | null, data: RotateData, { at, by: actor }: Context): Decision<Subscription> => {
    const before = subscription!;
    const verdicts = judge([rotatable, ofItsOwner, newIsSound], before, actor, data, terms);
    const until = new Date(Date.parse(at) + data.overlapHours * 3_600_000).toISOString();
    const ending = before.secrets.map((secret) => ({ ...secret, until: earlier(secret.until, until) }));
    const kept = [{ cipher: data.secretCipher, until: null }, ...ending].slice(0, terms.policy.secretsAtOnce);
    return { next: { ...before, secrets: secretsInForce(kept, at) }, facts: [], verdicts };
  };

const earlier = (one: string | null, other: string) => (one !== null && one < other ? one : other);

/** Newest first. */
export const secretsInForce = (secrets: readonly SealedSecret[], at: string): SealedSecret[] =>
  secrets.filter(({ until }) => until === null || until > at);
