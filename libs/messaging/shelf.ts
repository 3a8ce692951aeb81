import type { Incoming } from './kafka.js';

/** A command that failed as a bug: kept with its reason; its key went on. */
export interface Shelf {
  put(message: Incoming, reason: string): Promise<void>;
}

/** Facts or states that failed and went on failing: the key waits here with all that follows of it; other keys go on. */
export interface Park {
  has(group: string, key: string): boolean;
  put(group: string, message: Incoming, reason: string): Promise<void>;
  /** Learns the parked keys of a group before its first message is handled. */
  load(group: string): Promise<void>;
}
