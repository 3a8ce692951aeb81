import type { FactRecord } from '#libs/contracts/message';
import { eventsOf } from '#libs/messaging/topics';
import { eventually } from '#libs/testing/eventually';
import { type Body, fileOf, type RunningHouse, SERVICES } from './running-house.js';

const IMPORTED = 'partnership.imported.v1';

/** Every fact that stands on its topic by now: the tape is read to where the topics end. */
async function factsByNow(house: RunningHouse): Promise<FactRecord[]> {
  for (const topic of SERVICES.map(eventsOf)) {
    const ends = await house.kafka.endOffsets(topic);
    await eventually(() => {
      for (const [partition, { high }] of ends) {
        const last = house.tape.findLast((each) => each.topic === topic && each.partition === partition);
        if ((last?.offset ?? -1) + 1 < high) throw new Error(`${topic}/${partition} is not read to its end.`);
      }
    });
  }
  return house.facts();
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
