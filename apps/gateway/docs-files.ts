import type { AggregateContract } from '#libs/contracts/message';
import { asyncApi } from './asyncapi.js';
import { catalogue } from './catalogue.js';
import { documentedApp } from './docs-app.js';
import { openApi } from './openapi.js';
import { Components, type JsonObject } from './openapi-schemas.js';

export const OPENAPI = 'openapi.json';
export const ASYNCAPI = 'asyncapi.json';
export const CONTRACTS = 'test/snapshots/contracts.json';
export const ARCHITECTURE = 'ARCHITECTURE.md';

export const pretty = (value: JsonObject): string => `${JSON.stringify(value, null, 2)}\n`;

/** Everything that follows from the contracts and stands in the repository. */
export async function generated(): Promise<Record<typeof OPENAPI | typeof ASYNCAPI | typeof CONTRACTS, JsonObject>> {
  return { [OPENAPI]: openApi(await documentedApp()), [ASYNCAPI]: asyncApi(), [CONTRACTS]: contracts() };
}

/** The JSON Schemas of all contracts. */
export function contracts(): JsonObject {
  const components = new Components();
  const sorted = [...catalogue.aggregates].sort((a, b) => (a.name < b.name ? -1 : 1));
  const commands = sorted.flatMap((contract) =>
    contract.commands.map(({ type, data, answer, creates = null }) => [
      type,
      { creates, data: components.of(data, 'input'), answer: components.of(answer, 'output') },
    ]),
  );
  const facts = sorted.flatMap((contract) => contract.facts.map(({ type, data }) => [type, components.of(data, 'output')]));
  const views = sorted.map(({ name, view }) => [name, components.of(view, 'output')]);
  const all = { commands: Object.fromEntries(commands), facts: Object.fromEntries(facts), views: Object.fromEntries(views) };
  const { document, schemas } = components.settle(all as JsonObject);
  return { ...document, components: { schemas } };
}

const BEGIN = '<!-- catalogue: begin (npm run contracts) -->';
const END = '<!-- catalogue: end -->';

/** The page with the catalogue as the contracts have it now. */
export function withCatalogue(page: string): string {
  const [before, rest = ''] = page.split(BEGIN);
  const after = rest.split(END)[1];
  if (after === undefined) throw new Error(`${ARCHITECTURE} has lost the marks ${BEGIN} and ${END}.`);
  return `${before}${BEGIN}\n${table()}\n${END}${after}`;
}

function table(): string {
  const rows = [...catalogue.aggregates]
    .sort((a, b) => (a.service + a.name < b.service + b.name ? -1 : 1))
    .map((contract) => `| ${cells(contract).join(' | ')} |`);
  return [
    '| aggregate | owner | resource | commands | facts | scarce counters | personal fields |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

const cells = ({ name, service, resource, commands, facts, scarce, personal }: AggregateContract): string[] => [
  `\`${name}\``,
  service,
  `\`${resource}\``,
  commands.map(verb).join(', ') || '–',
  facts.map(verb).join(', ') || '–',
  scarce.join(', ') || '–',
  personal.map((field) => `\`${field}\``).join(', ') || '–',
];

/** `imported.v1` of `partnership.imported.v1`; the version is named from the second on. */
const verb = ({ type }: { type: string }) => type.slice(type.indexOf('.') + 1).replace(/\.v1$/, '');
