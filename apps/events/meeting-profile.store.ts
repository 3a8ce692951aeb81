import { Injectable } from '@nestjs/common';
import { MeetingProfile as Contract } from '#libs/contracts/meeting-profile';
import { House } from '#libs/persistence/house';
import { Store } from '#libs/persistence/store';
import type { MeetingProfile } from './meeting-profile.js';
import type { Wanting } from './meeting-setting.js';

@Injectable()
export class MeetingProfileStore extends Store<MeetingProfile> {
  constructor(house: House) {
    super(house, Contract.contract, {
      indexes: [{ 'state.event': 1 }],
      uniques: [
        {
          path: 'who',
          code: 'MEETING_PROFILE.PERSON.ONCE',
          pointer: '/person',
          message: () => 'The person has a profile for the meetings of this event.',
        },
      ],
    });
  }

  /** Ids of all that a person has. */
  async of(person: string): Promise<string[]> {
    const found = await this.documents.find({ 'state.person': person } as never, { projection: { _id: 1 } }).toArray();
    return found.map(({ _id }) => String(_id));
  }

  /** What participants of an event say of their meetings, by person; of some of them, or of all. */
  async wanting(event: string, persons: readonly string[] | null): Promise<Map<string, Wanting>> {
    const filter = persons ? { 'state.who': { $in: persons.map((person) => `${event}:${person}`) } } : { 'state.event': event };
    const found = await this.documents.find(filter as never).toArray();
    return new Map(
      found.flatMap(({ state }) => (state ? [[state.person, { away: state.away, takesRequests: state.takesRequests }] as const] : [])),
    );
  }
}
