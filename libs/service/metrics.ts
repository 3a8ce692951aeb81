import { Counter, collectDefaultMetrics, Gauge, Histogram, register } from 'prom-client';

// Looked at ten times a second: more often it is itself what an idle service spends its time with.
collectDefaultMetrics({ eventLoopMonitoringPrecision: 100 });

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** HTTP answers of the gateway, by route pattern. */
export const httpRequestSeconds = new Histogram({
  name: 'http_request_seconds',
  help: 'Time to answer an HTTP request',
  labelNames: ['route', 'method', 'code'],
  buckets,
});

/** Commands decided by a service, from the broker's hand-over to the reply. */
export const commandSeconds = new Histogram({
  name: 'command_seconds',
  help: 'Time to decide and write a command',
  labelNames: ['service', 'command', 'outcome'],
  buckets,
});

export const outboxPending = new Gauge({
  name: 'outbox_pending',
  help: 'Documents whose outbox is not yet published',
  labelNames: ['collection'],
});

export const outboxOldestAgeSeconds = new Gauge({
  name: 'outbox_oldest_age_seconds',
  help: 'Age of the oldest unpublished outbox',
  labelNames: ['collection'],
});

export const consumerLag = new Gauge({
  name: 'consumer_lag',
  help: 'Records not yet handled',
  labelNames: ['group', 'topic', 'partition'],
});

/** How long the oldest message in hand has been waiting: a hang shows here, since the broker no longer notices one. */
export const laneAgeSeconds = new Gauge({ name: 'lane_age_seconds', help: 'Age of the oldest message in hand', labelNames: ['group'] });

export const parkedKeys = new Gauge({ name: 'parked_keys', help: 'Keys whose facts or states are parked', labelNames: ['group'] });

export const shelvedMessages = new Gauge({ name: 'shelved_messages', help: 'Commands that failed as a bug', labelNames: ['service'] });

export const jobs = new Gauge({ name: 'jobs', help: 'Jobs by queue and state', labelNames: ['queue', 'state'] });

/** A job that failed is forgotten by Redis at once: only its number and the log remember it. */
export const jobsFailed = new Counter({ name: 'jobs_failed_total', help: 'Jobs that failed', labelNames: ['queue'] });

export const feedStreams = new Gauge({ name: 'feed_streams', help: 'Event streams that are open' });

export const feedResyncs = new Counter({
  name: 'feed_resyncs_total',
  help: 'Event streams ended because the listener was too late or too slow',
  labelNames: ['reason'],
});

export const metricNames: string[] = register.getMetricsAsArray().map((metric) => metric.name);

export const metricsPage = () => register.metrics();
export const metricsType = register.contentType;
