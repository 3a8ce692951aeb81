import type { Handled } from './handle.js';
import type { Incoming } from './kafka.js';

/** Decides a command as a dry run; throws what it would fail with. */
export type TryOut = (message: Incoming) => Promise<Handled>;
/** Handles a fact or state once more; throws what it fails with. */
export type AgainOf = (message: Incoming) => Promise<void>;

/** A command that failed as a bug: kept with its reason; its key went on. */
export interface Shelf {
  put(message: Incoming, reason: string): Promise<void>;
  /** Who decides the commands of this service. */
  serves(tryOut: TryOut): void;
}

/** Facts or states that failed and went on failing: the key waits here with all that follows of it; other keys go on. */
export interface Park {
  has(group: string, key: string): boolean;
  /** The same, asked anew: a key is let go by whichever instance has handled the last of what waited. */
  holds(group: string, key: string): Promise<boolean>;
  put(group: string, message: Incoming, reason: string): Promise<void>;
  /** Learns the parked keys of a group before its first message is handled. */
  load(group: string): Promise<void>;
  /** Who handles the messages of a group. */
  serves(group: string, again: AgainOf): void;
}
