import type { VersionChange } from '#libs/contracts/history';
import { abridged, differences, without } from '#libs/domain/difference';
import type { Message } from '#libs/messaging/handle';

/** What one version may take up in its outbox and on its topic, and all versions of one write together. */
const OF_ONE = 64_000;
const OF_ALL = 400_000;
/** Told of each version beside what it changed. */
const STAMP = ['version', 'updatedAt'];

export interface Changed<S> {
  version: number;
  /** null: it is gone. */
  state: S | null;
  message: Message;
  at: string;
}

/** The versions made by one write: who made each, and what it changed in the view. */
export class Changes<S> {
  private readonly all: Changed<S>[] = [];

  constructor(
    private readonly untold: readonly string[],
    private readonly viewOf: (state: S, version: number, at: string) => unknown,
  ) {}

  get count(): number {
    return this.all.length;
  }

  /** Forgets those after the first so many. */
  keep(count: number): void {
    this.all.length = count;
  }

  note(changed: Changed<S>): void {
    this.all.push(changed);
  }

  /** `from`: the state before the first of them; null where there was none. */
  versions(from: { state: S | null; version: number; updatedAt: string }): VersionChange[] {
    let before = from.state === null ? {} : this.shown(from.state, from.version, from.updatedAt);
    let left = OF_ALL;
    return this.all.map(({ version, state, message, at }) => {
      const after = state === null ? {} : this.shown(state, version, at);
      const found = differences(without(before, STAMP), without(after, STAMP));
      before = after;
      const { told, used } = abridged(found, Math.min(OF_ONE, left));
      left -= used;
      const { by, type, id, trace } = message;
      return {
        version,
        at,
        by: { kind: by.kind, id: by.id },
        command: type,
        message: id,
        trace: trace?.slice(3, 35) ?? null,
        change: told,
      };
    });
  }

  private shown(state: S, version: number, at: string): unknown {
    return without(this.viewOf(state, version, at), this.untold);
  }
}
