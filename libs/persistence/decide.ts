import { isDeepStrictEqual } from 'node:util';
import type { AggregateContract, Outcome, RefusalShape, ReplyTo } from '#libs/contracts/message';
import type { Stamp } from '#libs/contracts/values';
import type { Context, Decision } from '#libs/domain/decision';
import { Refusal, type Verdict } from '#libs/domain/verdict';
import type { Answered, Handled, Message } from '#libs/messaging/handle';
import { admit } from './admit.js';
import { Changes } from './changes.js';
import { type OutboxEntry, type Recent, type Stored, stampOf } from './document.js';
import { endTimer, isDue, setTimer } from './due.js';
import { factRecord, instant, type NewEntry, sendEntry } from './entries.js';
import type { Item } from './item.js';
import { answeredBy, isIdle, moves, outcomeOf, settledIn, trimmed, unremembered } from './recent.js';
import { NotAtHand, type RecordsInWork } from './records-in-work.js';
import { VersionViews } from './version-views.js';

export type { Decide, Item } from './item.js';

/** One aggregate while the commands of a batch are decided on it, in memory, before the one write. */
export class Work<S> {
  readonly answers: { item: Item<S>; handled: Handled }[] = [];
  readonly failures: { item: Item<S>; error: Error }[] = [];
  /** What dry runs would write. */
  readonly previews: { item: Item<S>; next: S }[] = [];
  readonly forgotten: Recent[] = [];
  readonly entries: OutboxEntry[] = [];
  dirty = false;
  /** What was decided gives no view: a bug of one of its commands, so none of it is written. */
  spoilt = false;
  /** The view after all of it, for the state topic. */
  sealedView: unknown = null;
  /** Of the command topic: that of all its commands. */
  partition = 0;
  private readonly changes: Changes<S>;
  private readonly initially: ReturnType<Work<S>['copy']>;
  private readonly views: VersionViews<S>;

  constructor(
    readonly contract: AggregateContract,
    readonly doc: Stored<S>,
    private readonly service: string,
    private readonly at: () => string,
    viewOf: (state: S, stamp: Stamp) => unknown,
    private readonly handled: Map<string, Recent>,
    readonly records: RecordsInWork<S> | null = null,
  ) {
    this.views = new VersionViews(viewOf);
    this.changes = new Changes([...contract.personal, ...contract.withheld], (state, version, at) => this.viewAt(state, version, at));
    this.initially = this.copy();
  }

  /** As it was read. */
  get stored(): Stored<S> {
    return this.initially.doc;
  }

  /** `refused`: what the database said to its write, such as that another aggregate holds the unique value. */
  take(item: Item<S>, refused?: Refusal): void {
    this.partition = item.message.partition;
    const before = this.copy();
    try {
      this.takeIn(item, refused);
    } catch (error) {
      this.restore(before);
      // Decided again once it is loaded.
      if (error instanceof NotAtHand) return;
      if (error instanceof Refusal) this.refuse(item, error);
      else this.fail(item, error as Error);
    }
  }

  private takeIn(item: Item<S>, refused: Refusal | undefined): void {
    const { message } = item;
    const known = this.known(message);
    if (known) return this.again(item, known);
    // A dry run leaves no trace: that it stands below the last one decided does not say that it was answered.
    if (message.offset <= this.doc.lastOffset && !message.dryRun) return this.answer(item, this.asItStands(message));
    if (refused) throw refused;
    this.decideOne(item);
  }

  /** Taken before and not remembered: it changed nothing then, and is not decided anew on what came after it. */
  private asItStands(message: Message): Handled {
    if (this.doc.state === null || message.replyTo === null) return null;
    const recent = { ...unremembered(message.id, 0), ...this.about(message) };
    return this.plain(recent, this.viewFor(recent));
  }

  private known({ id, offset }: Message): Recent | undefined {
    return this.doc.recent.find((r) => r.id === id && (r.failure === undefined || r.offset === offset)) ?? this.handled.get(id);
  }

  private refuse(item: Item<S>, refusal: Refusal): void {
    const { message } = item;
    // A timer that was taken is over, also when nothing came of it; else it would come again for ever.
    if (message.due !== null) endTimer(this.doc);
    const recent = this.remember(item, refusal.verdicts, refusal.toJSON() as RefusalShape);
    this.answer(item, this.outcome(recent, null));
  }

  /** A bug: nothing of it is kept but that it failed. */
  private fail(item: Item<S>, error: Error): void {
    this.failures.push({ item, error });
    const { id, offset, dryRun } = item.message;
    if (!dryRun) this.record({ ...unremembered(id, this.doc.version), offset, failure: error.message });
  }

  private copy() {
    const doc = { ...this.doc, recent: [...this.doc.recent] };
    return { doc, entries: this.entries.length, changes: this.changes.count, records: this.records?.count ?? 0, dirty: this.dirty };
  }

  private restore({ doc, entries, changes, records, dirty }: ReturnType<Work<S>['copy']>): void {
    Object.assign(this.doc, { dueAt: null, dueType: null }, doc, { recent: [...doc.recent] });
    this.entries.length = entries;
    this.changes.keep(changes);
    this.records?.back(records);
    this.dirty = dirty;
  }

  /** Entries that can no longer be asked for leave the document, if so many are to go; keyed ones are handed over to be kept for a day. */
  trim(committed: number, atLeast = 1): void {
    const { kept, forgotten } = trimmed(this.doc.recent, committed);
    if (this.doc.recent.length - kept.length < atLeast) return;
    this.doc.recent = kept;
    this.forgotten.push(...forgotten);
  }

  private decideOne(item: Item<S>): void {
    const { message } = item;
    if (message.due !== null && !isDue(this.doc, message)) return this.answer(item, null);
    if (message.within !== null && this.records) this.records.admit(message);
    else admit(message, this.contract.name, this.doc);
    const kept = this.records && { records: this.records };
    const context: Context = { id: this.doc._id, by: message.by, at: this.at(), message: message.id, ...kept };
    const decision = item.decide(this.doc.state, message.data as never, context);
    if (message.dryRun) {
      this.previews.push({ item, next: decision.next });
      return this.answer(item, this.preview(message, decision, context.at));
    }
    const before = this.doc.version;
    // Looked at before anything is changed: a state that gives no view is a bug of this command alone.
    const isRead = message.replyTo !== null || (decision.settles ?? []).length > 0;
    const view = isRead && message.within === null ? this.viewAfter(decision, context.at) : null;
    this.apply(message, decision, context.at);
    const recent = this.remember(item, decision.verdicts, null, decision, this.doc.version > before);
    this.answer(item, decision.answer === 'LATER' ? null : this.outcome(recent, message.within === null ? view : this.viewFor(recent)));
  }

  private apply(message: Message, decision: Decision<S>, at: string): void {
    // While the aggregate still says at which version they were before.
    for (const entry of this.records?.take(decision.records ?? [], { service: this.service, message, at }) ?? []) this.push(entry);
    if (decision.quiet) this.doc.state = decision.next;
    if (moves(this.doc, decision)) {
      this.doc.state = decision.gone ? null : decision.next;
      this.doc.version += 1;
      this.doc.changedAt = instant(at);
      this.changes.note({ version: this.doc.version, state: this.doc.state, message, at });
      const { service, contract, doc } = this;
      const about = { service, resource: contract.resource, id: doc._id, version: doc.version, time: at };
      for (const [index, fact] of decision.facts.entries()) this.push({ kind: 'fact', fact: factRecord({ ...fact, ...about, index }) });
    }
    for (const send of decision.sends ?? []) this.push(sendEntry(this.service, this.doc._id, message, send));
    setTimer(this.doc, message, decision);
  }

  private push(entry: NewEntry): void {
    this.entries.push({ ...entry, seq: this.doc.nextSeq });
    this.doc.nextSeq += 1;
  }

  /** Called once before the write: only the last view goes to the state topic. */
  seal(): void {
    if (!this.dirty) return;
    try {
      if (this.changes.count > 0) this.tell();
      if (this.entries.length + this.doc.outbox.length > 0) this.sealedView = this.view();
    } catch (error) {
      this.spoil(error as Error);
    }
  }

  private tell(): void {
    this.push({ kind: 'state' });
    this.push({ kind: 'history', versions: this.changes.versions({ ...this.stored, ...stampOf(this.stored) }) });
  }

  private remember(
    { message }: Item<S>,
    verdicts: readonly Verdict[],
    refusal: RefusalShape | null,
    decision?: Decision<S>,
    changed = false,
  ) {
    const isChanged = message.within === null ? changed : (decision?.records ?? []).some(({ id }) => id === message.key);
    const recent: Recent = {
      ...unremembered(message.id, 0),
      ...this.about(message),
      offset: message.offset,
      keyed: message.keyed,
      changed: isChanged,
      verdicts: [...verdicts],
      refusal,
      later: decision?.answer === 'LATER' ? (message.replyTo ? [message.replyTo] : []) : null,
      settles: settledIn(this.doc, message.offset, decision?.settles ?? []),
    };
    if (!message.dryRun) this.record(recent, decision !== undefined && !changed && isIdle(recent, decision, message));
    return recent;
  }

  /** What changed nothing is no reason to write; it goes along when something else is. */
  private record(recent: Recent, idle = false): void {
    this.doc.recent.push(recent);
    this.doc.lastOffset = Math.max(this.doc.lastOffset, recent.offset);
    if (!idle) this.dirty = true;
  }

  /** The same message once more: nothing is decided, the same is answered. */
  private again(item: Item<S>, known: Recent): void {
    if (known.failure !== undefined) this.failures.push({ item, error: new Error(known.failure) });
    else if (known.later === null) this.answer(item, this.outcome(known, this.viewFor(known)));
    else this.waitToo(item, known, known.later);
  }

  private waitToo(item: Item<S>, known: Recent, later: ReplyTo[]): void {
    const { replyTo, offset } = item.message;
    if (replyTo && offset > this.doc.lastOffset) {
      const place = this.doc.recent.indexOf(known);
      const isNew = !later.some((to) => isDeepStrictEqual(to, replyTo));
      if (isNew) this.doc.recent[place] = { ...known, later: [...later, replyTo] };
      this.doc.lastOffset = offset;
      this.dirty = true;
    }
    this.answer(item, null);
  }

  private outcome(recent: Recent, view: unknown): Answered {
    const own = this.plain(recent, view);
    const settled = answeredBy(recent, this.doc.recent, (earlier) => this.plain(earlier, view));
    return settled.length > 0 ? { ...own, settled } : own;
  }

  private plain(recent: Recent, view: unknown): Outcome {
    const { record } = recent;
    return outcomeOf(recent, record !== undefined && this.records ? this.records.standing(record) : this.standing, view);
  }

  private get standing() {
    return { aggregate: this.contract.name, key: this.doc._id, version: this.doc.version };
  }

  /** Which record was asked for and where it stands; else the aggregate itself. */
  private about = ({ key, within }: Message): Pick<Recent, 'record' | 'version'> =>
    within === null || !this.records ? { version: this.doc.version } : { record: key, version: this.records.standing(key).version };

  /** What is answered with: the record that was asked for, else the aggregate itself. */
  private viewFor({ record, refusal }: Recent): unknown {
    if (record === undefined || !this.records) return this.view();
    return refusal ? null : (this.records.get(record)?.view ?? null);
  }

  private preview(message: Message, decision: Decision<S>, at: string): Outcome {
    const { verdicts, records = [] } = decision;
    const answered = { id: message.id, verdicts };
    if (message.within !== null && this.records) return { ...answered, ...this.records.preview(message.key, records, at) };
    const view = this.viewAfter(decision, at);
    return { ...answered, ...this.standing, status: 'DONE', changed: moves(this.doc, decision), refusal: null, view };
  }

  private view(): unknown {
    return this.doc.state === null ? null : this.viewAt(this.doc.state, this.doc.version, stampOf(this.doc).updatedAt);
  }

  private viewAfter(decision: Decision<S>, at: string): unknown {
    const { version } = this.doc;
    if (decision.gone) return null;
    return moves(this.doc, decision)
      ? this.viewAt(decision.next, version + 1, at)
      : this.viewAt(decision.next, version, stampOf(this.doc).updatedAt);
  }

  private viewAt(state: S, version: number, updatedAt: string): unknown {
    return this.views.of(state, { id: this.doc._id, version, updatedAt });
  }

  private spoil(error: Error): void {
    this.spoilt = true;
    this.dirty = false;
    this.entries.length = 0;
    this.failures.push(...this.answers.splice(0).map(({ item }) => ({ item, error })));
    if (this.failures.length > 1) return;
    const [failure] = this.failures.splice(0);
    this.restore(this.initially);
    if (failure) this.fail(failure.item, failure.error);
  }

  private answer(item: Item<S>, handled: Handled): void {
    this.answers.push({ item, handled });
  }
}
