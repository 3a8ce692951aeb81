import { z } from 'zod';
import { Attaching, Attachment, attachmentRefusals, Detaching, detachmentRefusals } from './attachment.js';
import { DocumentParts, DocumentVersion } from './document-details.js';
import { aggregate } from './message.js';
import { Code, ExternalId, Id, Instant, Ref, Removal, Sha256, Text, TextPatch, UpdatedAt, Version } from './values.js';

const number = DocumentVersion.shape.no;

/** State and title are those of the approved version; before there is one, of the version in work. */
export const DocumentView = z
  .object({
    id: Id,
    version: Version,
    updatedAt: UpdatedAt,
    partnership: Id.nullable().describe('whose it is, unless it is a cluster’s'),
    cluster: Id.nullable().describe('whose it is, unless it is a partnership’s'),
    kind: Code.describe('reference: document-types'),
    state: Code.describe('state-machines: DOCUMENT_VERSION'),
    title: Text,
    approved: number.nullable().describe('number of the approved version'),
    approvedAt: Instant.nullable(),
    releasedAt: Instant.nullable().describe('since when the public may know of it'),
    open: number.nullable().describe('number of the version in work; commands act on it, else on the approved one'),
    stage: Code.describe('state of the version that commands act on'),
    hash: Sha256.describe('of the version that commands act on'),
    partners: z.array(Id).describe('clusters of the partnership, as of when it was last submitted or approved: it is theirs to read'),
    agreedBy: z.array(Id).describe('clusters that have agreed to this hash'),
    versions: z.array(DocumentVersion),
    attachments: z.array(Attachment),
    externalIds: z.array(ExternalId),
  })
  .meta({ id: 'Document' });
export type DocumentView = z.infer<typeof DocumentView>;

export const Document = aggregate('document', {
  service: 'membership',
  resource: 'documents',
  machines: [{ machine: 'DOCUMENT_VERSION', field: 'stage' }],
  view: DocumentView,
  fields: ['partnership', 'cluster', 'kind', 'state', 'partners'],
  personal: ['versions.authors', 'versions.consents.by'],
});

/** Neither persons nor texts. Version and time are those of the fact itself. */
const Told = DocumentView.omit({ version: true, updatedAt: true, versions: true, attachments: true, externalIds: true });

const said = {
  title: TextPatch,
  text: TextPatch.nullable(),
  parts: DocumentParts.describe('each part as a whole'),
  files: z.array(Id).max(20).describe('attachments of the document; replaces the list'),
  externalIds: z.array(ExternalId).max(20).describe('what it is called elsewhere; replaces the list'),
};

export const DocumentPatch = z
  .strictObject(said)
  .partial()
  .meta({ id: 'DocumentPatch', example: { parts: { priorityMarkets: [{ country: 'CA', text: null }] } } });
export type DocumentPatch = z.infer<typeof DocumentPatch>;

const example = { partnership: 'dia', kind: 'JOINT_INTERNATIONALISATION_STRATEGY', title: { en: 'Joint Internationalisation Strategy' } };

export const DocumentPut = DocumentPatch.extend({
  partnership: Ref('partnerships').optional().describe('whose it is, unless it is a cluster’s'),
  cluster: Ref('clusters').optional().describe('whose it is, unless it is a partnership’s'),
  kind: Code.optional().describe('reference: document-types; given once'),
}).meta({ id: 'DocumentPut', example });
export const DocumentDraft = DocumentPut.required({ kind: true }).meta({ id: 'DocumentDraft', example });
export type DocumentDraft = z.infer<typeof DocumentDraft>;

export const BeginDocument = Document.command('begin.v1', DocumentDraft, DocumentView, 'NEW');
export const DocumentBegun = Document.fact('begun.v1', Told);

export const ChangeDocument = Document.command('change.v1', DocumentPatch, DocumentView);
export const DocumentChanged = Document.fact('changed.v1', Told);

export const PutDocument = Document.command('put.v1', DocumentPut.extend({ externalId: ExternalId }), DocumentView, 'UPSERT');

/** A first draft that nobody else has seen. */
export const RemoveDocument = Document.command('remove.v1', Removal, DocumentView);
export const DocumentRemoved = Document.fact('removed.v1', Told);

const version = number.optional().describe('the version meant; the one in work unless said, else the approved one');
const plain = z.strictObject({ version });

export const SubmitDocument = Document.command('submit.v1', plain, DocumentView);
export const DocumentSubmitted = Document.fact('submitted.v1', Told);

export const RequestDocumentChanges = Document.command(
  'request-changes.v1',
  z.strictObject({ remarks: z.string().min(1).max(5000).regex(/\S/, 'not blank').describe('what is to be changed'), version }),
  DocumentView,
);
export const DocumentChangesRequested = Document.fact('changes-requested.v1', Told);

/** The one approved before is superseded by it. */
export const ApproveDocument = Document.command('approve.v1', plain, DocumentView);
export const DocumentApproved = Document.fact('approved.v1', Told);
export const DocumentSuperseded = Document.fact('superseded.v1', Told);

/** A partner cluster agrees to the text by its hash, or to the version as it stands. */
export const ConsentToDocument = Document.command(
  'consent.v1',
  z.strictObject({
    to: z.literal('approve'),
    hash: Sha256.optional().describe('of the text that was read'),
    version,
    cluster: Ref('clusters').optional().describe('needed by who acts for several'),
  }),
  DocumentView,
);
export const DocumentConsented = Document.fact('consented.v1', Told);

/** Begins the next version, as a copy; the approved one stays until the next is approved. */
export const ReviseDocument = Document.command('revise.v1', z.strictObject({}), DocumentView);
export const DocumentRevised = Document.fact('revised.v1', Told);

/** The public may know of it from now on. */
export const ReleaseDocument = Document.command('release.v1', z.strictObject({}), DocumentView);
export const DocumentReleased = Document.fact('released.v1', Told);

/** A cluster that it names has become part of another. Sent by the product itself. */
export const FollowClusterInDocument = Document.command('follow-cluster.v1', z.strictObject({ from: Id, to: Id }), DocumentView);
export const DocumentFollowedCluster = Document.fact('followed-cluster.v1', Told);

export const AttachToDocument = Document.command('attach.v1', Attaching, DocumentView);
export const DocumentAttached = Document.fact('attached.v1', Told);

/** What was attached by mistake. */
export const DetachFromDocument = Document.command('detach.v1', Detaching, DocumentView);
export const DocumentDetached = Document.fact('detached.v1', Told);

Document.refuses([BeginDocument, PutDocument], {
  'DOCUMENT.BEGIN.ACTOR': ['NOT_YOURS', 'A document is begun by those who run the partnership, or the cluster.'],
  'DOCUMENT.OWNER.ONE': ['RULE', 'It belongs to one partnership or to one cluster.'],
  'DOCUMENT.KIND.KNOWN': ['RULE', 'The kind is not a kind of document of partnerships and clusters.'],
});

Document.refuses([PutDocument], {
  'DOCUMENT.PUT.NAMED': ['RULE', 'The document is not there yet, and its kind is not said; or it would change its owner or kind.'],
});

Document.refuses([ChangeDocument, PutDocument], {
  'DOCUMENT.CHANGE.ACTOR': ['NOT_YOURS', 'A document is changed by its authors and by those who run the partnership, or the cluster.'],
  'DOCUMENT.CHANGE.STATE': ['WRONG_STATE', 'It is under review or approved: changes are requested, or it is revised.'],
});

Document.refuses([BeginDocument, ChangeDocument, PutDocument], {
  'DOCUMENT.PARTS.KNOWN': ['RULE', 'A technology field or country in its parts is not known.'],
  'DOCUMENT.FILES.ATTACHED': ['RULE', 'A file is none of its attachments.'],
  'DOCUMENT.EXTERNAL_IDS.DISTINCT': ['RULE', 'An outside id stands twice.'],
  'DOCUMENT.EXTERNAL_IDS.UNIQUE': ['RULE', 'Another document has one of the outside ids.'],
});

Document.refuses([BeginDocument, ChangeDocument, PutDocument, SubmitDocument, ApproveDocument], {
  'DOCUMENT.PRIORITY_MARKETS.LIMIT': ['RULE', 'It has more priority markets than the partnership has set itself, or one twice.'],
});

Document.refuses([RemoveDocument], {
  'DOCUMENT.REMOVE.ACTOR': ['NOT_YOURS', 'A document is removed by its author and by those who run the partnership, or the cluster.'],
  'DOCUMENT.REMOVE.STATE': ['WRONG_STATE', 'Only a first draft is removed.'],
  'DOCUMENT.REMOVE.FREE': ['WRONG_STATE', 'Other records name it.'],
});

Document.refuses([SubmitDocument, RequestDocumentChanges, ApproveDocument, ConsentToDocument], {
  'DOCUMENT.VERSION.THERE': ['RULE', 'There is no version of this number.'],
});

Document.refuses([SubmitDocument], {
  'DOCUMENT.CONTENT.THERE': ['RULE', 'It has neither text nor parts nor a file.'],
});

Document.refuses([RequestDocumentChanges, ApproveDocument], {
  'DOCUMENT.REVIEW.OTHER_PERSON': ['RULE', 'Nobody but its authors has looked at it.'],
});

Document.refuses([ApproveDocument], {
  'DOCUMENT.CONSENT.QUORUM': ['RULE', 'Too few of the active partners have agreed to this very text.'],
});

Document.refuses([ConsentToDocument], {
  'DOCUMENT.CONSENT.ACTOR': ['NOT_YOURS', 'A partner cluster agrees for itself.'],
  'DOCUMENT.CONSENT.STATE': ['WRONG_STATE', 'It is not under review.'],
  'DOCUMENT.CONSENT.CLUSTER': ['RULE', 'It is not clear for which of the active partners.'],
  'DOCUMENT.CONSENT.SAME_HASH': ['RULE', 'This is not the hash of the text as it stands, or neither hash nor version is said.'],
});

Document.refuses([ReviseDocument], {
  'DOCUMENT.REVISE.ACTOR': ['NOT_YOURS', 'A document is revised by those who run the partnership, or the cluster.'],
  'DOCUMENT.REVISE.STATE': ['WRONG_STATE', 'There is no approved version, or another is in work.'],
});

Document.refuses([ReleaseDocument], {
  'DOCUMENT.RELEASE.ACTOR': ['NOT_YOURS', 'A document is released by the coordinator, or by those who run the cluster.'],
  'DOCUMENT.RELEASE.STATE': ['WRONG_STATE', 'There is no approved version.'],
});

Document.refuses([FollowClusterInDocument], {
  'DOCUMENT.FOLLOW_CLUSTER.ACTOR': ['NOT_YOURS', 'This follows from the merging of two clusters.'],
});

Document.refuses([AttachToDocument], {
  'DOCUMENT.ATTACH.ACTOR': ['NOT_YOURS', 'Files are attached by its authors and by those who run the partnership, or the cluster.'],
  'DOCUMENT.ATTACH.STATE': ['WRONG_STATE', 'No version is in work.'],
  ...attachmentRefusals,
});

Document.refuses([DetachFromDocument], {
  'DOCUMENT.DETACH.ACTOR': ['NOT_YOURS', 'Files are taken away by its authors and by those who run the partnership, or the cluster.'],
  'DOCUMENT.DETACH.STATE': ['WRONG_STATE', 'No version is in work.'],
  ...detachmentRefusals,
});
