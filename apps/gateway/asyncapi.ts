import { HistoryRecord } from '#libs/contracts/history';
import { type AggregateContract, Outcome } from '#libs/contracts/message';
import { SUBSCRIPTION_TEST, SubscriptionTest } from '#libs/contracts/subscription';
import type { TopicSpec } from '#libs/messaging/kafka';
import { commandsOf, eventsOf, FEED, HISTORY, REPLIES, serviceTopics, sharedTopics, stateOf } from '#libs/messaging/topics';
import {
  cloudEvent,
  commandHeaders,
  factHeaders,
  historyHeaders,
  replyHeaders,
  stateHeaders,
  webhookHeaders,
} from './asyncapi-envelopes.js';
import { catalogue } from './catalogue.js';
import { VERSION } from './openapi.js';
import { Components, type JsonObject } from './openapi-schemas.js';

const about = `What Clusterbridge says and takes beside HTTP.

**Partners** receive facts by webhook: the channel \`webhook\`. Everything else are the topics by which its own services speak; they are told for operators and for who
extends the house.

A fact is a CloudEvent 1.0. \`sequence\` (version and index of its subject) orders the facts of one subject as text: drop what is not above the last seen, and repeated
deliveries do no harm. Facts of one subject come in order, of different subjects side by side. \`.v1\` grows by optional fields only.

Topic names carry the prefix of the installation, if it has one (\`TOPIC_PREFIX\`). Keys are aggregate ids, so that Kafka keeps the order of each.`;

/** As messages are named in the document: `partnership.imported.v1` is one word there. */
const nameOf = (type: string) => type.replaceAll('.', '_');
const stateName = (contract: AggregateContract) => `${contract.name}_state`;
const ref = (...path: string[]): JsonObject => ({ $ref: `#/${path.join('/')}` });

const WEBHOOK_TEST = `webhook_${nameOf(SUBSCRIPTION_TEST)}`;

const ownerOf = Map.groupBy(catalogue.aggregates, ({ service }) => service);
const facts = [...catalogue.facts.values()];

export function asyncApi(): JsonObject {
  const components = new Components('draft-7');
  const messages = messagesOf(components);
  const channels = channelsOf();
  const { document, schemas } = components.settle({
    channels,
    operations: operationsOf(channels),
    messages,
    bodies: factBodies(components),
  });
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Clusterbridge',
      version: VERSION,
      description: about,
      license: { name: 'EUPL-1.2', url: 'https://interoperable-europe.ec.europa.eu/collection/eupl/eupl-text-eupl-12' },
    },
    defaultContentType: 'application/json',
    servers: {
      kafka: {
        host: '{brokers}',
        protocol: 'kafka',
        description: 'For the services of the house; partners use the webhook or the REST API.',
        variables: { brokers: { description: 'KAFKA_BROKERS of the installation', default: 'kafka:9092' } },
      },
      partner: {
        host: '{endpoint}',
        protocol: 'https',
        description: 'The endpoint of a partner, as its subscription names it.',
        variables: { endpoint: { description: 'host of the `url` of the subscription', default: 'partner.example' } },
      },
    },
    channels: document.channels,
    operations: document.operations,
    components: { messages: document.messages, schemas: { ...schemas, ...document.bodies } },
  };
}

function messagesOf(components: Components): JsonObject {
  const commands = [...catalogue.commands.values()].map(({ type, data, aggregate }) => [
    nameOf(type),
    message(type, `Asks the ${aggregate.name} of its key to ${words(type)}.`, commandHeaders(type), components.of(data, 'input')),
  ]);
  const told = facts.map(({ type }) => [nameOf(type), message(type, `${type}, as it is published.`, factHeaders(type), bodyOf(type))]);
  const delivered = facts.map(({ type }) => [
    `webhook_${nameOf(type)}`,
    message(type, `${type}, as it is delivered.`, webhookHeaders, bodyOf(type)),
  ]);
  const test = message(SUBSCRIPTION_TEST, 'Sent before a subscription is enabled.', webhookHeaders, bodyOf(SUBSCRIPTION_TEST));
  const states = catalogue.aggregates.map((contract) => [
    stateName(contract),
    message(
      `${contract.name} state`,
      `The newest view; a tombstone when it is gone, with its version in the header.`,
      stateHeaders(contract.name),
      state(contract, components),
    ),
  ]);
  const reply = message('reply', 'What became of a command.', replyHeaders, components.of(Outcome, 'output'));
  const history = message(
    'history',
    'Who made which versions of an aggregate, by which commands, and what they changed; without personal fields.',
    historyHeaders,
    components.of(HistoryRecord, 'output'),
  );
  return Object.fromEntries([...commands, ...told, ...states, ...delivered, [WEBHOOK_TEST, test], ['reply', reply], ['history', history]]);
}

const bodyOf = (type: string) => ref('components', 'schemas', nameOf(type));

/** The body of a fact, on its topic and in a webhook alike. */
const factBodies = (components: Components): JsonObject =>
  Object.fromEntries([
    ...facts.map(({ type, data, aggregate }) => [nameOf(type), cloudEvent(type, aggregate.resource, components.of(data, 'output'))]),
    [nameOf(SUBSCRIPTION_TEST), cloudEvent(SUBSCRIPTION_TEST, 'subscriptions', components.of(SubscriptionTest, 'output'), false)],
  ]);

const words = (type: string) => type.split('.')[1]!.replaceAll('-', ' ');

const message = (title: string, summary: string, headers: JsonObject, payload: JsonObject): JsonObject => ({
  name: title,
  title,
  summary,
  headers,
  payload,
});

const state = ({ name, view }: AggregateContract, components: Components): JsonObject => ({
  type: ['object', 'null'],
  required: ['aggregate', 'id', 'version', 'view'],
  properties: {
    aggregate: { const: name },
    id: { type: 'string' },
    version: { type: 'integer', minimum: 1 },
    view: components.of(view, 'output'),
  },
});

interface Channel {
  id: string;
  address: string | null;
  description: string;
  messages: string[];
}

function channelList(): Channel[] {
  const owners = [...ownerOf].sort(([a], [b]) => (a < b ? -1 : 1));
  const ofServices = owners.flatMap(([service, contracts]) => [
    {
      id: `${service}_commands`,
      address: commandsOf(service),
      description: `What ${service} is asked to do. What is accepted here is always decided, in order per key.`,
      messages: contracts.flatMap(({ commands }) => commands.map(({ type }) => nameOf(type))),
    },
    {
      id: `${service}_events`,
      address: eventsOf(service),
      description: `What has happened in ${service}; kept for ever.`,
      messages: contracts.flatMap((contract) => contract.facts.map(({ type }) => nameOf(type))),
    },
    {
      id: `${service}_state`,
      address: stateOf(service),
      description: `The newest view of each aggregate of ${service}; compacted.`,
      messages: contracts.map(stateName),
    },
  ]);
  const everything = facts.map(({ type }) => nameOf(type));
  return [
    ...ofServices,
    { id: 'history', address: HISTORY, description: 'Every version of every aggregate; kept for ever.', messages: ['history'] },
    { id: 'replies', address: REPLIES, description: 'Answers to commands; each gateway keeps its own.', messages: ['reply'] },
    {
      id: 'feed',
      address: FEED,
      description:
        'Every fact once it can be read over HTTP, in one order: the offset in its one partition is the cursor of all who listen.',
      messages: everything,
    },
    {
      id: 'webhook',
      address: null,
      description:
        'POST to the `url` of a subscription, signed per Standard Webhooks. 2xx acknowledges; anything else is tried again with growing distance; 410 disables the subscription. Create one by `POST /v1/subscriptions`.',
      messages: [...everything.map((name) => `webhook_${name}`), WEBHOOK_TEST],
    },
  ];
}

function channelsOf(): Record<string, JsonObject> {
  const topics = new Map(
    [...[...ownerOf.keys()].flatMap((service) => serviceTopics(service, 12)), ...sharedTopics()].map((topic) => [topic.name, topic]),
  );
  const spoken = channelList().filter(({ messages }) => messages.length > 0);
  const described = spoken.map(({ id, address, description, messages }) => {
    const topic = topics.get(address ?? '');
    const channel = {
      address,
      description,
      servers: [ref('servers', topic ? 'kafka' : 'partner')],
      messages: Object.fromEntries(messages.map((name) => [name, ref('components', 'messages', name)])),
      ...(topic ? { bindings: { kafka: bindingOf(topic) } } : {}),
    };
    return [id, channel] as const;
  });
  return Object.fromEntries(described);
}

const bindingOf = ({ name, partitions, config = {} }: TopicSpec): JsonObject => ({
  topic: name,
  partitions,
  topicConfiguration: configurationOf(config),
  bindingVersion: '0.5.0',
});

/** The binding takes lists and numbers where Kafka takes text. */
function configurationOf(config: Record<string, string>): JsonObject {
  const { 'cleanup.policy': cleanup = 'delete', 'retention.ms': retention } = config;
  return { 'cleanup.policy': [cleanup], ...(retention ? { 'retention.ms': Number(retention) } : {}) };
}

/** Seen from the house: it receives commands, and sends all the rest. */
function operationsOf(channels: Record<string, JsonObject>): JsonObject {
  const operations = Object.entries(channels).map(([id, { messages }]): [string, JsonObject] => {
    const receives = id.endsWith('_commands');
    const action = receives ? 'receive' : 'send';
    return [
      `${action}_${id}`,
      {
        action,
        channel: ref('channels', id),
        messages: Object.keys(messages as JsonObject).map((name) => ref('channels', id, 'messages', name)),
        ...(receives
          ? { reply: { channel: ref('channels', 'replies'), messages: [ref('channels', 'replies', 'messages', 'reply')] } }
          : {}),
        ...(id === 'webhook' ? { bindings: { http: { method: 'POST', bindingVersion: '0.3.0' } } } : {}),
      },
    ];
  });
  return Object.fromEntries(operations);
}
