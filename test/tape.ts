import type { FactRecord } from '#libs/contracts/message';
import { eventsOf, FEED } from '#libs/messaging/topics';
import { eventually } from '#libs/testing/eventually';
import { type Body, fileOf, type RunningHouse, SERVICES } from './running-house.js';

const IMPORTED = 'partnership.imported.v1';

/** The tape is read to where these topics end now. */
async function readByNow(house: RunningHouse, topics: readonly string[]): Promise<void> {
  for (const topic of topics) {
    const ends = await house.kafka.endOffsets(topic);
    await eventually(() => {
      for (const [partition, { high }] of ends) {
        const last = house.tape.findLast((each) => each.topic === topic && each.partition === partition);
        if ((last?.offset ?? -1) + 1 < high) throw new Error(`${topic}/${partition} is not read to its end.`);
      }
    });
  }
}

/** Every fact that stands on its topic by now. */
async function factsByNow(house: RunningHouse): Promise<FactRecord[]> {
  await readByNow(house, SERVICES.map(eventsOf));
  return house.facts();
}

/**
 * All facts, once what has been written has also been told: no outbox holds anything back, every fact stands in the feed, and the
 * gateway has read the feed to its end. As many facts in the feed as on their topics would not do: right after an answer it is
 * none of either.
 */
export async function allTold(house: RunningHouse, withinMs = 30_000): Promise<FactRecord[]> {
  return await eventually(async () => {
    const waiting = await house.databases.unpublished(SERVICES);
    if (waiting > 0) throw new Error(`${waiting} records are still to be published.`);
    const facts = await factsByNow(house);
    await readByNow(house, [FEED]);
    const missing = facts.length - house.announced().length;
    if (missing !== 0) throw new Error(`${missing} facts are still to be announced.`);
    const newest = (await house.kafka.endOffsets(FEED)).get(0)!.high - 1;
    const { body } = await house.admin.get(`/v1/feed?after=${Math.max(-1, newest - 1)}&limit=1`);
    if (newest >= 0 && body.next !== newest) throw new Error(`The gateway has read the feed to ${body.next}, it ends at ${newest}.`);
    return facts;
  }, withinMs);
}

const identity = ({ subject, sequence }: FactRecord) => `${subject} ${sequence}`;

/**
 * What was told since an earlier mark, this one left out. A mark is a change that goes the way all changes go; once it is told,
 * what came before it has been told too, so that it can be said of what was not told.
 */
export class Marks {
  private known = new Set<string>();
  private months = 90;

  constructor(
    private readonly house: RunningHouse,
    private readonly slug: string,
  ) {}

  /** The file of the partnership as the last mark has left it. */
  get file(): Body {
    return { ...fileOf(this.slug), durationMonths: this.months };
  }

  async set(): Promise<FactRecord[]> {
    this.months += 1;
    const { durationMonths } = this.file;
    await this.house.importFile(this.file);
    const isMark = ({ type, data }: FactRecord) =>
      type.startsWith('partnership.') && (data as Body).slug === this.slug && (data as Body).durationMonths === durationMonths;
    await eventually(() => {
      // Announced, it can be read too.
      if (!this.house.announced(IMPORTED).some(isMark)) throw new Error('The mark is not told yet.');
    });
    const facts = await factsByNow(this.house);
    const since = facts.filter((fact) => !this.known.has(identity(fact)) && !isMark(fact));
    this.known = new Set(facts.map(identity));
    return since;
  }
}
