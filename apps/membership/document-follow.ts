import { DocumentFollowedCluster } from '#libs/contracts/document';
import { type Context, type Decision, unchanged } from '#libs/domain/decision';
import { stated } from '#libs/domain/record';
import { judge, rule } from '#libs/domain/verdict';
import { type Document, readable, type Version } from './document.js';

interface Led {
  from: string;
  to: string;
}

const byItself = rule(
  'DOCUMENT.FOLLOW_CLUSTER.ACTOR',
  ({ by }: Context) => by.kind === 'SYSTEM' || 'Documents follow their clusters by the product itself.',
  { kind: 'NOT_YOURS' },
);

/** Under review one cluster has one word, its own before that of the record that has become part of it. What was approved stays as it was. */
function reviewed(version: Version, { from, to }: Led): Version {
  if (version.state !== 'IN_REVIEW') return version;
  const own = version.consents.some(({ cluster }) => cluster === to);
  const consents = version.consents.flatMap((each) => (each.cluster !== from ? each : own ? [] : { ...each, cluster: to }));
  return { ...version, consents };
}

/** Neither whose it is nor who reads it is part of its text: its hash stays, and with it what was agreed to. */
export function followClusterInDocument(state: Document | null, led: Led, context: Context): Decision<Document> {
  const before = state as Document;
  const verdicts = judge([byItself], context);
  const now = (id: string) => (id === led.from ? led.to : id);
  const next = stated(before, {
    ...before,
    cluster: before.cluster && now(before.cluster),
    partners: [...new Set(before.partners.map(now))],
    versions: before.versions.map((version) => reviewed(version, led)),
  });
  if (next === before) return unchanged(before, verdicts);
  return { next, facts: [DocumentFollowedCluster.of({ ...readable(next), id: context.id })], verdicts };
}
