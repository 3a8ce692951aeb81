import type { z } from 'zod';
import {
  type AttachToDocument,
  type DetachFromDocument,
  DocumentAttached,
  DocumentBegun,
  DocumentChanged,
  DocumentDetached,
  type DocumentDraft,
  type DocumentPatch,
  DocumentRemoved,
  type PutDocument,
} from '#libs/contracts/document';
import { attachmentChecks, detachmentChecks, withAttachment } from '#libs/domain/attachments';
import { canonicalJson } from '#libs/domain/canonical';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { withId } from '#libs/domain/external-ids';
import { patched } from '#libs/domain/merge-patch';
import { stated } from '#libs/domain/record';
import { removing } from '#libs/domain/removal';
import { failed, judge, notApplicable, passed, type Rule, rule } from '#libs/domain/verdict';
import { documentType } from '#libs/reference/document-types';
import { actedOn, blankVersion, type Document, EDITABLE, openOf, RUNNING, readable, rolesIn, type Version } from './document.js';
import { saidRules } from './document-rules.js';
import type { Narrower } from './narrower.js';

type Acting = { roles: readonly string[] };

const actor = (code: 'BEGIN' | 'CHANGE' | 'ATTACH' | 'DETACH', actors: readonly string[]) =>
  rule(
    `DOCUMENT.${code}.ACTOR`,
    ({ roles }: Acting) =>
      roles.some((role) => actors.includes(role))
        ? passed('It is yours to do.', { roles })
        : failed('This is for those who run what it belongs to.', { roles, actors }),
    { kind: 'NOT_YOURS' },
  );

const oneOwner = rule('DOCUMENT.OWNER.ONE', ({ draft: { partnership, cluster } }: { draft: DocumentDraft }) =>
  Boolean(partnership) !== Boolean(cluster)
    ? passed('It is said whose it is.')
    : failed('Name the partnership or the cluster that it belongs to.', {}, '/partnership'),
);

const knownKind = rule(
  'DOCUMENT.KIND.KNOWN',
  ({ draft: { kind } }: { draft: DocumentDraft }) => {
    const type = documentType(kind);
    return type && !type.agreementKind && !type.ofExchange
      ? passed('It is a kind of document.', { kind })
      : failed(`${kind} is no kind of document of partnerships and clusters.`, { kind }, '/kind');
  },
  { source: 'document-types.json' },
);

function versionAfter(version: Version, { title, text, parts, files }: DocumentPatch): Version {
  const next = patched(version, { title, text, files }, ['title', 'text']);
  return { ...next, title: next.title ?? {}, parts: { ...next.parts, ...parts } };
}

export const beginDocument =
  (narrower: Narrower, partners: readonly string[], further: readonly Rule<[]>[] = []) =>
  (_: Document | null, draft: DocumentDraft, context: Context): Decision<Document> => {
    const { id, by } = context;
    const { partnership = null, cluster = null, kind, externalIds = [], ...patch } = draft;
    const version = versionAfter({ ...blankVersion, no: 1, authors: [by.id] }, patch);
    const owned = { partnership, cluster };
    const roles = rolesIn(owned, null, by);
    const asked = { draft, patch: draft, before: null, version, narrower, context, roles };
    const verdicts = judge([actor('BEGIN', RUNNING), oneOwner, knownKind, ...saidRules, ...further], asked);
    const next: Document = { ...owned, kind, releasedAt: null, partners: [...partners], attachments: [], externalIds, versions: [version] };
    return { next, facts: [DocumentBegun.of({ ...readable(next), id })], verdicts };
  };

const editable = rule(
  'DOCUMENT.CHANGE.STATE',
  ({ touched, work: { no, state } }: { touched: boolean; work: Version }) => {
    if (!touched) return notApplicable('Its text is not touched.', { version: no, state });
    return EDITABLE.includes(state)
      ? passed('Its text is in work.', { version: no, state })
      : failed(`Version ${no} is ${state}.`, { version: no, state });
  },
  { kind: 'WRONG_STATE' },
);

/** Who changes a version is one of its authors from then on: another person reviews it. */
export const changeDocument =
  (narrower: Narrower, further: readonly Rule<[]>[] = []) =>
  (state: Document | null, patch: DocumentPatch, context: Context): Decision<Document> => {
    const { id, by } = context;
    const before = state as Document;
    const work = actedOn(before);
    const said = versionAfter(work, patch);
    const touched = canonicalJson(said) !== canonicalJson(work);
    const version = touched ? { ...said, authors: [...new Set([...work.authors, by.id])] } : work;
    const versions = before.versions.map((each) => (each === work ? version : each));
    const next = stated(before, { ...before, externalIds: patch.externalIds ?? before.externalIds, versions });
    const asked = { patch, before, version, narrower, context, work, touched, roles: rolesIn(before, work, by) };
    const verdicts = judge([actor('CHANGE', [...RUNNING, 'AUTHOR']), editable, ...saidRules, ...further], asked);
    return next === before ? unchanged(before, verdicts) : { next, facts: [DocumentChanged.of({ ...readable(next), id })], verdicts };
  };

type Put = z.output<typeof PutDocument.data>;

const named = (said: Put, before: Document | null) =>
  rule('DOCUMENT.PUT.NAMED', () => {
    if (!before)
      return said.kind === undefined
        ? failed('Say its kind.', {}, [{ pointer: '/kind', message: 'needed for a new document' }])
        : passed('Its kind is said.');
    const fixed = ['partnership', 'cluster', 'kind'] as const;
    const moved = fixed.filter((field) => said[field] !== undefined && said[field] !== before[field]);
    const faults = moved.map((field) => ({ pointer: `/${field}`, message: 'it stays as it is' }));
    return moved.length === 0 ? passed('Owner and kind stay.') : failed('Owner and kind stay as they are.', { moved }, faults);
  });

export const putDocument =
  (narrower: Narrower, partners: readonly string[]) =>
  (before: Document | null, { externalId, ...said }: Put, context: Context): Decision<Document> => {
    const externalIds = withId(said.externalIds ?? before?.externalIds ?? [], externalId);
    const further = [named({ externalId, ...said }, before)];
    const { partnership, cluster, kind = '', ...patch } = { ...said, externalIds };
    if (before) return changeDocument(narrower, further)(before, patch, context);
    return beginDocument(narrower, partners, further)(null, { partnership, cluster, kind, ...patch }, context);
  };

export const removeDocument = removing<Document>({
  name: 'DOCUMENT',
  roles: (before, { by }) => rolesIn(before, actedOn(before), by),
  actors: [...RUNNING, 'AUTHOR'],
  stays: ({ versions }) => (versions.length === 1 && versions[0]!.state === 'DRAFT' ? null : 'Others have seen it.'),
  tell: (before, id) => DocumentRemoved.of({ ...readable(before), id }),
});

type Attach = z.output<typeof AttachToDocument.data>;

const inWork = (code: 'ATTACH' | 'DETACH') =>
  rule(
    `DOCUMENT.${code}.STATE`,
    ({ document }: { document: Document }) => {
      const open = openOf(document);
      return open && EDITABLE.includes(open.state)
        ? passed('A version is in work.', { version: open.no, state: open.state })
        : failed('No version is in work.', { version: actedOn(document).no, state: actedOn(document).state });
    },
    { kind: 'WRONG_STATE' },
  );

/** `there`: the file lies where it was put. */
export const attachToDocument =
  (there: boolean) =>
  (state: Document | null, data: Attach, { id, at, by }: Context): Decision<Document> => {
    const document = state as Document;
    const { attachments } = document;
    const roles = rolesIn(document, actedOn(document), by);
    const asked = { document, roles, data, at, attachments, there };
    const verdicts = judge([actor('ATTACH', [...RUNNING, 'AUTHOR']), inWork('ATTACH'), ...attachmentChecks], asked);
    const next = stated(document, { ...document, attachments: withAttachment(attachments, data, at) });
    return next === document ? unchanged(document, verdicts) : { next, facts: [DocumentAttached.of({ ...readable(next), id })], verdicts };
  };

type Detach = z.output<typeof DetachFromDocument.data>;

/** What belongs to a version, whatever became of it, was or will be reviewed with it. */
const namedIn = ({ versions }: Document): Map<string, string> =>
  new Map(versions.flatMap(({ no, files }) => files.map((file) => [file, `one of the files of version ${no}`] as const)));

export function detachFromDocument(state: Document | null, data: Detach, { id, by }: Context): Decision<Document> {
  const document = state as Document;
  const { attachments } = document;
  const asked = { document, roles: rolesIn(document, actedOn(document), by), data, attachments, named: namedIn(document) };
  const verdicts = judge([actor('DETACH', [...RUNNING, 'AUTHOR']), inWork('DETACH'), ...detachmentChecks], asked);
  const next = { ...document, attachments: attachments.filter((each) => each.id !== data.attachment) };
  return { next, facts: [DocumentDetached.of({ ...readable(next), id })], verdicts };
}
