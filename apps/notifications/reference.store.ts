import { Injectable } from '@nestjs/common';
import { onceBack } from '#libs/messaging/away';
import { type ReadState, StateReader } from '#libs/messaging/state-reader';
import { Views } from '#libs/persistence/views';
import { Runtime } from '#libs/service/runtime';
import type { Knowledge, Known } from './matching.js';

const NAMED = ['partnership', 'cluster'];
/** Their facts do not say whose they are. */
const OWNED = ['report'];
const LOOK_AGAIN_MS = 50;
/** A fact may be told before the state of what it speaks of has come by. */
const PATIENCE_MS = 5000;

/** What partnerships and clusters are called and whether they are published, and whose a report is: a copy of what their services say. */
@Injectable()
export class ReferenceStore {
  private readonly copies: Views<Known>;

  constructor(runtime: Runtime) {
    const { kafka, park, log, house } = runtime;
    this.copies = new Views(house.db, 'references');
    const reader = new StateReader(
      'notifications.references',
      ['membership', 'worker'],
      (records) => this.copies.apply(records.flatMap(known)),
      kafka,
      park,
      log,
    );
    runtime.before.push(async () => {
      await reader.start();
      while (!(await onceBack(log, () => reader.caughtUp()))) await pause();
    });
    runtime.after.push(() => reader.stop());
    runtime.health.add('references', async () => {
      if (!reader.ready()) throw new Error('not assigned');
    });
  }

  /** What is known of these; waits a little for those of which nothing is known yet. */
  async of(ids: readonly string[]): Promise<Knowledge> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const knowledge = await this.now(ids);
      if (knowledge.size === ids.length) return knowledge;
      if (Date.now() > end) return knowledge;
      await pause();
    }
  }

  private async now(ids: readonly string[]): Promise<Knowledge> {
    if (ids.length === 0) return new Map();
    const found = await this.copies.where({ _id: { $in: ids } });
    return new Map(found.map(({ _id, view }) => [_id, view]));
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));

function known({ aggregate, id, version, view }: ReadState): (Omit<ReadState, 'view' | 'aggregate'> & { view: Known | null })[] {
  if (![...NAMED, ...OWNED].includes(aggregate)) return [];
  if (view === null) return [{ id, version, view: null }];
  const { slug, formerSlugs, profile, owner } = view as Partial<Record<'slug' | 'profile' | 'owner', string | null>> & {
    formerSlugs?: string[];
  };
  const named = { slugs: [slug ?? [], formerSlugs ?? []].flat(), published: profile === 'PUBLISHED' };
  return [{ id, version, view: owner ? { ...named, owner } : named }];
}
