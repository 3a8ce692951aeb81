import type { MeetingView } from '#libs/contracts/meeting';
import type { MeetingProfileView } from '#libs/contracts/meeting-profile';
import type { OrganisationView } from '#libs/contracts/organisation';
import type { PersonView } from '#libs/contracts/person';
import type { ReadModels } from './read-models.js';
import type { View } from './resources.js';
import { MeetingShown } from './shown.js';

/** States in which the two have agreed to meet: each may know how to reach the other. */
const AGREED = ['ACCEPTED', 'SCHEDULED', 'HELD', 'NO_SHOW'];

/** Who meets, for those who may read the meeting: from the records of persons and organisations as they are now. */
export class MeetingSides {
  constructor(private readonly models: ReadModels) {}

  async meetings(views: View[]): Promise<unknown[]> {
    const all = views as unknown as (MeetingView & { message?: string | null })[];
    const sides = all.flatMap(({ requester, guest }) => [requester, guest]);
    const events = [...new Set(all.map(({ event }) => event))];
    const [persons, organisations, profiles] = await Promise.all([
      this.byId<PersonView>(
        'persons',
        sides.map(({ person }) => person),
      ),
      this.byId<OrganisationView>(
        'organisations',
        sides.map(({ organisation }) => organisation),
      ),
      Promise.all(events.map((event) => this.models.where('meeting-profiles', { event }))),
    ]);
    const offers = new Map(
      (profiles.flat() as unknown as MeetingProfileView[]).map((each) => [`${each.event} ${each.person}`, each.offers]),
    );
    return all.map((meeting) => {
      const shown = ({ person, ...side }: MeetingView['requester']) => ({
        ...side,
        person,
        name: persons.get(person)?.name ?? null,
        organisationName: organisations.get(side.organisation)?.name ?? null,
        email: AGREED.includes(meeting.state) ? (persons.get(person)?.email ?? null) : null,
        offers: offers.get(`${meeting.event} ${person}`) ?? [],
      });
      return MeetingShown.parse({ ...meeting, requester: shown(meeting.requester), guest: shown(meeting.guest) });
    });
  }

  private async byId<V>(resource: string, ids: string[]): Promise<Map<string, V>> {
    const found = ids.length > 0 ? await this.models.byIds(resource, [...new Set(ids)]) : [];
    return new Map(found.map((view) => [view.id, view as V]));
  }
}
