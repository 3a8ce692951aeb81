import type { PartnershipPatch } from '#libs/contracts/partnership-patch';
import { listAt } from '#libs/domain/file-codes';
import { leaves, pointer } from '#libs/domain/json-pointer';
import { patched } from '#libs/domain/merge-patch';
import { failed, notApplicable, passed, rule } from '#libs/domain/verdict';
import { call as callOf, programmeOf, strandCodes } from '#libs/reference/programmes';
import type { Partnership } from './partnership.js';

/** What is said of a partnership beyond its name: section by section, in codes. */

type Patch = Omit<PartnershipPatch, 'start'> & { start?: Partnership['start'] };
type Description = NonNullable<Partnership['description']>;

/** Taken as a whole: half of what one said and half of what another says would be nobody’s. */
const WHOLE = ['operationalManager', 'funding', 'strategyTest'] as const;

const silent: Description = {
  aim: null,
  approach: null,
  learning: null,
  membersTechnologies: null,
  membersTechnologiesEffects: null,
  effects: null,
  link: null,
  skills: null,
  improvement: null,
  jointStrategy: null,
  denominator: null,
  jointOutputs: null,
  sectorReference: null,
};
const PARTS = Object.keys(silent) as (keyof Description)[];

/** The partnership with what is said of it; what is not named stays, null makes blank. */
export function saidOf(before: Partnership, { description, ...rest }: Patch): Partnership {
  const whole = Object.fromEntries(WHOLE.flatMap((field) => (rest[field] === undefined ? [] : [[field, null]])));
  const next = patched<Partnership>({ ...before, ...whole }, rest);
  return description === undefined ? next : { ...next, description: describedBy(before.description, description) };
}

function describedBy(before: Description | null, said: PartnershipPatch['description']): Description | null {
  if (!said) return null;
  const next = patched<Description>(before ?? silent, said, PARTS);
  return PARTS.every((part) => next[part] === null) ? null : next;
}

/** Where the value stands in a file of a partnership: there it has its vocabulary. */
const placeOf = (at: string) => at.replace(/^\/externalPartners\//, '/linkedPartnersAndNetworks/');

/** What is written for a code, as the code: names of countries, qualifiers. */
export const inCodesThroughout = <P extends PartnershipPatch>(patch: P): P => coded(patch, '') as P;

function coded(value: unknown, at: string): unknown {
  if (typeof value === 'string') return listAt(placeOf(at))?.find(value) ?? value;
  if (Array.isArray(value)) return value.map((each, place) => coded(each, `${at}${pointer(place)}`));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, coded(member, `${at}${pointer(name)}`)]));
}

interface Said {
  patch: PartnershipPatch;
  after: Pick<Partnership, 'programme' | 'call' | 'strand'>;
}

export const knownValues = rule('PARTNERSHIP.VALUES.KNOWN', ({ patch }: Said) => {
  const unknown = [...leaves(patch)].flatMap(([at, value]) => {
    const list = listAt(placeOf(at));
    return list && typeof value === 'string' && list.find(value) === undefined
      ? [{ pointer: at, message: `"${value}" is not in ${list.called}.` }]
      : [];
  });
  return unknown.length === 0 ? passed('Every code is known.') : failed('A code is not known.', {}, unknown);
});

export const knownCall = rule(
  'PARTNERSHIP.CALL.KNOWN',
  ({ patch, after: { programme, call, strand } }: Said) => {
    if (patch.call === undefined && patch.strand === undefined) return notApplicable('No call or strand is stated.');
    return callFinding({ programme, call, strand });
  },
  { source: 'partnership-programmes.json' },
);

/** Whether a strand is one of a call, and the call one of a programme. */
export function callFinding({ programme, call, strand }: Said['after']) {
  const inputs = { programme, call, strand };
  if (call === null)
    return strand === null ? passed('No call is named.', inputs) : failed('A strand is that of a call.', inputs, '/strand');
  if (programmeOf(call)?.code !== programme) return failed(`${call} is no call of ${programme}.`, inputs, '/call');
  const strands = strandCodes(callOf(call)!);
  return strand === null || strands.includes(strand)
    ? passed('The call is one of the programme.', inputs)
    : failed(`${call} has no strand ${strand}.`, { ...inputs, strands }, '/strand');
}
