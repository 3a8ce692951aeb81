import type { z } from 'zod';
import * as contract from '#libs/contracts/document';
import type { FactContract } from '#libs/contracts/message';
import type { Context, Decision } from '#libs/domain/decision';
import { machine } from '#libs/domain/machine';
import { type Move, type Moving, movedBy } from '#libs/domain/move';
import { explained, policyFor } from '#libs/domain/policy';
import { failed, judge, notApplicable, passed, rule } from '#libs/domain/verdict';
import { actedOn, agreedBy, approvedOf, type Document, hashOf, openOf, RUNNING, readable, rolesIn, type Version } from './document.js';
import { marketsFound } from './document-rules.js';
import type { Narrower } from './narrower.js';

const SOURCE = { source: 'state-machines.json#DOCUMENT_VERSION' };

/** A document with the one version of it that a command is about: the machine runs per version. */
interface Focus {
  document: Document;
  version: Version;
  state: string;
}

interface Picking {
  version?: number;
}

type Moves<D> = Move<Focus, D>;
type Decide<D> = (document: Document | null, data: D, context: Context) => Decision<Document>;

/** What is known of the partnership it belongs to: who may say otherwise, and its clusters. Of a cluster's there is none. */
export interface Known {
  narrower: Narrower;
  /** Active partner clusters. */
  partners: readonly string[];
}

const move = movedBy<Focus>({
  machine: machine('DOCUMENT_VERSION'),
  field: 'state',
  roles: ({ document, version }, { by }) => rolesIn(document, version, by),
});

const versionThere = rule('DOCUMENT.VERSION.THERE', ({ before: { document }, data: { version } }: Moves<Picking>) => {
  if (version === undefined) return notApplicable('No version is named.');
  const there = document.versions.some(({ no }) => no === version);
  return there ? passed('The version is there.', { version }) : failed(`There is no version ${version}.`, { version }, '/version');
});

const unfocused = ({ document, version, state }: Focus): Document => ({
  ...document,
  versions: document.versions.map((each) => (each.no === version.no ? { ...version, state } : each)),
});

type About<D> = Omit<Moving<Focus, D>, 'tell'> & { fact: FactContract };

const onVersion = <D extends Picking>(command: string, { fact, guards = [], ...about }: About<D>): Decide<D> => {
  const tell = (next: Focus, id: string) => fact.of({ ...readable(unfocused(next)), id });
  const decide = move<D>(command, { ...about, guards: [versionThere, ...guards], tell });
  return (state, data, context) => {
    const document = state as Document;
    const version = document.versions.find(({ no }) => no === data.version) ?? actedOn(document);
    const { next, ...decision } = decide({ document, version, state: version.state }, data, context);
    return { ...decision, next: unfocused(next) };
  };
};

const contentThere = rule('DOCUMENT.CONTENT.THERE', ({ before: { version } }: Moves<Picking>) => {
  const { text, parts, files } = version;
  const parts_ = Object.values(parts).filter((part) => part.length > 0).length;
  const inputs = { languages: Object.keys(text ?? {}), parts: parts_, files: files.length };
  return inputs.languages.length + parts_ + files.length > 0
    ? passed('There is something to review.', inputs)
    : failed('There is nothing to review yet.', inputs, '/text');
});

const fewMarkets = ({ narrower }: Known) =>
  rule('DOCUMENT.PRIORITY_MARKETS.LIMIT', ({ before, context }: Moves<Picking>) => marketsFound(before.version, narrower, context), {
    source: 'policies of the partnership',
  });

export const submitDocument = (known: Known) =>
  onVersion<Picking>('submit', {
    fact: contract.DocumentSubmitted,
    guards: [contentThere, fewMarkets(known)],
    beside: ({ before: { document, version }, context: { at } }) => ({
      document: { ...document, partners: [...known.partners] },
      version: { ...version, submittedAt: at, remarks: null },
    }),
  });

const isOther = ({ version }: Focus, by: string) => !version.authors.includes(by);

const reviewedByAnother = rule(
  'DOCUMENT.REVIEW.OTHER_PERSON',
  ({ before, context: { by } }: Moves<Picking>) =>
    isOther(before, by.id) ? passed('Another person than its authors looks at it.') : failed('Its authors do not review it themselves.'),
  SOURCE,
);

/** A partnership's is looked at by its partners: a coordinator who has written it may bring their word in. */
const approvedByAnother = rule(
  'DOCUMENT.REVIEW.OTHER_PERSON',
  ({ before, context: { by } }: Moves<Picking>) => {
    const hash = hashOf(before.document, before.version);
    const others = before.version.consents.filter((consent) => consent.hash === hash && isOther(before, consent.by)).length;
    return isOther(before, by.id) || (before.document.partnership !== null && others > 0)
      ? passed('Another person than its authors has looked at it.', { others })
      : failed('Nobody but its authors has looked at it.', { others });
  },
  SOURCE,
);

type Changes = z.output<typeof contract.RequestDocumentChanges.data>;

export const requestDocumentChanges = onVersion<Changes>('requestChanges', {
  fact: contract.DocumentChangesRequested,
  guards: [reviewedByAnother],
  beside: ({ before: { version }, data: { remarks } }) => ({ version: { ...version, remarks, consents: [] } }),
});

const quorum = ({ narrower, partners }: Known) =>
  rule(
    'DOCUMENT.CONSENT.QUORUM',
    ({ before: { document, version }, context }: Moves<Picking>) => {
      if (document.partnership === null) return notApplicable('It belongs to a cluster.');
      const policy = policyFor('DOCUMENT_QUORUM_APPROVE', context, narrower);
      const percent = Number(policy?.value ?? 100);
      const agreed = agreedBy(document, version).filter((cluster) => partners.includes(cluster));
      const needed = Math.ceil((partners.length * percent) / 100);
      const inputs = { ...explained(policy), percent, partners: partners.length, needed, agreed };
      return agreed.length >= needed
        ? passed('Enough of the active partners have agreed.', inputs)
        : failed(`${agreed.length} of the ${needed} active partners needed have agreed to this text.`, inputs);
    },
    { source: 'document-rules.json' },
  );

const approve = (known: Known) =>
  onVersion<Picking>('approve', {
    fact: contract.DocumentApproved,
    guards: [approvedByAnother, fewMarkets(known), quorum(known)],
    beside: ({ before: { document, version }, context: { at } }) => ({
      document: { ...document, partners: [...known.partners] },
      version: { ...version, approvedAt: at },
    }),
  });

/** The machine's `supersede`: given by the product, in the very moment the next version is approved. */
export const approveDocument =
  (known: Known): Decide<Picking> =>
  (state, data, context) => {
    const decision = approve(known)(state, data, context);
    const now = approvedOf(decision.next) as Version;
    const isPast = ({ no, state: its }: Version) => its === 'APPROVED' && no !== now.no;
    if (!decision.next.versions.some(isPast)) return decision;
    const versions = decision.next.versions.map((each) =>
      isPast(each) ? { ...each, state: 'SUPERSEDED', supersededAt: context.at } : each,
    );
    const next = { ...decision.next, versions };
    const told = { ...readable(next), id: context.id };
    return { ...decision, next, facts: [contract.DocumentApproved.of(told), contract.DocumentSuperseded.of(told)] };
  };

interface Beside {
  document: Document;
  roles: readonly string[];
}

const actor = (code: 'REVISE' | 'RELEASE', actors: readonly string[]) =>
  rule(
    `DOCUMENT.${code}.ACTOR`,
    ({ roles }: Beside) =>
      roles.some((role) => actors.includes(role))
        ? passed('It is yours to do.', { roles })
        : failed(`This is for ${actors.join(', ')}.`, { roles }),
    { kind: 'NOT_YOURS' },
  );

const isApproved = (code: 'REVISE' | 'RELEASE', alone: boolean) =>
  rule(
    `DOCUMENT.${code}.STATE`,
    ({ document }: Beside) => {
      const [approved, open] = [approvedOf(document), openOf(document)];
      if (!approved) return failed('No version is approved.', { state: actedOn(document).state });
      return alone && open
        ? failed(`Version ${open.no} is in work.`, { version: open.no, state: open.state })
        : passed('A version is approved.', { version: approved.no });
    },
    { kind: 'WRONG_STATE' },
  );

/** A copy of what is approved, to be worked on. */
export function reviseDocument(state: Document | null, _: object, { id, by }: Context): Decision<Document> {
  const document = state as Document;
  const verdicts = judge([actor('REVISE', RUNNING), isApproved('REVISE', true)], { document, roles: rolesIn(document, null, by) });
  const { title, text, parts, files } = approvedOf(document) as Version;
  const no = (document.versions.at(-1)?.no ?? 0) + 1;
  const version: Version = {
    ...{ no, state: 'DRAFT', title, text, parts, files, authors: [by.id], submittedAt: null, remarks: null },
    ...{ consents: [], approvedAt: null, supersededAt: null },
  };
  const next = { ...document, versions: [...document.versions, version] };
  return { next, facts: [contract.DocumentRevised.of({ ...readable(next), id })], verdicts };
}

const RELEASING = ['PLATFORM_ADMIN', 'PARTNERSHIP_COORDINATOR', 'CLUSTER_MANAGER'];

export function releaseDocument(state: Document | null, _: object, { id, by, at }: Context): Decision<Document> {
  const document = state as Document;
  const verdicts = judge([actor('RELEASE', RELEASING), isApproved('RELEASE', false)], { document, roles: rolesIn(document, null, by) });
  if (document.releasedAt !== null) return { next: document, facts: [], verdicts };
  const next = { ...document, releasedAt: at };
  return { next, facts: [contract.DocumentReleased.of({ ...readable(next), id })], verdicts };
}
