import { timed } from './event-times.js';
import { type PlannedEvent, type WholeEvent, whole } from './planned-event.js';

/** For tests: a workshop in Bilbao that says all it needs to be opened; dated by its start and end. */
export const anEvent = (over: Partial<PlannedEvent> = {}): WholeEvent =>
  timed(
    whole({
      title: null,
      partnerships: ['01976a00-0000-7000-8000-00000000000d'],
      type: 'REGIONAL_WORKSHOP',
      typeLabel: null,
      targetGroups: ['SMES'],
      openToSmes: true,
      when: null,
      whenLabel: null,
      zone: 'Europe/Madrid',
      mode: 'ON_SITE',
      country: 'ES',
      city: 'Bilbao',
      cityAsPrinted: null,
      state: 'PLANNED',
      no: null,
      sourceKey: null,
      externalIds: [],
      start: '2027-05-12T09:00',
      end: '2027-05-13T17:00',
      deadline: '2027-05-01T23:59',
      capacity: 20,
      privacyNotice: { en: 'Kept for a year.' },
      ...over,
    }),
  );
