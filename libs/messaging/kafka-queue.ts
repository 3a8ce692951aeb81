import { createRequire } from 'node:module';

/** As far as it is mended: the requests of one connection that wait until the broker takes more. */
export interface RequestQueue {
  pending: unknown[];
  throttleCheckTimeoutId: unknown;
  scheduleCheckPendingRequests(): void;
}

export const RequestQueues = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as {
  new (settings: object): RequestQueue;
  prototype: RequestQueue;
};

const asItWas = RequestQueues.prototype.scheduleCheckPendingRequests;

/**
 * kafkajs 2.2.4 looks for waiting requests again after each look, also when there are none: every connection sets a timer of one
 * millisecond for ever (and Node 24 warns of it). Six idle services spent a tenth of two cores on that. A look is due only when
 * something waits; whatever comes to wait later asks for its own.
 */
RequestQueues.prototype.scheduleCheckPendingRequests = function scheduleIfSomethingWaits(this: RequestQueue) {
  if (this.pending.length > 0) asItWas.call(this);
};
