/** What goes to Kafka and comes from it, and how it is read: the words of `kafka.ts` for whoever sends or reads. */

export interface Outgoing {
  key: string | null;
  /** null is a tombstone */
  value: string | null;
  headers?: Record<string, string>;
}

export interface Incoming {
  topic: string;
  partition: number;
  offset: number;
  key: string;
  value: string | null;
  headers: Record<string, string>;
  /** broker time, epoch ms */
  timestamp: number;
}

export interface TopicSpec {
  name: string;
  partitions: number;
  config: Record<string, string>;
}

/** Next offset to read of a partition. */
export interface Offset {
  topic: string;
  partition: number;
  next: number;
}

export interface Subscription {
  /** All partitions in one request. */
  commit(offsets: Offset[]): Promise<void>;
  pause(topic: string, partition: number): void;
  resume(topic: string, partition: number): void;
  /** The next fetch begins there; what was fetched before may still come. */
  seek(topic: string, partition: number, offset: number): void;
  stop(): Promise<void>;
  assigned(): boolean;
}

export interface ConsumeOptions {
  group: string;
  topics: string[];
  fromBeginning: boolean;
  onBatch(messages: Incoming[]): void | Promise<void>;
  /**
   * Where a few milliseconds do not matter: the least time between two fetches. A fetch costs the same for one message as for
   * hundreds, so a paced reader leaves the machine to those somebody waits for.
   */
  paceMs?: number;
  /** How long a fetch waits for the first message, and a paused reader before it looks again; a second unless given. */
  waitMs?: number;
  /** For a reader that commits nothing: where it goes on after each assignment. */
  position?(topic: string, partition: number): number;
  /** Told on every assignment: what is in hand of lost partitions is void. */
  onAssigned?(partitions: Map<string, number[]>): void;
}
