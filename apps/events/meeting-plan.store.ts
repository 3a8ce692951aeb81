import { Injectable } from '@nestjs/common';
import { Meeting, type MeetingView } from '#libs/contracts/meeting';
import { MeetingPlan as Contract } from '#libs/contracts/meeting-plan';
import type { Stamp } from '#libs/contracts/values';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import { saysMore } from './meeting-forget.js';
import { countsOf, type Plan } from './meeting-plan.js';

/** The meetings of each event under its id, and the records that follow from them. */
@Injectable()
export class MeetingPlanStore extends Store<Plan> {
  constructor(house: House) {
    super(house, Contract.contract, {
      keeps: {
        contract: Meeting.contract,
        versionOf: (plan, id) => plan?.entries.find((entry) => entry.id === id)?.version ?? null,
      },
    });
  }

  /** Events with meetings that say more of a person than that there was one. */
  async holding(person: string): Promise<string[]> {
    const found = (await this.records?.where({ 'state.persons': person })) ?? [];
    return [...new Set(found.filter(({ view }) => saysMore(view as unknown as MeetingView, person)).map(({ view }) => String(view.event)))];
  }

  /** Ids of all meetings of a person at an event, whatever became of them. */
  async meetingsOf(event: string, person: string): Promise<string[]> {
    const found = (await this.records?.where({ 'state.persons': person })) ?? [];
    return found.filter(({ view }) => view.event === event).map(({ id }) => id);
  }

  override view(plan: Plan, stamp: Stamp): unknown {
    return this.contract.view.parse({ ...stamp, partnerships: plan.partnerships, counts: countsOf(plan), schedule: plan.run });
  }

  /** The two of a meeting, for what has to be known of them before it is decided; null: it is not there. */
  async personsOf(event: string, meeting: string): Promise<readonly string[] | null> {
    const known = this.records?.cached(meeting) ?? (await this.records?.load([meeting]))?.get(meeting);
    if (known) return known.view.persons as string[];
    // Requested a moment ago, it stands in the plan alone.
    const plan = await this.get(event);
    return plan?.state.entries.find(({ id }) => id === meeting)?.persons ?? null;
  }
}
