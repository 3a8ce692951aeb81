import { describe, expect, it } from '@jest/globals';
import { commandsOf, eventsOf, FEED, REPLIES, serviceTopics, sharedTopics, stateOf } from './topics.js';

const byName = new Map([...serviceTopics('events', 12), ...sharedTopics()].map((topic) => [topic.name, topic]));

describe('Topics', () => {
  it('of a service are kept as long as their readers may need: a week, for ever, the newest of each key', () => {
    expect(byName.get(commandsOf('events'))?.config['retention.ms']).toBe('604800000');
    expect(byName.get(eventsOf('events'))?.config['retention.ms']).toBe('-1');
    expect(byName.get(stateOf('events'))?.config['cleanup.policy']).toBe('compact');
  });

  it('of states roll within the hour, so that what is erased is gone soon', () => {
    const { config } = byName.get(stateOf('events'))!;
    expect([config['segment.ms'], config['max.compaction.lag.ms']]).toEqual(['3600000', '3600000']);
  });

  it('of replies are gone in minutes', () => {
    expect(byName.get(REPLIES)?.config['retention.ms']).toBe('600000');
  });

  it('have one partition where one order is needed: in the feed', () => {
    expect(byName.get(FEED)?.partitions).toBe(1);
    expect(byName.get(commandsOf('events'))?.partitions).toBe(12);
  });
});
