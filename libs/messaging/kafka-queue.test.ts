import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { RequestQueues } from './kafka-queue.js';

const queue = () =>
  new RequestQueues({
    requestTimeout: 1000,
    enforceRequestTimeout: false,
    clientId: 'test',
    broker: 'here',
    logger: { debug: () => undefined },
  });

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('The queue of a connection', () => {
  it('sets no timer while nothing waits', () => {
    queue().scheduleCheckPendingRequests();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('looks again as long as something waits', () => {
    const full = queue();
    full.pending.push({});
    full.scheduleCheckPendingRequests();
    expect(jest.getTimerCount()).toBe(1);
  });
});
