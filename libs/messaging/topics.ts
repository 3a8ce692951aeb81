import type { Service } from '#libs/contracts/actor';
import type { TopicSpec } from './kafka.js';

const days = (n: number) => String(n * 86_400_000);
const minutes = (n: number) => String(n * 60_000);

/** What a topic accepted is always decided; a week covers any outage of a service. */
export const commandsOf = (service: string) => `${service}.commands`;
/** Facts as CloudEvents, kept for ever. */
export const eventsOf = (service: string) => `${service}.events`;
/** The newest view per aggregate, compacted. */
export const stateOf = (service: string) => `${service}.state`;
/** Answers to commands; each gateway reads all of it and keeps its own. */
export const REPLIES = 'replies';
/** Every fact once the read model shows it, in one order: its offset is the cursor of all who listen. */
export const FEED = 'feed';
/** Who made which version of what, and what it changed: append-only, since the state topics forget all but the newest. */
export const HISTORY = 'history';

/** Segments roll soon, so that what is erased is gone soon. */
const compacted = {
  'cleanup.policy': 'compact',
  'segment.ms': minutes(60),
  'max.compaction.lag.ms': minutes(60),
  'min.cleanable.dirty.ratio': '0.1',
};

export const serviceTopics = (service: Service, partitions: number): TopicSpec[] => [
  { name: commandsOf(service), partitions, config: { 'retention.ms': days(7) } },
  { name: eventsOf(service), partitions, config: { 'retention.ms': '-1' } },
  { name: stateOf(service), partitions, config: compacted },
];

/** Every gateway reads all replies: more partitions would only make each fetch dearer. */
const REPLY_PARTITIONS = 2;
const HISTORY_PARTITIONS = 4;

export const sharedTopics = (): TopicSpec[] => [
  { name: REPLIES, partitions: REPLY_PARTITIONS, config: { 'retention.ms': minutes(10), 'segment.ms': minutes(5) } },
  { name: FEED, partitions: 1, config: { 'retention.ms': '-1' } },
  { name: HISTORY, partitions: HISTORY_PARTITIONS, config: { 'retention.ms': '-1' } },
];
