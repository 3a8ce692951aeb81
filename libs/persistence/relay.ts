import type { Service } from '#libs/contracts/actor';
import { system } from '#libs/contracts/actor';
import type { HistoryRecord, VersionChange } from '#libs/contracts/history';
import type { AggregateContract, FactRecord } from '#libs/contracts/message';
import { encode, type Signer } from '#libs/messaging/envelope';
import type { Kafka, Outgoing } from '#libs/messaging/kafka';
import { commandsOf, eventsOf, HISTORY, stateOf } from '#libs/messaging/topics';
import type { Log } from '#libs/service/log';
import type { OutboxEntry } from './document.js';
import { newestRecords } from './kept-records.js';

/** What waits in the outbox of one aggregate, with the view it has now. */
export interface Pending {
  id: string;
  version: number;
  /** Of the write that made it so. */
  writer: string;
  view: unknown;
  entries: OutboxEntry[];
}

/** Publishes outboxes: facts, sends and the newest view. Readers drop what they have seen, so publishing twice does no harm. */
export class Relay {
  constructor(
    private readonly service: Service,
    private readonly kafka: Kafka,
    private readonly signer: Signer,
    readonly log: Log,
  ) {}

  /** Resolves when all of it is acknowledged. */
  async publish(contract: AggregateContract, pending: Pending[]): Promise<void> {
    const facts: Outgoing[] = [];
    const states: Outgoing[] = [];
    const history: Outgoing[] = [];
    const sends = new Map<string, Outgoing[]>();
    for (const { id, version, view, entries } of pending) {
      for (const entry of entries) {
        if (entry.kind === 'fact') facts.push(factMessage(id, entry.fact));
        if (entry.kind === 'history') history.push(historyMessage(contract, id, entry.versions));
        if (entry.kind === 'record') history.push(historyMessage({ name: entry.aggregate }, entry.id, [entry.change]));
        if (entry.kind === 'send') add(sends, entry.service, this.command(entry));
      }
      if (entries.some((entry) => entry.kind === 'state')) states.push(stateMessage(contract, id, version, view));
      for (const record of newestRecords(entries))
        states.push(stateMessage({ name: record.aggregate }, record.id, record.version, record.view));
    }
    await Promise.all([
      // The view first: who learns of a fact may look at once.
      this.kafka.send(stateOf(this.service), states),
      this.kafka.send(eventsOf(this.service), facts),
      this.kafka.send(HISTORY, history),
      ...[...sends].map(([service, messages]) => this.kafka.send(commandsOf(service), messages)),
    ]);
  }

  private command(entry: Extract<OutboxEntry, { kind: 'send' }>): Outgoing {
    const { id, type, key, data, at, dryRun, replyTo } = entry;
    return encode(
      {
        id,
        type,
        key,
        within: null,
        by: system(this.service, at),
        data,
        expected: null,
        dryRun,
        keyed: true,
        replyTo,
        trace: null,
        due: null,
      },
      this.signer,
    );
  }
}

export const factMessage = (key: string, fact: FactRecord): Outgoing => ({
  key,
  value: JSON.stringify(fact),
  headers: {
    ce_id: fact.id,
    ce_type: fact.type,
    ce_source: fact.source,
    ce_subject: fact.subject,
    ce_time: fact.time,
    'content-type': 'application/cloudevents+json',
  },
});

/** A tombstone for what is gone, which still says of which version: what comes late does not bring it back. */
const stateMessage = (contract: Pick<AggregateContract, 'name'>, id: string, version: number, view: unknown): Outgoing => ({
  key: id,
  value: view === null ? null : JSON.stringify({ aggregate: contract.name, id, version, view }),
  headers: { aggregate: contract.name, version: String(version) },
});

const historyMessage = ({ name }: Pick<AggregateContract, 'name'>, id: string, versions: VersionChange[]): Outgoing => ({
  key: id,
  value: JSON.stringify({ aggregate: name, id, versions } satisfies HistoryRecord),
  headers: { aggregate: name },
});

function add(map: Map<string, Outgoing[]>, service: string, message: Outgoing): void {
  const list = map.get(service);
  if (list) list.push(message);
  else map.set(service, [message]);
}
