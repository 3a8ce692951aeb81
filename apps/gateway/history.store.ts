import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongoose';
import { HistoryRecord, type VersionChange } from '#libs/contracts/history';
import { FactConsumer } from '#libs/messaging/fact-consumer';
import { HISTORY } from '#libs/messaging/topics';
import { insertNew } from '#libs/persistence/newest';
import { Gathering } from '#libs/service/gathering';
import { Runtime } from '#libs/service/runtime';

/** What one write has made of an aggregate; never changed once it is there. Its id says of which, and in which order, so no index need. */
interface Row {
  _id: string;
  from: number;
  to: number;
  /** Ids of those who made them. */
  by: string[];
  /** As a text: they are only ever read whole. */
  versions: string;
}

export interface Wanted {
  /** What it is called by the services that have such records. */
  aggregates: string[];
  id: string;
  /** Version at which the page before ended. */
  after: number | null;
  newestFirst: boolean;
  limit: number;
  /** Only what this actor did; null: whatever was done. */
  by: string | null;
}

const LOOK_AGAIN_MS = 15;
/** A fetch brings its partitions one after the other: they are written together, since nobody waits for it long. */
const LINGER_MS = 50;
const DIGITS = 12;
const NEWEST = 10 ** DIGITS - 1;

/** Who did what when, version by version: kept here as the services tell it, so that nobody has to ask them. */
@Injectable()
export class History {
  private readonly reader: FactConsumer;
  /** What is there already was told twice: the same write always begins with the same version. */
  private readonly gathering = new Gathering<Row>(async (rows) => void (await insertNew(this.rows, rows)), LINGER_MS);

  constructor(private readonly runtime: Runtime) {
    const { kafka, park, log } = runtime;
    this.reader = new FactConsumer('gateway.history', [HISTORY], () => (record) => this.take(record), kafka, park, log);
    runtime.before.push(() => this.open());
    runtime.after.push(() => this.reader.stop());
  }

  /** In order of versions; one more than asked for, if there is one. */
  async page({ aggregates, id, after, newestFirst, limit, by }: Wanted): Promise<VersionChange[]> {
    const own = by === null ? {} : { by };
    const pages = await Promise.all(
      aggregates.map(async (aggregate) => {
        const range = newestFirst
          ? rowsOf(aggregate, id, { $lt: rowId(aggregate, id, after ?? NEWEST) })
          : rowsOf(aggregate, id, { $gte: (await this.rowAt(aggregate, id, after ?? 0))?._id ?? rowId(aggregate, id, 0) });
        const found = this.rows.find({ ...range, ...own } as never).sort({ _id: newestFirst ? -1 : 1 });
        // One that ends or begins on this page may hold nothing of the next.
        return (await found.limit(limit + 2).toArray()) as unknown as Row[];
      }),
    );
    const all = pages.flat().flatMap(({ versions }) => inOrder(JSON.parse(versions) as VersionChange[], newestFirst));
    const isBehind = ({ version }: VersionChange) => after === null || (newestFirst ? version < after : version > after);
    return all.filter((one) => isBehind(one) && (by === null || one.by.id === by)).slice(0, limit + 1);
  }

  /** Whether the history of an aggregate has come to this version; waits for it, but not for ever. */
  async reaches(aggregates: string[], id: string, version: number, patienceMs: number): Promise<boolean> {
    const until = Date.now() + patienceMs;
    for (;;) {
      const last = await Promise.all(aggregates.map((aggregate) => this.rowAt(aggregate, id, NEWEST)));
      if (last.some((row) => row !== null && row.to >= version)) return true;
      if (Date.now() > until) return false;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  /** The row that holds this version of an aggregate, or the last one before it. */
  private async rowAt(aggregate: string, id: string, version: number): Promise<Row | null> {
    const found = this.rows.find(rowsOf(aggregate, id, { $lte: rowId(aggregate, id, version) }) as never);
    const [row = null] = (await found.sort({ _id: -1 }).limit(1).toArray()) as unknown as Row[];
    return row;
  }

  private async open(): Promise<void> {
    await this.reader.start();
  }

  private take(record: unknown): Promise<void> {
    const { aggregate, id, versions } = HistoryRecord.parse(record);
    const [from, to] = [versions[0]!.version, versions.at(-1)!.version];
    const by = [...new Set(versions.map((version) => version.by.id))];
    const row: Row = { _id: rowId(aggregate, id, from), from, to, by, versions: JSON.stringify(versions) };
    return this.gathering.add([row]);
  }

  private get rows(): Collection<Row> {
    return this.runtime.house.db.collection<Row>('history') as unknown as Collection<Row>;
  }
}

const inOrder = <T>(oldestFirst: T[], newestFirst: boolean): T[] => (newestFirst ? oldestFirst.toReversed() : oldestFirst);

/** Padded, so that rows stand in the order of versions. */
const rowId = (aggregate: string, id: string, from: number) => `${aggregate}/${id}/${String(from).padStart(DIGITS, '0')}`;

const rowsOf = (aggregate: string, id: string, range: Record<string, string>) => ({
  _id: { $gte: rowId(aggregate, id, 0), $lte: rowId(aggregate, id, NEWEST), ...range },
});
