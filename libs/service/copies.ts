import { setTimeout as pause } from 'node:timers/promises';
import type { Service } from '#libs/contracts/actor';
import { onceBack } from '#libs/messaging/away';
import { type ApplyStates, StateReader } from '#libs/messaging/state-reader';
import { stateOf } from '#libs/messaging/topics';
import type { Views } from '#libs/persistence/views';
import type { Runtime } from './runtime.js';

const LOOK_EVERY_MS = 25;

/** The copies of what one other service owns: read to the end before the first command is taken. */
export class Copies {
  private readonly group: string;

  constructor(
    private readonly runtime: Runtime,
    private readonly owner: Service,
    views: readonly Pick<Views, 'ensureIndexes'>[],
    apply: ApplyStates,
    onAssigned?: () => void,
  ) {
    const { service, kafka, park, log, health, before, after } = runtime;
    this.group = `${service}.copies-of-${owner}`;
    const reader = new StateReader(this.group, [owner], apply, kafka, park, log, onAssigned);
    before.push(async () => {
      for (const each of views) await each.ensureIndexes();
      await reader.start();
      while (!(await onceBack(log, () => reader.caughtUp()))) await pause(LOOK_EVERY_MS);
    });
    after.push(() => reader.stop());
    health.add(`copies of ${owner}`, async () => {
      if (!reader.ready()) throw new Error('not assigned');
    });
  }

  /** Resolves when everything its owner had published by now is in the copies; throws when that takes too long. */
  async upToNow(withinMs: number): Promise<void> {
    const { kafka } = this.runtime;
    const topic = stateOf(this.owner);
    const goals = await kafka.endOffsets(topic);
    const end = Date.now() + withinMs;
    while (!reached(goals, await kafka.groupOffsets(this.group, topic))) {
      if (Date.now() > end) throw new Error(`the copies of ${this.owner} are ${withinMs} ms behind`);
      await pause(LOOK_EVERY_MS);
    }
  }
}

const reached = (goals: Map<number, { low: number; high: number }>, next: Map<number, number>) =>
  [...goals].every(([partition, { low, high }]) => high === low || (next.get(partition) ?? -1) >= high);
