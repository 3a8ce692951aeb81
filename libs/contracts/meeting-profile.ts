import { z } from 'zod';
import { MeetingSpan } from './event-meetings.js';
import { aggregate } from './message.js';
import { Classifications } from './profile.js';
import { Code, Id, Ref, UpdatedAt, Version } from './values.js';

const codes = z.array(Code).max(50);

/** Something that is offered or sought, with the words that machines compare: codes of the vocabularies. */
export const MarketEntry = z
  .strictObject({
    title: z.string().min(1).max(160).regex(/\S/, 'not blank'),
    description: z.string().max(2000).optional(),
    technologyFields: codes.optional().describe('reference: technology-fields'),
    sectoralIndustries: codes.optional().describe('reference: sectoral-industries'),
    s3PriorityAreas: codes.optional().describe('reference: s3-priority-areas'),
    emergingIndustries: codes.optional().describe('reference: emerging-industries'),
  })
  .meta({ id: 'MarketEntry', example: { title: 'Vibration sensors for grinding machines', technologyFields: ['SENSORS'] } });
export type MarketEntry = z.infer<typeof MarketEntry>;

const said = {
  offers: z.array(MarketEntry).max(20).describe('what they have for others'),
  requests: z.array(MarketEntry).max(20).describe('what they look for'),
  classifications: Classifications.nullable().describe('what they work on'),
  away: z.array(MeetingSpan).max(50).describe('when they are not there for meetings; local time in the zone of the event'),
  takesRequests: z.boolean().nullable().describe('whether others may ask for a meeting; null: as is usual at the event'),
};

/** What somebody looks for at the meetings of an event, and when they are there. */
export const MeetingProfileView = z
  .object({
    ...said,
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    event: Id,
    partnerships: z.array(Id).max(20).describe('of the event'),
    person: Id,
    organisation: Id.describe('whose person it is at the event'),
    owner: z.string().describe('who wrote it'),
    account: z.string().nullable().describe('who the person is when it signs in, as far as that is known'),
  })
  .meta({ id: 'MeetingProfile' });
export type MeetingProfileView = z.infer<typeof MeetingProfileView>;

export const MeetingProfile = aggregate('meeting-profile', {
  service: 'events',
  resource: 'meeting-profiles',
  view: MeetingProfileView,
  fields: ['event', 'person', 'organisation'],
  personal: ['person', 'offers', 'requests', 'away', 'owner', 'account'],
});

const Told = MeetingProfileView.pick({ id: true, event: true, partnerships: true, organisation: true });

export const MeetingProfilePatch = z
  .strictObject({ ...said, classifications: Classifications.partial().strict().nullable() })
  .partial()
  .meta({ id: 'MeetingProfilePatch', example: { takesRequests: true } });
export type MeetingProfilePatch = z.infer<typeof MeetingProfilePatch>;

export const MeetingProfileDraft = MeetingProfilePatch.extend({
  event: Ref('events').describe('id of the event'),
  person: Ref('persons').describe('an admitted participant'),
}).meta({
  id: 'MeetingProfileDraft',
  example: {
    event: '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e5f',
    person: '0199f5a0-7c1e-7a44-9d0e-2f6b1c3d4e60',
    requests: [{ title: 'Vibration sensors', technologyFields: ['SENSORS'] }],
  },
});
export type MeetingProfileDraft = z.infer<typeof MeetingProfileDraft>;

export const WriteMeetingProfile = MeetingProfile.command('write.v1', MeetingProfileDraft, MeetingProfileView, 'NEW');
export const MeetingProfileWritten = MeetingProfile.fact('written.v1', Told);

export const ChangeMeetingProfile = MeetingProfile.command('change.v1', MeetingProfilePatch, MeetingProfileView);
export const MeetingProfileChanged = MeetingProfile.fact('changed.v1', Told);

/** The product itself: the record of the person is erased, and this goes with it. */
export const ForgetMeetingProfile = MeetingProfile.command('forget.v1', z.object({ person: Id }), MeetingProfileView);
export const MeetingProfileForgotten = MeetingProfile.fact('forgotten.v1', Told);

MeetingProfile.refuses([ForgetMeetingProfile], {
  'MEETING_PROFILE.FORGET.ACTOR': ['NOT_YOURS', 'A profile is forgotten with its person.'],
});

MeetingProfile.refuses([WriteMeetingProfile], {
  'MEETING_PROFILE.WRITE.ACTOR': ['NOT_YOURS', 'It is written by the participant, or their organisation.'],
  'MEETING_PROFILE.PERSON.ADMITTED': ['RULE', 'The person is no admitted participant of the event.'],
  'MEETING_PROFILE.PERSON.ONCE': ['RULE', 'The person has a profile for the meetings of this event.'],
});

MeetingProfile.refuses([ChangeMeetingProfile], {
  'MEETING_PROFILE.CHANGE.ACTOR': ['NOT_YOURS', 'It is changed by the participant, or their organisation.'],
});

MeetingProfile.refuses([WriteMeetingProfile, ChangeMeetingProfile], {
  'MEETING_PROFILE.CODES.KNOWN': ['RULE', 'A code is not one of its vocabulary.'],
  'MEETING_PROFILE.AWAY.REAL': ['RULE', 'A local time does not exist in the zone of the event, or an end is not after its start.'],
});
