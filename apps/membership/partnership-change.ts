import type { z } from 'zod';
import {
  PartnershipChanged,
  type PartnershipDraft,
  type PartnershipPatch,
  PartnershipRegistered,
  PartnershipRemoved,
  type PutPartnership,
} from '#libs/contracts/partnership';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { edtfDate, isEdtf } from '#libs/domain/edtf-date';
import { distinctIds, withId } from '#libs/domain/external-ids';
import { patched } from '#libs/domain/merge-patch';
import { knownClassifications, knownCountries, leavesReviewed } from '#libs/domain/profile-rules';
import { stated } from '#libs/domain/record';
import { removing } from '#libs/domain/removal';
import { rolesTowards } from '#libs/domain/standing';
import { slug } from '#libs/domain/text';
import { failed, judge, notApplicable, passed, type Rule, rule } from '#libs/domain/verdict';
import { vocabulary } from '#libs/reference/vocabulary';
import { blank, formerAfter, type Partnership, readable } from './partnership.js';

const RUN = ['PLATFORM_ADMIN', 'PARTNERSHIP_COORDINATOR', 'PARTNERSHIP_MANAGER'];
const OVER = ['TERMINATED', 'ARCHIVED'];

/** Who has the address that an acronym leads to; null: nobody. */
export type SlugOwner = string | null;

interface Said {
  patch: PartnershipPatch;
}

const readableStart = rule('PARTNERSHIP.START.READABLE', ({ patch: { start } }: Said) => {
  if (!start) return notApplicable('No start is stated.');
  return isEdtf(start)
    ? passed('The start can be read.', { start })
    : failed(`${start} is not a date of EDTF level 0 or 1.`, { start }, '/start');
});

const ownSlug = (owner: SlugOwner, id: string) =>
  rule('PARTNERSHIP.SLUG.UNIQUE', ({ patch: { acronym } }: Said) => {
    if (acronym === undefined) return notApplicable('The acronym stays.');
    return owner === null || owner === id
      ? passed('The address is free.', { slug: slug(acronym) })
      : failed(`Another partnership has the address ${slug(acronym)} already.`, { slug: slug(acronym) }, '/acronym');
  });

const saidRules = [readableStart, knownCountries('PARTNERSHIP'), knownClassifications('PARTNERSHIP'), distinctIds('PARTNERSHIP')];

const mayRegister = rule(
  'PARTNERSHIP.REGISTER.ACTOR',
  ({ roles }: { roles: readonly string[] }) =>
    roles.includes('PLATFORM_ADMIN')
      ? passed('Partnerships are yours to register.', { roles })
      : failed('A partnership is registered by the platform.', { roles }),
  { kind: 'NOT_YOURS' },
);

const knownProgramme = rule('PARTNERSHIP.PROGRAMME.KNOWN', ({ programme }: { programme: string | undefined }) => {
  if (programme === undefined) return notApplicable('No programme is stated.');
  return vocabulary('partnership-programmes').findItem(programme)?.code === programme
    ? passed('The programme is known.', { programme })
    : failed(`${programme} is not a code of partnership-programmes.`, { programme }, '/programme');
});

/** A partnership begins as a draft of its phase and of its profile: nobody else sees it before that is published. */
export const registerPartnership =
  (owner: SlugOwner, further: readonly Rule<[]>[] = []) =>
  (_: Partnership | null, draft: PartnershipDraft, { id, by }: Context): Decision<Partnership> => {
    const { acronym, name, programme, ...rest } = draft;
    const asked = { patch: draft, programme, roles: rolesTowards(by, {}) };
    const verdicts = judge([mayRegister, knownProgramme, ...saidRules, ownSlug(owner, id), ...further], asked);
    const address = slug(acronym) || `partnership-${id.slice(-12)}`;
    const begun: Partnership = {
      ...blank,
      code: acronym.slice(0, 60),
      slug: address,
      acronym,
      name,
      programme,
      profile: 'DRAFT',
      sourceKey: null,
    };
    const next = patched(begun, readably(rest));
    return { next, facts: [PartnershipRegistered.of(readable(next, id))], verdicts };
  };

/** With its start as a date; what cannot be read is refused beside it. */
const readably = <P extends { start?: string | null }>({ start, ...rest }: P) =>
  start === undefined || (start !== null && !isEdtf(start)) ? rest : { ...rest, start: start && edtfDate(start) };

interface Change extends Said {
  partnership: Partnership;
  roles: readonly string[];
}

const mayChange = rule(
  'PARTNERSHIP.CHANGE.ACTOR',
  ({ roles }: Change) =>
    roles.some((role) => RUN.includes(role))
      ? passed('The partnership is yours to change.', { roles })
      : failed('A partnership is changed by those who run it.', { roles }),
  { kind: 'NOT_YOURS' },
);

const notOver = rule(
  'PARTNERSHIP.CHANGE.STATE',
  ({ partnership: { state } }: Change) =>
    OVER.includes(state) ? failed(`The partnership is ${state}.`, { state }) : passed('The partnership is not over.', { state }),
  { kind: 'WRONG_STATE' },
);

export const changePartnership =
  (owner: SlugOwner, further: readonly Rule<[]>[] = []) =>
  (partnership: Partnership | null, patch: PartnershipPatch, { id, by }: Context): Decision<Partnership> => {
    const before = partnership as Partnership;
    const roles = rolesTowards(by, { PARTNERSHIP: [id] });
    const address = (patch.acronym && slug(patch.acronym)) || before.slug;
    const said = { ...patched(before, readably(patch)), slug: address, formerSlugs: formerAfter(before, address) };
    const next = stated(before, said);
    const rules = [mayChange, notOver, leavesReviewed('PARTNERSHIP'), ...saidRules, ownSlug(owner, id), ...further];
    const verdicts = judge(rules, { partnership: before, profile: before.profile, before, after: next, patch, roles });
    return next === before ? unchanged(before, verdicts) : { next, facts: [PartnershipChanged.of(readable(next, id))], verdicts };
  };

const complete = (partnership: Partnership | null, { acronym, name, programme }: z.output<typeof PutPartnership.data>) =>
  rule('PARTNERSHIP.PUT.COMPLETE', () => {
    if (partnership) {
      const same = programme === undefined || programme === partnership.programme;
      return same
        ? notApplicable('The partnership is there.')
        : failed('A partnership stays in its programme.', { programme, stands: partnership.programme }, '/programme');
    }
    const missing = Object.entries({ acronym, name, programme }).flatMap(([field, value]) => (value === undefined ? [`/${field}`] : []));
    return missing.length === 0
      ? passed('What a new partnership needs is said.')
      : failed(
          'The partnership is not there yet: say its acronym, name and programme.',
          {},
          missing.map((pointer) => ({ pointer, message: 'needed for a new partnership' })),
        );
  });

/** The partnership of an outside system: registered when it is not there yet, else changed. Its outside id is among its ids in any case. */
export const putPartnership =
  (owner: SlugOwner) =>
  (partnership: Partnership | null, put: z.output<typeof PutPartnership.data>, context: Context): Decision<Partnership> => {
    const { externalId, programme, ...patch } = put;
    const said = { ...patch, externalIds: withId(patch.externalIds ?? partnership?.externalIds ?? [], externalId) };
    const further = [complete(partnership, put)];
    if (partnership) return changePartnership(owner, further)(partnership, said, context);
    const draft = { ...said, acronym: said.acronym ?? '', name: said.name ?? '', programme: programme as string };
    return registerPartnership(owner, further)(null, draft, context);
  };

/** A draft made by mistake: others know nothing of it yet. */
export const removePartnership = removing<Partnership>({
  name: 'PARTNERSHIP',
  roles: (_, { id, by }) => rolesTowards(by, { PARTNERSHIP: [id] }),
  actors: ['PLATFORM_ADMIN', 'PARTNERSHIP_COORDINATOR'],
  stays: ({ state, profile }) =>
    state === 'DRAFT' && profile === 'DRAFT' ? null : `The partnership is ${state}, its profile ${profile}: it is not removed.`,
  tell: (before, id) => PartnershipRemoved.of(readable(before, id)),
});
