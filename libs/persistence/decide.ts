import type { AggregateContract, CommandContract, FactRecord, Outcome, RefusalShape } from '#libs/contracts/message';
import { sequenceOf } from '#libs/contracts/message';
import type { Context, Decision } from '#libs/domain/decision';
import { messageId } from '#libs/domain/ids';
import { Refusal, type Verdict } from '#libs/domain/verdict';
import type { Answered, Handled, Message } from '#libs/messaging/handle';
import type { OutboxEntry, Recent, Stored } from './document.js';

export type Decide<S, D> = (state: S | null, data: D, context: Context) => Decision<S>;

export interface Item<S> {
  message: Message;
  decide: Decide<S, never>;
  resolve(handled: Handled): void;
  reject(error: Error): void;
}

const KEYED_KEPT = 64;

/** One aggregate while the commands of a batch are decided on it, in memory, before the one write. */
export class Work<S> {
  readonly answers: { item: Item<S>; handled: Handled }[] = [];
  readonly failures: { item: Item<S>; error: Error }[] = [];
  readonly forgotten: Recent[] = [];
  readonly entries: OutboxEntry[] = [];
  dirty = false;
  /** What was decided gives no view: a bug of one of its commands, so none of it is written. */
  spoilt = false;
  /** The view after all of it, for the state topic. */
  sealedView: unknown = null;
  private changed = false;
  private lastView: { state: S; version: number; view: unknown } | null = null;

  constructor(
    readonly contract: AggregateContract,
    readonly doc: Stored<S>,
    private readonly service: string,
    private readonly at: () => string,
    private readonly viewOf: (state: S, id: string, version: number) => unknown,
    private readonly handled: Map<string, Recent>,
  ) {}

  take(item: Item<S>): void {
    const { message } = item;
    const known = this.doc.recent.find((r) => r.id === message.id) ?? this.handled.get(message.id);
    if (known) return this.again(item, known);
    if (message.offset <= this.doc.lastOffset) return this.answer(item, null);
    try {
      this.decideOne(item);
    } catch (error) {
      if (error instanceof Refusal) return this.refuse(item, error);
      this.failures.push({ item, error: error as Error });
    }
  }

  /** Records that the database refused what was decided: another aggregate holds the unique value. */
  refuse(item: Item<S>, refusal: Refusal): void {
    const shape = refusal.toJSON() as RefusalShape;
    const recent = this.remember(item, refusal.verdicts, shape);
    this.answer(item, this.outcome(recent, null));
  }

  /** Entries that can no longer be asked for leave the document; keyed ones are handed over to be kept for a day. */
  trim(committed: number): void {
    const kept: Recent[] = [];
    let keyed = this.doc.recent.filter((r) => r.keyed).length;
    for (const entry of this.doc.recent) {
      const mayGo = entry.offset < committed && entry.later === null;
      if (mayGo && !entry.keyed) continue;
      if (mayGo && keyed > KEYED_KEPT) {
        keyed -= 1;
        this.forgotten.push(entry);
        continue;
      }
      kept.push(entry);
    }
    this.doc.recent = kept;
  }

  private decideOne(item: Item<S>): void {
    const { message } = item;
    if (message.due !== null && message.due !== this.doc.dueAt?.toISOString()) return this.answer(item, null);
    this.admit(message);
    const context: Context = { id: message.key, by: message.by, at: this.at(), message: message.id };
    const decision = item.decide(this.doc.state, message.data as never, context);
    if (message.dryRun) return this.answer(item, this.preview(message, decision));
    const before = this.doc.version;
    // Looked at before anything is changed: a state that gives no view is a bug of this command alone.
    const isRead = message.replyTo !== null || (decision.settles ?? []).length > 0;
    const view = isRead ? this.viewAfter(decision) : null;
    this.apply(message, decision);
    const recent = this.remember(item, decision.verdicts, null, decision, this.doc.version > before);
    this.answer(item, decision.answer === 'LATER' ? null : this.outcome(recent, view));
  }

  private admit({ contract, expected, key }: Message): void {
    const there = this.doc.state !== null;
    const name = this.contract.name;
    if (!there && contract.creates === undefined)
      throw Refusal.because('RESOURCE.ABSENT', `There is no ${name} ${key}.`, { kind: 'ABSENT' });
    if (there && contract.creates === 'NEW')
      throw Refusal.because('RESOURCE.THERE', `The ${name} ${key} is there already.`, { kind: 'WRONG_STATE' });
    if (expected !== null && expected !== this.doc.version)
      throw Refusal.because('RESOURCE.OUTDATED', `Version ${expected} was read; it is ${this.doc.version} now.`, { kind: 'OUTDATED' });
  }

  private apply(message: Message, decision: Decision<S>): void {
    if (moves(this.doc, decision)) {
      this.doc.state = decision.next;
      this.doc.version += 1;
      this.changed = true;
      decision.facts.forEach((fact, index) => {
        this.push({ kind: 'fact', fact: this.record(fact.type, fact.data, index) });
      });
    }
    for (const send of decision.sends ?? []) this.push(this.sendEntry(message, send));
    this.time(message, decision);
  }

  /** A timer that was taken and not set anew is over. */
  private time(message: Message, { due }: Decision<S>): void {
    if (due) {
      this.doc.dueAt = new Date(due.at);
      this.doc.dueType = due.command.type;
    } else if (due === null || message.due !== null) {
      this.doc.dueAt = null;
      this.doc.dueType = null;
    }
  }

  private record(type: string, data: unknown, index: number): FactRecord {
    const { _id, version } = this.doc;
    return {
      specversion: '1.0',
      id: messageId(_id, String(version), String(index)),
      type,
      source: `/${this.service}`,
      subject: `/v1/${this.contract.resource}/${_id}`,
      time: this.at(),
      sequence: sequenceOf(version, index),
      datacontenttype: 'application/json',
      data,
    };
  }

  private sendEntry(
    message: Message,
    send: NonNullable<Decision<S>['sends']>[number],
  ): Omit<Extract<OutboxEntry, { kind: 'send' }>, 'seq'> {
    const { _id } = this.doc;
    const answer: CommandContract | undefined = send.answer;
    return {
      kind: 'send',
      service: send.command.aggregate.service,
      type: send.command.type,
      id: messageId('send', message.id, send.step),
      key: send.key,
      data: send.data,
      at: message.by.at,
      dryRun: send.dryRun ?? false,
      replyTo: answer ? { service: this.service, type: answer.type, key: _id, step: send.step } : null,
    };
  }

  private push(
    entry: Omit<Extract<OutboxEntry, { kind: 'fact' }>, 'seq'> | Omit<Extract<OutboxEntry, { kind: 'send' }>, 'seq'> | { kind: 'state' },
  ): void {
    this.entries.push({ ...entry, seq: this.doc.nextSeq } as OutboxEntry);
    this.doc.nextSeq += 1;
  }

  /** Called once before the write: only the last view goes to the state topic. */
  seal(): void {
    if (!this.dirty) return;
    if (this.changed) this.push({ kind: 'state' });
    try {
      if (this.entries.length + this.doc.outbox.length > 0) this.sealedView = this.view();
    } catch (error) {
      this.spoil(error as Error);
    }
  }

  private remember(
    item: Item<S>,
    verdicts: readonly Verdict[],
    refusal: RefusalShape | null,
    decision?: Decision<S>,
    changed = false,
  ): Recent {
    const { message } = item;
    const recent: Recent = {
      id: message.id,
      offset: message.offset,
      keyed: message.keyed,
      version: this.doc.version,
      changed,
      verdicts: [...verdicts],
      refusal,
      later: decision?.answer === 'LATER' ? (message.replyTo ? [message.replyTo] : []) : null,
      settles: this.settle(message.offset, decision?.settles ?? []),
    };
    if (message.dryRun) return recent;
    this.doc.recent.push(recent);
    this.doc.lastOffset = Math.max(this.doc.lastOffset, message.offset);
    this.dirty = true;
    return recent;
  }

  private settle(offset: number, settles: NonNullable<Decision<S>['settles']>): Recent['settles'] {
    const settled: Recent['settles'] = [];
    for (const { message, refusal } of settles) {
      const entry = this.doc.recent.find((r) => r.id === message && r.later !== null);
      if (!entry?.later) continue;
      settled.push({ id: entry.id, to: entry.later });
      Object.assign(entry, { later: null, version: this.doc.version, offset, refusal });
    }
    return settled;
  }

  /** The same message once more: nothing is decided, the same is answered. */
  private again(item: Item<S>, known: Recent): void {
    const { message } = item;
    if (known.later === null) return this.answer(item, this.outcome(known, this.view()));
    if (message.replyTo && message.offset > this.doc.lastOffset) {
      known.later.push(message.replyTo);
      this.doc.lastOffset = message.offset;
      this.dirty = true;
    }
    this.answer(item, null);
  }

  private outcome(recent: Recent, view: unknown): Answered {
    const settled = recent.settles.flatMap(({ id, to }) => {
      const earlier = this.doc.recent.find((r) => r.id === id);
      return earlier ? to.map((one) => ({ to: one, outcome: this.plain(earlier, view) })) : [];
    });
    const own = this.plain(recent, view);
    return settled.length > 0 ? { ...own, settled } : own;
  }

  private plain({ id, version, changed, verdicts, refusal }: Recent, view: unknown): Outcome {
    const known = { id, aggregate: this.contract.name, key: this.doc._id, verdicts, refusal };
    if (refusal) return { ...known, status: 'REFUSED', version: this.doc.version, changed: false, view: null };
    return { ...known, status: 'DONE', version, changed, view };
  }

  private preview(message: Message, decision: Decision<S>): Outcome {
    const changed = moves(this.doc, decision);
    const view = this.viewAfter(decision);
    return {
      id: message.id,
      status: 'DONE',
      aggregate: this.contract.name,
      key: message.key,
      version: this.doc.version,
      changed,
      view,
      verdicts: decision.verdicts,
      refusal: null,
    };
  }

  private view(): unknown {
    return this.doc.state === null ? null : this.viewAt(this.doc.state, this.doc.version);
  }

  private viewAfter(decision: Decision<S>): unknown {
    return this.viewAt(decision.next, this.doc.version + (moves(this.doc, decision) ? 1 : 0));
  }

  private viewAt(state: S, version: number): unknown {
    const last = this.lastView;
    if (last?.version === version && last.state === state) return last.view;
    const view = this.viewOf(state, this.doc._id, version);
    this.lastView = { state, version, view };
    return view;
  }

  private spoil(error: Error): void {
    this.spoilt = true;
    this.dirty = false;
    this.entries.length = 0;
    this.failures.push(...this.answers.splice(0).map(({ item }) => ({ item, error })));
  }

  private answer(item: Item<S>, handled: Handled): void {
    this.answers.push({ item, handled });
  }
}

const moves = <S>(doc: Stored<S>, decision: Decision<S>) => decision.next !== doc.state || decision.facts.length > 0;
