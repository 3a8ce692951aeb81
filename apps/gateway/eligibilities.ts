import { Injectable } from '@nestjs/common';
import type { OrganisationView } from '#libs/contracts/organisation';
import type { PlannedEventView } from '#libs/contracts/planned-event';
import { type Belonging, eligibilityRules } from '#libs/domain/eligibility';
import { evaluate, type Verdict } from '#libs/domain/verdict';
import { Runtime } from '#libs/service/runtime';
import { ReadModels } from './read-models.js';

/** Judges whether an organisation may come to an event by what can be read: so it is told also while other services are away. */
@Injectable()
export class Eligibilities {
  constructor(
    private readonly runtime: Runtime,
    private readonly models: ReadModels,
  ) {}

  async of(event: string, organisation: string): Promise<Verdict[]> {
    const [[at], [who]] = await Promise.all([this.models.byIds('events', [event]), this.models.byIds('organisations', [organisation])]);
    const said = at as unknown as PlannedEventView;
    const { type, country, sizeClass } = who as unknown as OrganisationView;
    return evaluate(eligibilityRules, {
      event: { ...said, day: said.start?.slice(0, 10) ?? said.when?.earliest ?? null },
      organisation: { type, country, isSme: sizeClass.isSme },
      memberships: await this.belonging(said, organisation),
      at: this.runtime.clock.iso(),
    });
  }

  private async belonging({ partnerships }: PlannedEventView, organisation: string): Promise<Belonging[]> {
    const asked = [{ organisation }, ...partnerships.map((partnership) => ({ partnership }))];
    const found = await Promise.all(asked.map((fields) => this.models.where('memberships', fields as Record<string, string>)));
    return found.flat() as unknown as Belonging[];
  }
}
