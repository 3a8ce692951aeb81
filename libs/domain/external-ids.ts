import type { ExternalId } from '#libs/contracts/values';
import { failed, notApplicable, passed, rule } from './verdict.js';

/** `system:id` */
export const externalName = ({ system, id }: ExternalId): string => `${system}:${id}`;

/** The list with this id in it. */
export const withId = (ids: readonly ExternalId[], { system, id }: ExternalId): ExternalId[] =>
  ids.some((each) => each.system === system && each.id === id) ? [...ids] : [...ids, { system, id }];

/** Of one record. */
export const MOST_EXTERNAL_IDS = 20;

/** The rule of a machine's records that no outside id stands twice in one list, and that there are not too many. */
export const distinctIds = (machine: string) =>
  rule(`${machine}.EXTERNAL_IDS.DISTINCT`, ({ patch: { externalIds } }: { patch: { externalIds?: readonly ExternalId[] } }) => {
    if (!externalIds?.length) return notApplicable('No outside ids are stated.');
    const names = externalIds.map(externalName);
    const twice = names.flatMap((name, i) =>
      names.indexOf(name) < i ? [{ pointer: `/externalIds/${i}`, message: `${name} stands twice.` }] : [],
    );
    if (names.length > MOST_EXTERNAL_IDS)
      return failed(`A record has at most ${MOST_EXTERNAL_IDS} outside ids.`, { externalIds: names }, '/externalIds');
    return twice.length === 0
      ? passed('Each outside id stands once.', { externalIds: names })
      : failed('An outside id stands twice.', { externalIds: names }, twice);
  });
