import { readFileSync } from 'node:fs';

/** The one clock of a service. Nothing else asks the machine for the time of the domain. */
export interface Clock {
  now(): Date;
  /** ISO 8601 UTC */
  iso(): string;
}

const of = (now: () => number): Clock => ({ now: () => new Date(now()), iso: () => new Date(now()).toISOString() });

export const machineClock = of(() => Date.now());

/** While the file is being written it cannot be read: then the offset stays. */
const offsetIn = (path: string, before: number): number => {
  try {
    return Number(JSON.parse(readFileSync(path, 'utf8')).offsetMs) || 0;
  } catch {
    return before;
  }
};

/** A clock that a test moves for all processes at once: the file holds `{ "offsetMs": n }`, and is read whenever the time is. */
export function movedClock(path: string): Clock {
  let offset = offsetIn(path, 0);
  return of(() => {
    offset = offsetIn(path, offset);
    return Date.now() + offset;
  });
}

export const clockFrom = (config: { TEST_CLOCK?: string }): Clock => (config.TEST_CLOCK ? movedClock(config.TEST_CLOCK) : machineClock);
