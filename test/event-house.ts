import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { type Agent, type Body, type HouseOptions, RunningHouse } from './running-house.js';
import { failing } from './verdicts.js';

export const START = '2027-01-01T00:00:00Z';

/** All that an event says before its registration is opened. */
export const workshop = {
  title: { en: 'Workshop on digital twins' },
  type: 'REGIONAL_WORKSHOP',
  zone: 'Europe/Madrid',
  mode: 'ON_SITE',
  country: 'ES',
  city: 'Bilbao',
  start: '2027-05-12T09:00',
  end: '2027-05-12T17:00',
  targetGroups: ['SMES'],
  deadline: '2027-05-01T23:59',
  privacyNotice: { en: 'Kept for a year.' },
  capacity: 20,
};

/** An organisation with some persons, and who represents it. */
export interface Company {
  id: string;
  name: string;
  persons: string[];
  agent: Agent;
}

/** A house at the beginning of 2027 with DIA, and who organises its events. */
export class EventHouse {
  private constructor(
    readonly house: RunningHouse,
    readonly dia: Body,
    readonly organiser: Agent,
  ) {}

  static async open(options: HouseOptions = {}): Promise<EventHouse> {
    const house = await RunningHouse.open({ at: START, ...options });
    const { dia } = await house.withDia();
    return new EventHouse(house, dia, await house.holding('EVENT_ORGANISER', 'PARTNERSHIP', dia.id));
  }

  close(): Promise<void> {
    return this.house.close();
  }

  async planned(more: object = {}): Promise<Body> {
    return (
      await this.organiser
        .post('/v1/events')
        .send({ partnerships: ['dia'], ...more })
        .expect(201)
    ).body;
  }

  /** An event of DIA after these commands. */
  async moved(said: object, ...commands: string[]): Promise<string> {
    const { id } = await this.planned(said);
    for (const command of commands) await this.organiser.post(`/v1/events/${id}/${command}`).expect(200);
    return id;
  }

  /** A workshop whose registration is open. */
  async opened(more: object = {}): Promise<string> {
    const id = await this.moved({ ...workshop, ...more }, 'schedule', 'open-registration');
    // Its seats follow a moment later.
    await eventually(async () => {
      if ((await this.availability(id)).movements.length === 0) throw new Error('it has no seats yet');
    });
    return id;
  }

  /** With so many persons, or persons of these names. */
  async company(persons: number | readonly string[], said: object = {}): Promise<Company> {
    const draft = { name: `Company ${newId()}`, type: 'SME', country: 'ES', ...said };
    const { body } = await this.house.admin.post('/v1/organisations').send(draft).expect(201);
    const names = typeof persons === 'number' ? Array.from({ length: persons }, () => 'Somebody') : persons;
    const all: string[] = [];
    for (const name of names) {
      const one = { name, email: `${newId()}@company.example`, organisation: body.id };
      all.push((await this.house.admin.post('/v1/persons').send(one).expect(201)).body.id);
    }
    return {
      id: body.id,
      name: draft.name,
      persons: all,
      agent: await this.house.holding('ORGANISATION_REPRESENTATIVE', 'ORGANISATION', body.id),
    };
  }

  /** As it is answered once the events service has learnt of organisation and persons, a moment after they are recorded. */
  register({ agent, id }: Pick<Company, 'agent' | 'id'>, event: string, persons: readonly string[], more: object = {}) {
    return eventually(async () => {
      const answer = await agent.post(`/v1/events/${event}/registrations`).send({ organisation: id, persons, ...more });
      const unknown = ['REGISTRATION.ELIGIBLE.KNOWN', 'REGISTRATION.PERSONS.OWN'];
      if (answer.body.verdicts && failing(answer.body).some((code) => unknown.includes(code))) throw new Error('not known yet');
      return answer;
    });
  }

  /** The same, registered. */
  async registered(company: Pick<Company, 'agent' | 'id'>, event: string, persons: readonly string[], more: object = {}): Promise<Body> {
    const { status, body } = await this.register(company, event, persons, more);
    if (status !== 201) throw new Error(`The registration was answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  async registration(event: string, id: string): Promise<Body> {
    return (await this.organiser.get(`/v1/events/${event}/registrations/${id}`).expect(200)).body;
  }

  async availability(event: string): Promise<Body> {
    return (await this.house.public.get(`/v1/events/${event}/availability`).expect(200)).body;
  }
}

/** A command on a registration. */
export const onRegistration = (agent: Agent, event: string, id: string, command: string, said?: object) =>
  agent.post(`/v1/events/${event}/registrations/${id}/${command}`).send(said);
