import type { Outcome } from '#libs/contracts/message';
import type { Decision } from '#libs/domain/decision';
import type { Answered, Message } from '#libs/messaging/handle';
import type { Recent, Stored } from './document.js';

const KEYED_KEPT = 64;

/** What the broker cannot bring again need not be kept; the last keyed ones stay, older ones are handed over to be kept for a day. */
export function trimmed(recent: readonly Recent[], committed: number): { kept: Recent[]; forgotten: Recent[] } {
  const kept: Recent[] = [];
  const forgotten: Recent[] = [];
  let keyed = recent.filter((entry) => entry.keyed).length;
  for (const entry of recent) {
    const mayGo = entry.offset < committed && entry.later === null;
    if (mayGo && !entry.keyed) continue;
    if (mayGo && keyed > KEYED_KEPT) {
      keyed -= 1;
      forgotten.push(entry);
      continue;
    }
    kept.push(entry);
  }
  return { kept, forgotten };
}

/** What is answered, now or when it is asked again; `now` says where its aggregate stands. */
export function outcomeOf(recent: Recent, now: Pick<Outcome, 'aggregate' | 'key' | 'version'>, view: unknown): Outcome {
  const { id, version, changed, verdicts, refusal } = recent;
  const known = { ...now, id, verdicts, refusal };
  if (refusal) return { ...known, status: 'REFUSED', changed: false, view: null };
  return { ...known, status: 'DONE', version, changed, view };
}

/** What is answered for a message of which nothing was kept. */
export const unremembered = (id: string, version: number): Recent => ({
  id,
  offset: 0,
  keyed: false,
  version,
  changed: false,
  verdicts: [],
  refusal: null,
  later: null,
  settles: [],
});

/** Nothing changed, nothing was sent or timed, and nobody may ask for it by its key. */
export const isIdle = <S>(
  { changed, keyed, later, settles }: Recent,
  { quiet, sends = [], records = [], due }: Decision<S>,
  message: Message,
): boolean =>
  !changed &&
  !quiet &&
  records.length === 0 &&
  !keyed &&
  later === null &&
  settles.length === 0 &&
  sends.length === 0 &&
  due === undefined &&
  message.due === null;

/** Whether it makes a new version. */
export function moves<S>(doc: Stored<S>, { next, facts, gone, quiet }: Decision<S>): boolean {
  if (!quiet) return next !== doc.state || facts.length > 0 || gone === true;
  if (facts.length > 0 || gone) throw new Error('a quiet decision tells nobody anything');
  return false;
}

/** Earlier messages that are answered by the one at this offset: each once. */
export function settledIn<S>(doc: Stored<S>, offset: number, settles: NonNullable<Decision<S>['settles']>): Recent['settles'] {
  const settled: Recent['settles'] = [];
  for (const { message, refusal } of settles) {
    const place = doc.recent.findIndex((r) => r.id === message && r.later !== null);
    const entry = doc.recent[place];
    if (!entry?.later) continue;
    settled.push({ id: entry.id, to: entry.later });
    doc.recent[place] = { ...entry, later: null, version: doc.version, offset, refusal };
  }
  return settled;
}

/** Earlier messages that are answered together with this one. */
export const answeredBy = (
  { settles }: Recent,
  recent: readonly Recent[],
  outcome: (earlier: Recent) => Outcome,
): NonNullable<Answered['settled']> =>
  settles.flatMap(({ id, to }) => {
    const earlier = recent.find((one) => one.id === id);
    return earlier ? to.map((one) => ({ to: one, outcome: outcome(earlier) })) : [];
  });
