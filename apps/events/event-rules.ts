import { IANAZone } from 'luxon';
import type { EventPatch } from '#libs/contracts/planned-event';
import { isEdtf } from '#libs/domain/edtf-date';
import { distinctIds } from '#libs/domain/external-ids';
import { failed, notApplicable, passed, rule } from '#libs/domain/verdict';
import { isCountry } from '#libs/reference/countries';
import { vocabulary } from '#libs/reference/vocabulary';
import { faultsOfSchema } from './form.js';

/** What is said of an event, whoever says it and whatever for. */
interface Said {
  patch: EventPatch;
}

const knownType = rule('EVENT.TYPE.KNOWN', ({ patch: { type } }: Said) => {
  if (type === undefined || type === null) return notApplicable('No type is stated.');
  const known = vocabulary('event-types').has(type);
  return known ? passed('The type is known.', { type }) : failed(`${type} is not a code of event-types.`, { type }, '/type');
});

const knownGroups = rule('EVENT.TARGET_GROUPS.KNOWN', ({ patch: { targetGroups } }: Said) => {
  if (!targetGroups) return notApplicable('No target groups are stated.');
  const groups = vocabulary('target-groups');
  const unknown = targetGroups.flatMap((code, i) =>
    groups.findItem(code)?.code === code ? [] : [{ pointer: `/targetGroups/${i}`, message: `${code} is not a code of target-groups.` }],
  );
  return unknown.length === 0
    ? passed('The target groups are known.', { targetGroups })
    : failed('A target group is not known.', { targetGroups }, unknown);
});

const realDate = rule('EVENT.WHEN.READABLE', ({ patch: { when } }: Said) => {
  if (!when) return notApplicable('No date is stated.');
  return isEdtf(when)
    ? passed('The date can be read.', { when })
    : failed(`${when} is not a date of EDTF level 0 or 1.`, { when }, '/when');
});

const realZone = rule('EVENT.ZONE.KNOWN', ({ patch: { zone } }: Said) => {
  if (!zone) return notApplicable('No time zone is stated.');
  return IANAZone.isValidZone(zone)
    ? passed('The time zone is known.', { zone })
    : failed(`${zone} is not a time zone of the IANA database.`, { zone }, '/zone');
});

const knownCountry = rule('EVENT.COUNTRY.KNOWN', ({ patch: { country } }: Said) => {
  if (!country) return notApplicable('No country is stated.');
  return isCountry(country)
    ? passed('The country is known.', { country })
    : failed(`${country} is not a country of ISO 3166-1.`, { country }, '/country');
});

const knownStops = rule('EVENT.STOPS.KNOWN', ({ patch: { stops, delegation } }: Said) => {
  if (!stops && !delegation) return notApplicable('Neither stops nor local partners are stated.');
  const places = [
    ...(stops ?? []).map(({ country }, i) => ({ pointer: `/stops/${i}/country`, country })),
    ...(delegation?.localPartners ?? []).map(({ country }, i) => ({ pointer: `/delegation/localPartners/${i}/country`, country })),
  ];
  const unknown = places
    .filter(({ country }) => !isCountry(country))
    .map(({ pointer, country }) => ({ pointer, message: `${country} is not a country of ISO 3166-1.` }));
  return unknown.length === 0 ? passed('The countries are known.') : failed('A country is not known.', {}, unknown);
});

const soundForm = rule('EVENT.FORM.SOUND', ({ patch: { form } }: Said) => {
  if (!form) return notApplicable('No form is stated.');
  const faults = faultsOfSchema(form);
  return faults.length === 0 ? passed('The form can be answered.') : failed('The form is no schema that can be answered.', {}, faults);
});

const knownCountries = rule('EVENT.ADMISSION.COUNTRIES', ({ patch: { admission } }: Said) => {
  const unknown = (admission?.countries ?? []).flatMap((code, i) =>
    isCountry(code) ? [] : [{ pointer: `/admission/countries/${i}`, message: `${code} is not a country of ISO 3166-1.` }],
  );
  if (!admission?.countries) return notApplicable('The event is for every country.');
  return unknown.length === 0 ? passed('The countries are known.') : failed('A country is not known.', {}, unknown);
});

/** What holds for everything that is said of an event. */
export const saidRules = [
  knownType,
  knownGroups,
  realDate,
  realZone,
  knownCountry,
  knownStops,
  soundForm,
  knownCountries,
  distinctIds('EVENT'),
];

/** Roles that plan and change events, bound to the event or to one of its partnerships. */
export const IN_CHARGE: readonly string[] = ['PLATFORM_ADMIN', 'EVENT_ORGANISER', 'PARTNERSHIP_COORDINATOR', 'PARTNERSHIP_MANAGER'];
