import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { eventually } from '#libs/testing/eventually';
import { MailReceiver, type ReceivedMail } from '#libs/testing/mail-receiver';
import { EventHouse, START } from './event-house.js';
import type { Agent, Body, RunningHouse } from './running-house.js';
import { allTold } from './tape.js';

const ROOM = 'https://meet.example/secret-room';

let at: EventHouse;
let house: RunningHouse;
let relay: MailReceiver;
let organiser: Agent;
beforeAll(async () => {
  relay = await MailReceiver.listen();
  at = await EventHouse.open({ own: { notifications: { SMTP_URL: relay.url } } });
  ({ house, organiser } = at);
});
afterAll(async () => {
  await at?.close();
  await relay?.close();
});

const day = (from: string, to: string) => ({ from: `2027-05-12T${from}`, to: `2027-05-12T${to}` });
const fair = {
  type: 'MATCHMAKING_EVENT',
  mode: 'HYBRID',
  joinUrl: ROOM,
  meetings: { hours: [day('09:00', '12:00')], breaks: [], slotMinutes: 25, pauseMinutes: 5, tables: ['A', 'B'] },
};

/** An event whose registration is open; its title is its own, so that its mails can be told apart. */
async function opened(more: object = {}): Promise<{ id: string; title: string }> {
  const title = `Fair ${newId().slice(-8)}`;
  return { id: await at.opened({ ...fair, title: { en: title }, ...more }), title };
}

interface Somebody {
  id: string;
  email: string;
  organisation: string;
  agent: Agent;
}

/** Somebody of a company of their own. */
async function somebody(name: string, more: object = {}): Promise<Somebody> {
  const { body: firm } = await house.admin.post('/v1/organisations').send({ name: `Company of ${name}`, type: 'SME', country: 'ES' });
  const email = `${name}.${newId()}@company.example`;
  const { body } = await house.admin
    .post('/v1/persons')
    .send({ name, email, organisation: firm.id, ...more })
    .expect(201);
  const agent = await house.holding('ORGANISATION_REPRESENTATIVE', 'ORGANISATION', firm.id);
  return { id: body.id, email, organisation: firm.id, agent };
}

/** The events service learns of organisations and persons a moment after they are recorded. */
const register = ({ agent, id, organisation }: Somebody, event: string, others: string[] = []): Promise<Body> =>
  eventually(async () => {
    const group = { organisation, persons: [id, ...others] };
    return (await agent.post(`/v1/events/${event}/registrations`).send(group).expect(201)).body;
  });

/** The mail with this subject, once it has come. */
const mailTo = ({ email }: Somebody, subject: string): Promise<ReceivedMail> =>
  eventually(() => {
    const found = relay.to(email).find((mail) => mail.subject === subject);
    expect(found ?? relay.to(email).map((mail) => mail.subject)).toMatchObject({ subject });
    return found!;
  }, 20_000);
const linkIn = ({ text }: ReceivedMail) => /(\/v1\/links\/[\w-]+)/.exec(text)![1]!;
const answer = (link: string, said: object) => house.public.post(link).set('prefer', 'wait=30').send(said);

describe('Who registers', () => {
  it('is told that there is a place, when, where and how to join, in their language, with the event for their calendar', async () => {
    const event = await opened();
    const ada = await somebody('Ada', { language: 'fr-BE' });
    const { id } = await register(ada, event.id);
    const mail = await mailTo(ada, `Confirmé : ${event.title}`);
    expect(mail.text).toContain('Bonjour Ada,');
    expect(mail.text).toMatch(/Quand: mercredi 12 mai 2027.*Europe\/Madrid/);
    expect(mail.text).toContain('Où: Bilbao');
    expect(mail.text).toContain(ROOM);
    expect(mail.calendar).toContain(`UID:${event.id}`);
    expect(mail.calendar).toContain('STATUS:CONFIRMED');
    expect(mail.headers).toMatch(/Content-Language: fr/i);
    await ada.agent.post(`/v1/events/${event.id}/registrations/${id}/cancel`).expect(200);
    await mailTo(ada, `Inscription annulée : ${event.title}`);
    expect(relay.to(ada.email)).toHaveLength(2);
  });

  it('waits with place and reason, is offered what becomes free until a moment, and takes it by the link, once', async () => {
    const event = await opened({ capacity: 2, admission: { confirmFreedSeat: true } });
    const [ada, ben, eve] = [await somebody('Ada'), await somebody('Ben', { zone: 'Europe/Helsinki' }), await somebody('Eve')];
    const { body: dan } = await house.admin
      .post('/v1/persons')
      .send({ name: 'Dan', email: `${newId()}@company.example`, organisation: eve.organisation })
      .expect(201);
    const first = await register(ada, event.id);
    const group = await register(eve, event.id, [dan.id]);
    expect(group.state).toBe('WAITLISTED');
    const together = await mailTo(eve, `Waiting list: ${event.title}`);
    expect(together.text).toContain('at place 1.');
    expect(together.text).toContain('fewer than your group of 2 needs');
    expect(together.text).not.toContain(ROOM);
    await eve.agent.post(`/v1/events/${event.id}/registrations/${group.id}/cancel`).expect(200);
    const other = await somebody('Zoe');
    await register(other, event.id);
    const { id } = await register(ben, event.id);
    expect((await mailTo(ben, `Waiting list: ${event.title}`)).text).toContain('no seat is free');
    await ada.agent.post(`/v1/events/${event.id}/registrations/${first.id}/cancel`).expect(200);
    const offer = await mailTo(ben, `A place for you: ${event.title}`);
    expect(offer.text).toMatch(/offered to you until .*\(Europe\/Helsinki\)/);
    const link = linkIn(offer);
    const asked = { purpose: 'SEAT_OFFER', state: 'OFFERED', holds: true, names: { event: event.title } };
    await eventually(async () => expect((await house.public.get(link).expect(200)).body).toMatchObject(asked));
    expect((await at.registration(event.id, id)).state).toBe('OFFERED');
    expect((await answer(link, { answer: 'accept' }).expect(200)).body).toMatchObject({ state: 'APPROVED', holds: false });
    expect((await answer(link, { answer: 'decline' }).expect(409)).body.code).toBe('LINK.HOLDS');
    expect((await at.registration(event.id, id)).state).toBe('APPROVED');
    await mailTo(ben, `Confirmed: ${event.title}`);
  });

  it('is told what the organiser decides, and why; the organiser that there is something to decide', async () => {
    const event = await opened({ admission: { approval: true } });
    const roles = [{ role: 'EVENT_ORGANISER', binding: { kind: 'EVENT', id: event.id } }];
    const olga = await somebody('Olga', { roles });
    const ada = await somebody('Ada', { language: 'de' });
    const { id } = await register(ada, event.id);
    await mailTo(ada, `Angemeldet: ${event.title}`);
    expect((await mailTo(olga, `To decide: ${event.title}`)).text).toContain('Company of Ada, persons: 1.');
    await organiser.post(`/v1/events/${event.id}/registrations/${id}/reject`).send({ reason: 'Too late for this one.' }).expect(200);
    expect((await mailTo(ada, `Nicht angenommen: ${event.title}`)).text).toContain('Angegebener Grund: Too late for this one.');
  });
});

describe('Who is registered', () => {
  it('is told that the event is postponed, has a new date, and is cancelled, each once', async () => {
    const event = await opened();
    const ada = await somebody('Ada');
    await register(ada, event.id);
    await mailTo(ada, `Confirmed: ${event.title}`);
    const give = (command: string, said?: object) => organiser.post(`/v1/events/${event.id}/${command}`).send(said).expect(200);
    await give('postpone', { reason: 'The hall is flooded.' });
    const postponed = await mailTo(ada, `Postponed: ${event.title}`);
    expect(postponed.text).toContain('Reason given: The hall is flooded.');
    expect(postponed.calendar).toContain('STATUS:CANCELLED');
    const patch = { start: '2027-06-12T09:00', end: '2027-06-12T17:00', deadline: '2027-06-01T23:59', meetings: null };
    await organiser.patch(`/v1/events/${event.id}`).set('if-match', '*').send(patch).expect(200);
    await give('schedule');
    const moved = await mailTo(ada, `New date: ${event.title}`);
    expect(moved.text).toContain('12 June 2027');
    expect(moved.calendar).toContain('STATUS:CONFIRMED');
    await give('cancel', { reason: 'Too few came.' });
    expect((await mailTo(ada, `Cancelled: ${event.title}`)).text).toContain('Too few came.');
    // What is told of the event is not told again of the registration that ended with it.
    await eventually(() =>
      expect(house.facts('registration.cancelled.v1').some(({ data }) => (data as Body).event === event.id)).toBe(true),
    );
    expect(relay.to(ada.email).map(({ subject }) => subject.split(':')[0])).toEqual(['Confirmed', 'Postponed', 'New date', 'Cancelled']);
  });

  it('reads what the organiser announces, in their language, unless they do not want to', async () => {
    const event = await opened();
    const [ada, ben] = [await somebody('Ada', { language: 'de' }), await somebody('Ben')];
    for (const each of [ada, ben]) await register(each, event.id);
    const consent = { purpose: 'EVENT_ANNOUNCEMENTS', text: 'Announcements', version: '1' };
    await house.admin.post(`/v1/persons/${ben.id}/give-consent`).send(consent).expect(200);
    await house.admin.post(`/v1/persons/${ben.id}/withdraw-consent`).send({ purpose: consent.purpose }).expect(200);
    for (const each of [ada, ben]) await eventually(() => expect(relay.to(each.email)).toHaveLength(1), 20_000);
    const said = { subject: { en: 'Another room', de: 'Anderer Raum' }, text: { en: 'Second floor.', de: 'Zweiter Stock.' } };
    await organiser.post(`/v1/events/${event.id}/announcements`).send(said).expect(201);
    expect((await mailTo(ada, `${event.title}: Anderer Raum`)).text).toContain('Zweiter Stock.');
    await organiser.post(`/v1/events/${event.id}/cancel`).send({ reason: 'No.' }).expect(200);
    await mailTo(ben, `Cancelled: ${event.title}`);
    expect(relay.to(ben.email)).toHaveLength(2);
  });

  it('is asked for a meeting and answers by the link; who asked is told, and both when it takes place', async () => {
    const event = await opened();
    const [ada, ben, eve] = [await somebody('Ada'), await somebody('Ben'), await somebody('Eve')];
    for (const each of [ada, ben, eve]) await register(each, event.id);
    await organiser.post(`/v1/events/${event.id}/open-booking`).expect(200);
    const ask = async (guest: Somebody): Promise<Body> => {
      const draft = { requester: ada.id, guest: guest.id, message: 'We make lenses.' };
      return (await ada.agent.post(`/v1/events/${event.id}/meetings`).send(draft).expect(201)).body;
    };
    const meeting = await ask(ben);
    const asked = await mailTo(ben, `Request of a meeting: ${event.title}`);
    expect(asked.text).toContain('Ada (Company of Ada) would like to meet you');
    expect(asked.text).toContain('“We make lenses.”');
    expect((await house.public.get(linkIn(asked)).expect(200)).body).toMatchObject({ purpose: 'MEETING_REQUEST', holds: true });
    expect((await answer(linkIn(asked), { answer: 'accept' }).expect(200)).body).toMatchObject({ state: 'ACCEPTED', holds: false });
    await mailTo(ada, `Accepted: meeting at ${event.title}`);
    await ask(eve);
    const toEve = linkIn(await mailTo(eve, `Request of a meeting: ${event.title}`));
    await answer(toEve, { answer: 'decline', reason: 'No time.' }).expect(200);
    expect((await mailTo(ada, `Declined: meeting at ${event.title}`)).text).toContain('No time.');
    expect((await answer(toEve, { answer: 'accept' }).expect(409)).body.code).toBe('LINK.HOLDS');
    await ada.agent.post(`/v1/events/${event.id}/meetings/${meeting.id}/schedule`).send({ start: '2027-05-12T09:30' }).expect(200);
    const slot = expect.stringContaining(event.title);
    for (const each of [ada, ben])
      await eventually(() => {
        const [mail] = relay.to(each.email).filter(({ subject }) => subject.startsWith('Meeting '));
        expect(mail).toMatchObject({ subject: slot, text: expect.stringMatching(/9:30.*\(Europe\/Madrid\).*Table: A/s) });
      }, 20_000);
  });

  it('is not written to once erased; no address stays, in no fact, log or store', async () => {
    const event = await opened();
    const ada = await somebody('Ada');
    await register(ada, event.id);
    await mailTo(ada, `Confirmed: ${event.title}`);
    relay.answer = (to) => (to === ada.email ? '451 later' : '250 taken');
    await organiser.post(`/v1/events/${event.id}/postpone`).send({ reason: 'The hall is flooded.' }).expect(200);
    await eventually(async () => {
      const found = await house.databases.holding(['notifications'], ada.id);
      expect(found.join()).toContain('mails');
    }, 20_000);
    const erased = await house.admin.post(`/v1/persons/${ada.id}/erase`).expect(200);
    expect(erased.body.parts).toContainEqual(expect.objectContaining({ service: 'notifications', place: 'MAILS', outcome: 'ERASED' }));
    expect(erased.body.parts).toContainEqual(expect.objectContaining({ service: 'notifications', place: 'MAIL_COPIES' }));
    relay.answer = () => '250 taken';
    house.setClock('2027-01-02T00:00:00Z');
    await organiser.post(`/v1/events/${event.id}/cancel`).send({ reason: 'No.' }).expect(200);
    const services = ['gateway', 'membership', 'events', 'exchanges', 'notifications', 'worker'] as const;
    expect(await house.databases.holding([...services], ada.email)).toEqual([]);
    expect(house.logs()).not.toContain(ada.email);
    expect(JSON.stringify(await allTold(house))).not.toContain(ada.email);
    expect(relay.to(ada.email)).toHaveLength(1);
    house.setClock(START);
  });
});
