import { z } from 'zod';
import { aggregate } from './message.js';
import { Id, Instant, Text, UpdatedAt, Version } from './values.js';

const said = {
  subject: Text.refine((text) => Object.keys(text).length > 0, 'in one language at least'),
  text: Text.refine((text) => Object.keys(text).length > 0, 'in one language at least'),
  to: z
    .array(z.enum(['HELD_SEAT', 'SUBMITTED', 'WAITLISTED', 'OFFERED', 'APPROVED', 'ATTENDED', 'NO_SHOW']))
    .min(1)
    .describe('whose registration is in one of these states when it is published is told'),
};

/** What an organiser tells those who are registered. */
export const AnnouncementView = z
  .object({
    ...said,
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    event: Id,
    partnerships: z.array(Id).describe('of the event'),
    organisations: z.array(Id).describe('who is told: organisations'),
    accounts: z.array(z.string()).describe('who is told: persons, as far as it is known who they are when they sign in'),
    registrations: z.int().min(0).describe('how many registrations it went to'),
    publishedAt: Instant,
  })
  .meta({ id: 'Announcement' });
export type AnnouncementView = z.infer<typeof AnnouncementView>;

export const Announcement = aggregate('announcement', {
  service: 'events',
  resource: 'announcements',
  view: AnnouncementView,
  fields: ['event'],
  personal: ['accounts'],
});

export const AnnouncementDraft = z
  .strictObject({ ...said, to: said.to.default(['SUBMITTED', 'WAITLISTED', 'OFFERED', 'APPROVED', 'ATTENDED']) })
  .meta({
    id: 'AnnouncementDraft',
    example: { subject: { en: 'Another room' }, text: { en: 'We meet on the second floor.' }, to: ['APPROVED'] },
  });
export type AnnouncementDraft = z.output<typeof AnnouncementDraft>;

const { event, organisations, accounts, registrations } = AnnouncementView.shape;

export const PublishAnnouncement = Announcement.command(
  'publish.v1',
  z.object({ ...said, event, organisations, accounts, registrations }),
  AnnouncementView,
  'NEW',
);
/** Facts say that there is something to read, for whom it concerns. */
export const AnnouncementPublished = Announcement.fact(
  'published.v1',
  AnnouncementView.pick({ id: true, event: true, partnerships: true, to: true, publishedAt: true }),
);

Announcement.refuses([PublishAnnouncement], {
  'ANNOUNCEMENT.PUBLISH.ACTOR': [
    'NOT_YOURS',
    'Registrants are written to by the organiser or those who run one of the partnerships of the event.',
  ],
});
