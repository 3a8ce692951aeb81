import type { z } from 'zod';
import type { FactDraft } from '#libs/contracts/message';
import {
  PartnershipChanged,
  PartnershipProfile,
  PartnershipRegistered,
  PartnershipRemoved,
  type PutPartnership,
} from '#libs/contracts/partnership';
import { PartnershipDraft, PartnershipPatch } from '#libs/contracts/partnership-patch';
import { canonicalJson } from '#libs/domain/canonical';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { changedBy, changedFields, inWork, isReviewed } from '#libs/domain/drafts';
import { edtfDate, isEdtf } from '#libs/domain/edtf-date';
import { distinctIds, withId } from '#libs/domain/external-ids';
import { inCodes, knownClassifications, knownCountries, openToChange } from '#libs/domain/profile-rules';
import { removing } from '#libs/domain/removal';
import { withoutScripts } from '#libs/domain/rich-text';
import { rolesTowards } from '#libs/domain/standing';
import { slug } from '#libs/domain/text';
import { failed, judge, notApplicable, passed, type Rule, rule } from '#libs/domain/verdict';
import { vocabulary } from '#libs/reference/vocabulary';
import { blank, formerAfter, type Partnership, readable, timerAfter } from './partnership.js';
import { inCodesThroughout, knownCall, knownValues, saidOf } from './partnership-said.js';

const RUN = ['PLATFORM_ADMIN', 'PARTNERSHIP_COORDINATOR', 'PARTNERSHIP_MANAGER'];
const OVER = ['TERMINATED', 'ARCHIVED'];

/** Who has the address that an acronym leads to; null: nobody. */
export type SlugOwner = string | null;

/** No part of the profile: they hold at once, and the public does not read them. */
const AT_ONCE = ['externalIds', 'remarks', 'operationalManager'];

interface Said {
  patch: PartnershipPatch;
  /** As it would be. */
  after: Pick<Partnership, 'programme' | 'call' | 'strand'>;
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

const saidRules = [
  readableStart,
  knownCountries('PARTNERSHIP'),
  knownClassifications('PARTNERSHIP'),
  knownValues,
  knownCall,
  distinctIds('PARTNERSHIP'),
];

/** As it is kept: in codes, and without what could run where it is shown. */
const clean = <P extends PartnershipPatch>(shape: z.ZodType, patch: P): P => inCodesThroughout(inCodes(withoutScripts(shape, patch)));

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
    const { acronym, name, programme, ...rest } = clean(PartnershipDraft, draft);
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
    const next = saidOf(begun, readably(rest));
    const asked = { patch: { acronym, name, ...rest }, programme, after: next, roles: rolesTowards(by, {}) };
    const verdicts = judge([mayRegister, knownProgramme, ...saidRules, ownSlug(owner, id), ...further], asked);
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

/** What is said of a profile that was reviewed goes into its draft; there it keeps its address until it is published. */
export const changePartnership =
  (owner: SlugOwner, further: readonly Rule<[]>[] = []) =>
  (partnership: Partnership | null, said: PartnershipPatch, { id, by, at }: Context): Decision<Partnership> => {
    const before = partnership as Partnership;
    const written = inWork(before);
    const patch = clean(PartnershipPatch, said);
    const after = addressed(before, saidOf(written, readably(patch)));
    const roles = rolesTowards(by, { PARTNERSHIP: [id] });
    const rules = [mayChange, notOver, openToChange('PARTNERSHIP', AT_ONCE), ...saidRules, ownSlug(owner, id), ...further];
    const verdicts = judge(rules, { partnership: before, before, written, after, patch, roles });
    const next = changedBy(before, after, AT_ONCE, by.id);
    return next === before
      ? unchanged(before, verdicts)
      : { next, facts: told(before, next, id), verdicts, ...timerAfter(before, next, at) };
  };

function addressed(before: Partnership, after: Partnership): Partnership {
  return isReviewed(before.profile) ? after : withAddress(before, after);
}

/** Under the address of its acronym; the one before still leads to it. */
export function withAddress(before: Partnership, after: Partnership): Partnership {
  const address = after.acronym === before.acronym ? before.slug : slug(after.acronym) || before.slug;
  return { ...after, slug: address, formerSlugs: formerAfter(before, address) };
}

function told(before: Partnership, next: Partnership, id: string): FactDraft[] {
  const facts = [];
  if (changedFields(before, next).length > 0) facts.push(PartnershipChanged);
  if (canonicalJson(before.draft ?? null) !== canonicalJson(next.draft ?? null)) facts.push(PartnershipProfile.facts.draftChanged);
  return facts.map((fact) => fact.of(readable(next, id)));
}

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
