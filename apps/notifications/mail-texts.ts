import type { MailView } from '#libs/contracts/mail';

/** What a text is filled with; `link` is a whole address, `until` a day. */
type Values = Readonly<Record<string, string>>;

interface Text {
  subject(values: Values): string;
  text(values: Values): string;
}

const joins = ({ partnership, cluster = '', organisation = '' }: Values, word: string) =>
  partnership ? `${cluster} ${word} ${partnership}` : `${organisation} ${word} ${cluster}`;

const texts: Record<MailView['template'], { en: Text } & Record<string, Text>> = {
  MEMBERSHIP_INVITATION: {
    en: {
      subject: (values) => `Invitation: ${joins(values, 'in')}`,
      text: (values) =>
        [
          `${joins(values, 'is invited into')}.`,
          '',
          'To accept or to decline, open this page and choose there; opening it alone does nothing:',
          values.link,
          '',
          `The link works once, until ${values.until}. If you did not expect this, leave it alone.`,
        ].join('\n'),
    },
    fr: {
      subject: (values) => `Invitation : ${joins(values, 'dans')}`,
      text: (values) =>
        [
          `${joins(values, 'est invité à rejoindre')}.`,
          '',
          'Pour accepter ou refuser, ouvrez cette page et choisissez ; l’ouvrir seulement ne fait rien :',
          values.link,
          '',
          `Le lien sert une seule fois, jusqu’au ${values.until}. Si vous n’attendiez pas ce message, ignorez-le.`,
        ].join('\n'),
    },
    de: {
      subject: (values) => `Einladung: ${joins(values, 'in')}`,
      text: (values) =>
        [
          `${joins(values, 'ist eingeladen in')}.`,
          '',
          'Öffnen Sie diese Seite und wählen Sie dort, ob Sie annehmen oder ablehnen; das Öffnen allein bewirkt nichts:',
          values.link,
          '',
          `Der Link gilt einmal, bis ${values.until}. Haben Sie dies nicht erwartet, lassen Sie ihn einfach liegen.`,
        ].join('\n'),
    },
    es: {
      subject: (values) => `Invitación: ${joins(values, 'en')}`,
      text: (values) =>
        [
          `${joins(values, 'recibe una invitación a')}.`,
          '',
          'Para aceptar o rechazar, abra esta página y elija; abrirla por sí sola no hace nada:',
          values.link,
          '',
          `El enlace sirve una sola vez, hasta el ${values.until}. Si no esperaba este mensaje, déjelo.`,
        ].join('\n'),
    },
  },
};

/** In the language asked for, else in English; what stands in a subject is one line. */
export function written(
  template: MailView['template'],
  language: string,
  values: Values,
): { subject: string; text: string; language: string } {
  const known = texts[template];
  const [tag = 'en'] = language.toLowerCase().split('-');
  const found = known[tag] ? tag : 'en';
  const { subject, text } = known[found]!;
  return { subject: subject(values).replaceAll(/\s+/g, ' ').slice(0, 200), text: text(values), language: found };
}
