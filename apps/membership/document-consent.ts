import type { z } from 'zod';
import type { Actor } from '#libs/contracts/actor';
import { type ConsentToDocument, DocumentConsented } from '#libs/contracts/document';
import type { Context, Decision } from '#libs/domain/decision';
import { failed, judge, passed, rule } from '#libs/domain/verdict';
import { mayActFor } from '#libs/reference/roles';
import { actedOn, type Document, hashOf, readable, type Version } from './document.js';
import type { Known } from './document-moves.js';

type Said = z.output<typeof ConsentToDocument.data>;

interface Consenting {
  document: Document;
  version: Version;
  data: Said;
  by: Actor;
  partners: readonly string[];
  /** For which of the partners; null: it is not clear. */
  cluster: string | null;
}

/** Clusters for which somebody may speak. */
const spokenFor = ({ roles }: Actor): string[] =>
  roles.flatMap(({ role, binding }) => (binding?.kind === 'CLUSTER' && mayActFor(role, 'PARTY') ? [binding.id] : []));

const forItself = rule(
  'DOCUMENT.CONSENT.ACTOR',
  ({ by, data, partners }: Consenting) => {
    const own = spokenFor(by).filter((cluster) => partners.includes(cluster));
    const may = data.cluster === undefined ? own.length > 0 : own.includes(data.cluster);
    return may
      ? passed('It is yours to say.', { clusters: own })
      : failed('A partner cluster agrees for itself.', { cluster: data.cluster ?? null, clusters: own });
  },
  { kind: 'NOT_YOURS' },
);

const underReview = rule(
  'DOCUMENT.CONSENT.STATE',
  ({ version: { no, state } }: Consenting) =>
    state === 'IN_REVIEW'
      ? passed('It is under review.', { version: no, state })
      : failed(`Version ${no} is ${state}.`, { version: no, state }),
  { kind: 'WRONG_STATE', source: 'state-machines.json#DOCUMENT_VERSION' },
);

const clearWhose = rule('DOCUMENT.CONSENT.CLUSTER', ({ cluster }: Consenting) =>
  cluster ? passed('It is clear for which partner.', { cluster }) : failed('Say for which of the active partners.', {}, '/cluster'),
);

const thisText = rule('DOCUMENT.CONSENT.SAME_HASH', ({ document, version, data }: Consenting) => {
  const hash = hashOf(document, version);
  if (data.hash === undefined && data.version === undefined) return failed('Say to which text: its hash, or the version.', {}, '/hash');
  if (data.version !== undefined && data.version !== version.no) return failed(`There is no version ${data.version}.`, {}, '/version');
  return data.hash === undefined || data.hash === hash
    ? passed('It is the text as it stands.', { hash, version: version.no })
    : failed('The text has changed since this hash was read.', { hash: data.hash, now: hash }, '/hash');
});

const whose = (own: readonly string[], said: string | undefined): string | null =>
  said === undefined ? (own.length === 1 ? own[0]! : null) : own.includes(said) ? said : null;

/** The last word of a cluster takes the place of the one before. */
export const consentToDocument =
  ({ partners }: Known) =>
  (state: Document | null, data: Said, { id, by, at }: Context): Decision<Document> => {
    const document = state as Document;
    const version = document.versions.find(({ no }) => no === data.version) ?? actedOn(document);
    const cluster = whose(
      spokenFor(by).filter((each) => partners.includes(each)),
      data.cluster,
    );
    const verdicts = judge([forItself, underReview, clearWhose, thisText], { document, version, data, by, partners, cluster });
    const given = { cluster: cluster as string, hash: hashOf(document, version), at, by: by.id };
    const consents = [...version.consents.filter((each) => each.cluster !== cluster), given];
    const next = { ...document, versions: document.versions.map((each) => (each === version ? { ...version, consents } : each)) };
    return { next, facts: [DocumentConsented.of({ ...readable(next), id })], verdicts };
  };
