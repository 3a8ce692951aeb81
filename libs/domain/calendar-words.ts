import { edtfDate } from './edtf-date.js';

/** What calendars say beside what an event says of itself; `{…}` is filled. */
interface Words {
  event: string;
  dateOpen: string;
  about: string;
  cancelled: string;
  postponed: string;
  programme: string;
  stops: string;
  online: string;
  join: string;
  meeting: string;
  table: string;
}

const words: Record<string, Words | undefined> = {
  en: {
    event: 'Event',
    dateOpen: 'The date is not fixed yet: {date}.',
    about: 'about {date}',
    cancelled: 'Cancelled: {reason}',
    postponed: 'Postponed: {reason}',
    programme: 'Programme:',
    stops: 'Stops:',
    online: 'Online',
    join: 'Take part online: {url}',
    meeting: 'Meeting: {who}',
    table: 'Table {table}',
  },
  fr: {
    event: 'Événement',
    dateOpen: 'La date n’est pas encore fixée : {date}.',
    about: 'vers {date}',
    cancelled: 'Annulé : {reason}',
    postponed: 'Reporté : {reason}',
    programme: 'Programme :',
    stops: 'Étapes :',
    online: 'En ligne',
    join: 'Participer en ligne : {url}',
    meeting: 'Rendez-vous : {who}',
    table: 'Table {table}',
  },
  de: {
    event: 'Veranstaltung',
    dateOpen: 'Der Termin steht noch nicht fest: {date}.',
    about: 'etwa {date}',
    cancelled: 'Abgesagt: {reason}',
    postponed: 'Verschoben: {reason}',
    programme: 'Programm:',
    stops: 'Stationen:',
    online: 'Online',
    join: 'Online teilnehmen: {url}',
    meeting: 'Treffen: {who}',
    table: 'Tisch {table}',
  },
  es: {
    event: 'Evento',
    dateOpen: 'La fecha aún no está fijada: {date}.',
    about: 'hacia {date}',
    cancelled: 'Cancelado: {reason}',
    postponed: 'Aplazado: {reason}',
    programme: 'Programa:',
    stops: 'Etapas:',
    online: 'En línea',
    join: 'Participar en línea: {url}',
    meeting: 'Reunión: {who}',
    table: 'Mesa {table}',
  },
};

export const CALENDAR_LANGUAGES = Object.keys(words);

export function word(language: string, name: keyof Words, fill: Record<string, string> = {}): string {
  const text = (words[language] ?? words.en!)[name];
  return text.replaceAll(/\{(\w+)\}/g, (_, gap: string) => fill[gap] ?? '');
}

export const countryName = (language: string, code: string): string =>
  new Intl.DisplayNames([language], { type: 'region' }).of(code) ?? code;

/** A date as it is read aloud, no more precise than it is: "September 2018", "12–14 September 2018", "about 2019". */
export function dateInWords(language: string, edtf: string, { first, last }: { first: string; last: string }): string {
  const format = new Intl.DateTimeFormat(language, { ...partsOf(edtf), timeZone: 'UTC' });
  const text = format.formatRange(new Date(first), new Date(last));
  return /[~?%]/.test(edtf) ? word(language, 'about', { date: text }) : text;
}

function partsOf(edtf: string): Intl.DateTimeFormatOptions {
  const sides = edtf.split('/').filter((side) => side !== '' && side !== '..');
  const precisions = sides.map((side) => edtfDate(side).precision);
  if (precisions.every((each) => each === 'day')) return { day: 'numeric', month: 'long', year: 'numeric' };
  return precisions.every((each) => each === 'year') ? { year: 'numeric' } : { month: 'long', year: 'numeric' };
}
