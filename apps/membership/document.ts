import type { Actor } from '#libs/contracts/actor';
import type { DocumentView } from '#libs/contracts/document';
import type { DocumentVersion } from '#libs/contracts/document-details';
import type { Stamp } from '#libs/contracts/values';
import { canonicalHash } from '#libs/domain/canonical';
import { rolesTowards } from '#libs/domain/standing';

/** What is kept of a version; its hash follows from it. */
export type Version = Omit<DocumentVersion, 'hash'>;

type Kept = 'partnership' | 'cluster' | 'kind' | 'releasedAt' | 'partners' | 'attachments' | 'externalIds';

/** What is kept; the rest of the view follows from it. */
export interface Document extends Pick<DocumentView, Kept> {
  versions: Version[];
}

export const EDITABLE = ['DRAFT', 'CHANGES_REQUESTED'];
const IN_WORK = [...EDITABLE, 'IN_REVIEW'];

/** Who runs what a document belongs to. */
export const RUNNING = ['PLATFORM_ADMIN', 'PARTNERSHIP_COORDINATOR', 'PARTNERSHIP_MANAGER', 'CLUSTER_MANAGER'];

export const blankVersion: Omit<Version, 'no' | 'authors'> = {
  state: 'DRAFT',
  title: {},
  text: null,
  parts: {},
  files: [],
  submittedAt: null,
  remarks: null,
  consents: [],
  approvedAt: null,
  supersededAt: null,
};

export const openOf = ({ versions }: Document): Version | null => versions.findLast(({ state }) => IN_WORK.includes(state)) ?? null;
export const approvedOf = ({ versions }: Document): Version | null => versions.findLast(({ state }) => state === 'APPROVED') ?? null;
export const actedOn = (document: Document): Version => openOf(document) ?? approvedOf(document) ?? (document.versions.at(-1) as Version);

/** What is reviewed and approved; files count by their content. */
export function hashOf({ kind, attachments }: Document, { no, title, text, parts, files }: Version): string {
  const content = files.map((file) => attachments.find(({ id }) => id === file)?.sha256 ?? null);
  return canonicalHash({ version: no, kind, title, text, parts, files: content });
}

export const agreedBy = (document: Document, version: Version): string[] => {
  const hash = hashOf(document, version);
  return version.consents.filter((consent) => consent.hash === hash).map(({ cluster }) => cluster);
};

/** Towards a document: by running its partnership or cluster, and as one of the authors of a version. */
export const rolesIn = (
  { partnership, cluster }: Pick<Document, 'partnership' | 'cluster'>,
  version: Version | null,
  by: Actor,
): string[] => [
  ...rolesTowards(by, { PARTNERSHIP: partnership ? [partnership] : [], CLUSTER: cluster ? [cluster] : [] }),
  ...(version?.authors.includes(by.id) ? ['AUTHOR'] : []),
];

/** All of the view but what its store adds. */
export function readable(document: Document): Omit<DocumentView, keyof Stamp> {
  const { versions, ...kept } = document;
  const [approved, open, acted] = [approvedOf(document), openOf(document), actedOn(document)];
  const { state, title } = approved ?? acted;
  return {
    ...kept,
    state,
    title,
    approved: approved?.no ?? null,
    approvedAt: approved?.approvedAt ?? null,
    open: open?.no ?? null,
    stage: acted.state,
    hash: hashOf(document, acted),
    agreedBy: agreedBy(document, acted),
    versions: versions.map((version) => ({ ...version, hash: hashOf(document, version) })),
  };
}
