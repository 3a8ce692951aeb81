import { Problem } from './problem.js';

/** Who lost the connection comes back in a while of his own: a thousand at once would be a flood. */
const [SOONEST_MS, LATEST_MS] = [1000, 5000];
const retry = () => SOONEST_MS + Math.floor(Math.random() * (LATEST_MS - SOONEST_MS));

/** JSON has no line breaks of its own, so that an event is one line of data. */
const event = (name: string, data: object) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/** The cursor with the first line: who loses the connection before the first fact goes on from here. */
export const greeting = (cursor: number) => `retry: ${retry()}\nid: ${cursor}\n: the feed from here on\n\n`;

/** A comment, with the cursor when facts were passed over: who comes back need not be led past them again. */
export const heartbeat = (cursor: number | null) => (cursor === null ? ': here\n\n' : `: here\nid: ${cursor}\n\n`);

export const farewell = () => `retry: ${retry()}\n: this gateway closes, come back with Last-Event-ID\n\n`;

export type Resync = 'TOO_OLD' | 'TOO_SLOW';

const ways: Record<Resync, string> = {
  TOO_OLD: 'What follows your cursor has left the feed: take the snapshot again and go on from its cursor.',
  TOO_SLOW: 'You read slower than facts come: read GET /v1/feed from your last cursor, or take the snapshot again.',
};

export const resync = (reason: Resync, cursor: number) =>
  event('resync', { code: 'FEED.RESYNC', reason, detail: ways[reason], cursor, snapshot: '/v1/snapshot' });

export const trouble = (problem: Problem, traceId: string) => event('problem', problem.body(traceId));
