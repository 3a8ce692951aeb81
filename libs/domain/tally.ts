import { createHash } from 'node:crypto';
import type { Tally } from '#libs/contracts/stores';

/** Counts aggregates that come in order of their ids. */
export class Tallying {
  private count = 0;
  private versions = 0;
  private readonly hash = createHash('sha256');

  add(id: string, version: number): void {
    this.count += 1;
    this.versions += version;
    this.hash.update(`${id}:${version}\n`);
  }

  end(): Tally {
    return { count: this.count, versions: this.versions, hash: this.hash.digest('hex') };
  }
}

/** Of versions by id: how many, their sum, and a hash that two sides share only when each id has the same version on both. */
export function tallyOf(versions: ReadonlyMap<string, number>): Tally {
  const tallying = new Tallying();
  for (const id of [...versions.keys()].sort()) tallying.add(id, versions.get(id)!);
  return tallying.end();
}
