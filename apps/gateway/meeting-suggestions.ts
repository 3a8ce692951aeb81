import { Injectable } from '@nestjs/common';
import type { Actor } from '#libs/contracts/actor';
import type { MeetingProfileView } from '#libs/contracts/meeting-profile';
import type { OrganisationView } from '#libs/contracts/organisation';
import type { PersonView } from '#libs/contracts/person';
import type { PlannedEventView } from '#libs/contracts/planned-event';
import type { RegistrationView } from '#libs/contracts/registration';
import { type Seeking, suggestionOf } from '#libs/domain/meeting-suggestions';
import { policyFor } from '#libs/domain/policy';
import { levelOf } from '#libs/domain/visibility';
import { Runtime } from '#libs/service/runtime';
import { ownersRead, policiesRead } from './policies-read.js';
import { absent } from './problem.js';
import { ReadModels } from './read-models.js';
import type { View } from './resources.js';

const ADMITTED = ['APPROVED', 'ATTENDED'];

type Profile = Omit<Seeking, 'country'> & { takesRequests: boolean | null };
const noProfile: Profile = { offers: [], requests: [], classifications: null, takesRequests: null };

const REQUESTS = 'EVENT_MEETINGS_REQUESTS';

/** Whom a participant might meet: everybody admitted from elsewhere, those that suit best first. */
@Injectable()
export class MeetingSuggestions {
  constructor(
    private readonly models: ReadModels,
    private readonly runtime: Runtime,
  ) {}

  /** For one's own participants alone, or for the organiser: 404 for who may not see the registration. */
  async of(event: View, person: string, by: Actor) {
    const { id, meetings, partnerships } = event as unknown as PlannedEventView;
    const found = (await this.models.where('registrations', { event: id })) as unknown as (RegistrationView & View)[];
    const admitted = found.filter(({ state }) => ADMITTED.includes(state));
    const own = admitted.find(({ persons }) => persons.includes(person));
    if (!own || levelOf('registrations', own, by, []) === 'NOTHING') throw absent(`participant ${person.slice(0, 80)}`);
    const others = admitted
      .filter(({ organisation }) => organisation !== own.organisation)
      .flatMap(({ organisation, persons }) => persons.map((each) => ({ person: each, organisation })));
    const [profiles, organisations, persons] = await Promise.all([
      this.models.where('meeting-profiles', { event: id }) as unknown as Promise<MeetingProfileView[]>,
      this.byId<OrganisationView>('organisations', [own.organisation, ...others.map(({ organisation }) => organisation)]),
      this.byId<PersonView>(
        'persons',
        others.map((each) => each.person),
      ),
    ]);
    const profileOf = (who: string): Profile => profiles.find((each) => each.person === who) ?? noProfile;
    const seeking = (who: string, organisation: string) => ({
      ...profileOf(who),
      country: organisations.get(organisation)?.country ?? null,
    });
    const usually = meetings?.requests ?? (await this.requestsOf(partnerships));
    const one = seeking(person, own.organisation);
    return others
      .map(({ person: who, organisation }) => {
        const { offers, requests, classifications, takesRequests, country } = seeking(who, organisation);
        return {
          person: who,
          name: persons.get(who)?.name ?? null,
          organisation,
          organisationName: organisations.get(organisation)?.name ?? null,
          country,
          offers,
          requests,
          classifications,
          takesRequests: takesRequests ?? usually === 'OPT_OUT',
          ...suggestionOf(one, { offers, requests, classifications, country }),
        };
      })
      .sort((a, b) => b.score - a.score || (a.person < b.person ? -1 : 1));
  }

  /** Where the event does not say whether participants are asked unless they say no, a rule in force does. */
  private async requestsOf(partnerships: readonly string[]): Promise<unknown> {
    const [policies, owners] = await Promise.all([policiesRead(this.models, [REQUESTS]), ownersRead(this.models, partnerships)]);
    return policyFor(REQUESTS, { at: this.runtime.clock.iso(), policies }, owners)?.value;
  }

  private async byId<V>(resource: string, ids: readonly string[]): Promise<Map<string, V>> {
    const found = ids.length > 0 ? await this.models.byIds(resource, [...new Set(ids)]) : [];
    return new Map(found.map((view) => [view.id, view as V]));
  }
}
