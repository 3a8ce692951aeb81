import {
  type MarketEntry,
  MeetingProfileChanged,
  type MeetingProfileDraft,
  MeetingProfileForgotten,
  type MeetingProfilePatch,
  type MeetingProfileView,
  MeetingProfileWritten,
} from '#libs/contracts/meeting-profile';
import { Classifications } from '#libs/contracts/profile';
import type { Stamp } from '#libs/contracts/values';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { instantOf } from '#libs/domain/local-time';
import { stated } from '#libs/domain/record';
import { rolesTowards } from '#libs/domain/standing';
import { type Fault, failed, judge, notApplicable, passed, rule } from '#libs/domain/verdict';
import { mayActFor } from '#libs/reference/roles';
import { vocabulary } from '#libs/reference/vocabulary';
import type { Attendee } from './meeting-setting.js';

/** `who`: event and person together, of which there is one profile. */
export type MeetingProfile = Omit<MeetingProfileView, keyof Stamp> & { who: string };

/** What is known of the participant and the event. */
export interface Standing {
  zone: string | null;
  partnerships: readonly string[];
  attendee: Attendee | null;
  account: string | null;
}

interface Asked {
  patch: MeetingProfilePatch;
  standing: Standing;
  roles: readonly string[];
  isTheirs: boolean;
}

const DIMENSIONS = {
  technologyFields: 'technology-fields',
  sectoralIndustries: 'sectoral-industries',
  s3PriorityAreas: 's3-priority-areas',
  emergingIndustries: 'emerging-industries',
} as const;
type Coded = Partial<Record<keyof typeof DIMENSIONS, readonly string[] | null | undefined>>;

const unknownIn = (said: Coded, at: string): Fault[] =>
  (Object.keys(DIMENSIONS) as (keyof typeof DIMENSIONS)[]).flatMap((name) =>
    (said[name] ?? []).flatMap((code, i) =>
      vocabulary(DIMENSIONS[name]).findItem(code)?.code === code
        ? []
        : [{ pointer: `${at}/${name}/${i}`, message: `${code} is not a code of ${DIMENSIONS[name]}.` }],
    ),
  );

const knownCodes = rule('MEETING_PROFILE.CODES.KNOWN', ({ patch: { offers = [], requests = [], classifications } }: Asked) => {
  const entries = (all: readonly MarketEntry[], at: string) => all.flatMap((entry, i) => unknownIn(entry, `/${at}/${i}`));
  const faults = [...entries(offers, 'offers'), ...entries(requests, 'requests'), ...unknownIn(classifications ?? {}, '/classifications')];
  return faults.length === 0 ? passed('All codes are known.') : failed('A code is not known.', {}, faults);
});

const realAway = rule('MEETING_PROFILE.AWAY.REAL', ({ patch: { away = [] }, standing: { zone } }: Asked) => {
  if (away.length === 0) return notApplicable('No times are said.');
  if (zone === null) return failed('The event has no zone yet.', {}, '/away');
  const faults = away.flatMap(({ from, to }, i): Fault[] => {
    const [start, end] = [instantOf(from, zone), instantOf(to, zone)];
    const unreal = [...(start === null ? ['from'] : []), ...(end === null ? ['to'] : [])];
    if (unreal.length > 0) return unreal.map((name) => ({ pointer: `/away/${i}/${name}`, message: `does not exist in ${zone}` }));
    return (start as string) < (end as string) ? [] : [{ pointer: `/away/${i}/to`, message: 'The end lies after the start.' }];
  });
  return faults.length === 0
    ? passed('Its times exist.', { zone })
    : failed('A time does not exist, or ends before it starts.', { zone }, faults);
});

const mine = (code: 'MEETING_PROFILE.WRITE.ACTOR' | 'MEETING_PROFILE.CHANGE.ACTOR') =>
  rule(
    code,
    ({ roles, isTheirs }: Asked) =>
      isTheirs || roles.some((role) => ['PLATFORM_ADMIN', 'EVENT_ORGANISER'].includes(role))
        ? passed('The profile is yours to write.', { roles })
        : failed('It is for the participant, or their organisation.', { roles }),
    { kind: 'NOT_YOURS' },
  );

const admitted = rule('MEETING_PROFILE.PERSON.ADMITTED', ({ standing: { attendee } }: Asked) =>
  attendee ? passed('The person is admitted.') : failed('The person is no admitted participant.', {}, '/person'),
);

function askedOf(event: string, standing: Standing, patch: MeetingProfilePatch, { by }: Context, organisation: string | null): Asked {
  const own = organisation === null ? [] : rolesTowards(by, { ORGANISATION: [organisation] });
  const isTheirs = (standing.account !== null && standing.account === by.id) || own.some((role) => mayActFor(role, 'REGISTRANT'));
  return { patch, standing, isTheirs, roles: rolesTowards(by, { EVENT: [event], PARTNERSHIP: standing.partnerships }) };
}

const nothing: Classifications = { sectoralIndustries: null, technologyFields: null, s3PriorityAreas: null, emergingIndustries: null };

const merged = (before: Classifications | null, said: MeetingProfilePatch['classifications']) =>
  said === undefined ? before : said && Classifications.parse({ ...nothing, ...before, ...said });

export const writeMeetingProfile =
  (standing: Standing) =>
  (_: MeetingProfile | null, { event, person, ...patch }: MeetingProfileDraft, context: Context): Decision<MeetingProfile> => {
    const organisation = standing.attendee?.organisation ?? null;
    const verdicts = judge(
      [mine('MEETING_PROFILE.WRITE.ACTOR'), admitted, knownCodes, realAway],
      askedOf(event, standing, patch, context, organisation),
    );
    const next: MeetingProfile = {
      offers: patch.offers ?? [],
      requests: patch.requests ?? [],
      classifications: merged(null, patch.classifications),
      away: patch.away ?? [],
      takesRequests: patch.takesRequests ?? null,
      event,
      partnerships: [...standing.partnerships],
      person,
      organisation: organisation as string,
      owner: context.by.id,
      account: standing.account,
      who: `${event}:${person}`,
    };
    return { next, facts: [MeetingProfileWritten.of({ ...next, id: context.id })], verdicts };
  };

export const changeMeetingProfile =
  (standing: Standing) =>
  (stored: MeetingProfile | null, patch: MeetingProfilePatch, context: Context): Decision<MeetingProfile> => {
    const before = stored as MeetingProfile;
    const asked = askedOf(before.event, standing, patch, context, before.organisation);
    const verdicts = judge([mine('MEETING_PROFILE.CHANGE.ACTOR'), knownCodes, realAway], asked);
    const { classifications, ...rest } = patch;
    const next = stated<MeetingProfile>(before, {
      ...(rest as Partial<MeetingProfile>),
      classifications: merged(before.classifications, classifications),
    });
    return next === before
      ? unchanged(before, verdicts)
      : { next, facts: [MeetingProfileChanged.of({ ...next, id: context.id })], verdicts };
  };

const onlyByItself = rule(
  'MEETING_PROFILE.FORGET.ACTOR',
  ({ by }: Context) => by.kind === 'SYSTEM' || 'A profile is forgotten with its person.',
  { kind: 'NOT_YOURS' },
);

/** All of it was said by the person, or of the person. */
export function forgetMeetingProfile(stored: MeetingProfile | null, _: object, context: Context): Decision<MeetingProfile> {
  const before = stored as MeetingProfile;
  const verdicts = judge([onlyByItself], context);
  return { next: before, facts: [MeetingProfileForgotten.of({ ...before, id: context.id })], verdicts, gone: true };
}
