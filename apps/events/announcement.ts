import type { z } from 'zod';
import { AnnouncementPublished, type AnnouncementView, type PublishAnnouncement } from '#libs/contracts/announcement';
import type { Stamp } from '#libs/contracts/values';
import type { Context, Decision } from '#libs/domain/decision';
import { rolesTowards } from '#libs/domain/standing';
import { failed, judge, passed, rule } from '#libs/domain/verdict';
import { IN_CHARGE } from './event-rules.js';

export type AnnouncementState = Omit<AnnouncementView, keyof Stamp>;
type Publish = z.output<typeof PublishAnnouncement.data>;

interface Publishing {
  partnerships: readonly string[];
  data: Publish;
  context: Context;
}

const byOrganiser = rule(
  'ANNOUNCEMENT.PUBLISH.ACTOR',
  ({ partnerships, data: { event }, context: { by } }: Publishing) => {
    const roles = rolesTowards(by, { EVENT: [event], PARTNERSHIP: partnerships });
    return roles.some((role) => IN_CHARGE.includes(role))
      ? passed('The event is yours to write about.', { roles })
      : failed('Registrants are written to by the organiser or by those who run one of the partnerships of the event.', { roles });
  },
  { kind: 'NOT_YOURS' },
);

/** What is published stands: what is to be put right is announced again. */
export const publish =
  (partnerships: readonly string[]) =>
  (_: AnnouncementState | null, data: Publish, context: Context): Decision<AnnouncementState> => {
    const verdicts = judge([byOrganiser], { partnerships, data, context });
    const next = { ...data, partnerships: [...partnerships], publishedAt: context.at };
    return { next, facts: [AnnouncementPublished.of({ ...next, id: context.id })], verdicts };
  };
