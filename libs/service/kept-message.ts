import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { type Actor, type Service, system } from '#libs/contracts/actor';
import { type KeptContracts, keptMessages, type ReplayResult } from '#libs/contracts/kept-message';
import type { StepDone } from '#libs/contracts/message';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { messageId } from '#libs/domain/ids';
import { failed, judge, passed, rule } from '#libs/domain/verdict';
import type { Bus } from '#libs/messaging/bus';
import type { Tell } from '#libs/persistence/kept.store';
import type { KeptMessage } from '#libs/persistence/kept-message.store';

type Said = z.output<KeptContracts['Keep']['data']>;

/** A replay of which nothing was heard for so long may be asked for again. */
const GIVEN_UP_MS = 60_000;

const byAdmin = (code: string) =>
  rule(code, (by: Actor) => by.roles.some(({ role }) => role === 'PLATFORM_ADMIN') || 'This is for the platform administrator.', {
    kind: 'NOT_YOURS',
  });
const byProduct = (code: string) =>
  rule(code, (by: Actor) => by.kind === 'SYSTEM' || 'This is said by the product itself.', { kind: 'NOT_YOURS' });

const stillKept = (code: string) =>
  rule(
    code,
    (_: Actor, { state, replayingSince }: KeptMessage, at: string) => {
      const given = state === 'REPLAYING' && Date.parse(at) - Date.parse(replayingSince ?? at) > GIVEN_UP_MS;
      return state === 'KEPT' || given ? passed('It is kept.', { state }) : failed(`It is ${state}.`, { state });
    },
    { kind: 'WRONG_STATE' },
  );

const inTurn = (code: string) =>
  rule(
    code,
    (_: Actor, __: KeptMessage, ___: string, first: string) =>
      first === ''
        ? passed('Nothing of its key came before it.')
        : failed(`What came before it of its key waits too: begin with ${first}.`, { first }),
    { kind: 'WRONG_STATE' },
  );

const replayRules = [byAdmin('KEPT_MESSAGE.REPLAY.ACTOR'), stillKept('KEPT_MESSAGE.REPLAY.STATE'), inTurn('KEPT_MESSAGE.REPLAY.ORDER')];
const discardRules = [byAdmin('KEPT_MESSAGE.DISCARD.ACTOR'), stillKept('KEPT_MESSAGE.DISCARD.STATE'), inTurn('KEPT_MESSAGE.DISCARD.ORDER')];
const keepRules = [byProduct('KEPT_MESSAGE.KEEP.ACTOR')];
const noteRules = [byProduct('KEPT_MESSAGE.NOTE.ACTOR')];

const nothing = { result: null, discardedBecause: null, asked: null, replayingSince: null };

export function keep(kept: KeptMessage | null, said: Said, { by }: Context): Decision<KeptMessage> {
  const verdicts = judge(keepRules, by);
  return kept ? unchanged(kept, verdicts) : { next: { ...said, ...nothing, state: 'KEPT' }, facts: [], verdicts };
}

/** `first`: what must be replayed before, if anything. `preview`: what would come of it, told by a dry run. */
export const replay =
  (first: string, preview: ReplayResult | null) =>
  (kept: KeptMessage | null, _: unknown, { by, at, message }: Context): Decision<KeptMessage> => {
    const verdicts = judge(replayRules, by, kept!, at, first);
    const before = kept!.asked ? [{ message: kept!.asked, refusal: null }] : [];
    const next: KeptMessage = { ...kept!, state: 'REPLAYING', result: preview, asked: message, replayingSince: at };
    return { next, facts: [], verdicts, answer: 'LATER', settles: before };
  };

export function noteAnswer(kept: KeptMessage | null, { outcome }: StepDone, { by, at }: Context): Decision<KeptMessage> {
  const verdicts = judge(noteRules, by);
  return ended(kept!, resultOf(outcome, at), verdicts);
}

/** It says of a failure that it is still kept: then the key goes on waiting. */
export function noteReplayed(
  kept: KeptMessage | null,
  { result }: { result: Omit<ReplayResult, 'at'> },
  { by, at }: Context,
): Decision<KeptMessage> {
  return ended(kept!, { ...result, at }, judge(noteRules, by), result.status === 'DONE' ? 'REPLAYED' : 'KEPT');
}

function ended(
  kept: KeptMessage,
  result: ReplayResult,
  verdicts: Decision<KeptMessage>['verdicts'],
  state: KeptMessage['state'] = 'REPLAYED',
): Decision<KeptMessage> {
  if (kept.state !== 'REPLAYING' && kept.state !== 'KEPT') return unchanged(kept, verdicts);
  const settles = kept.asked ? [{ message: kept.asked, refusal: null }] : [];
  return { next: { ...kept, state, result, asked: null, replayingSince: null }, facts: [], verdicts, settles };
}

export const discard =
  (first: string) =>
  (kept: KeptMessage | null, { reason }: { reason: string }, { by, at }: Context): Decision<KeptMessage> => {
    const verdicts = judge(discardRules, by, kept!, at, first);
    return { next: { ...kept!, state: 'DISCARDED', discardedBecause: reason }, facts: [], verdicts };
  };

export const resultOf = ({ status, refusal }: StepDone['outcome'], at: string): ReplayResult => ({
  status,
  code: refusal?.code ?? null,
  message: status === 'FAILED' ? 'It failed again, and is kept anew with its reason.' : (refusal?.message ?? null),
  at,
});

/** Makes known what was kept, as the service's own aggregate. What it is about its own kept messages would never end. */
export const tellOf =
  (service: Service, bus: Bus): Tell =>
  async (kept) => {
    const { Keep } = keptMessages[service];
    if (kept.headers.type?.startsWith(`${Keep.aggregate.name}.`)) return;
    const { _id, at, told: _, headers, value, ...place } = kept;
    const type = headers.type ?? headers.ce_type ?? headers.aggregate ?? '';
    const data = { ...place, service, type, keptAt: at, bytes: Buffer.byteLength(value ?? ''), sha256: sha256(value ?? '') };
    await bus.tell(Keep, { key: _id, id: messageId('keep', _id), by: system(service, at), data });
  };

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
