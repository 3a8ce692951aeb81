import { schemaOf } from '#libs/contracts/message';
import type { JsonObject } from './openapi-schemas.js';

const text = (description: string, more: JsonObject = {}): JsonObject => ({ type: 'string', description, ...more });

const headers = (properties: Record<string, JsonObject>, required = Object.keys(properties)): JsonObject => ({
  type: 'object',
  properties,
  required,
});

/** CloudEvents 1.0, structured; what is no fact has no event type to read its schema from. The extension `sequence` orders the facts of one subject. */
export const cloudEvent = (type: string, resource: string, data: JsonObject, isFact = true): JsonObject => ({
  type: 'object',
  required: ['specversion', 'id', 'type', 'source', 'subject', 'time', 'sequence', 'datacontenttype', 'data'],
  properties: {
    specversion: { const: '1.0' },
    id: text('of the fact; the same with each delivery', { format: 'uuid' }),
    type: { const: type },
    source: text('the service that states it'),
    subject: text('path of what it is about', { pattern: `^/v1/${resource}/` }),
    time: text('when it was decided', { format: 'date-time' }),
    sequence: text('version and index of the subject, sortable as text', { pattern: '^\\d{10}\\.\\d{3}$', examples: ['0000000012.000'] }),
    datacontenttype: { const: 'application/json' },
    ...(isFact ? { dataschema: { const: schemaOf(type), description: 'where the shape of `data` is told' } } : {}),
    data,
  },
});

export const factHeaders = (type: string) =>
  headers({
    ce_id: text('id of the fact'),
    ce_type: { const: type },
    ce_source: text('the service that states it'),
    ce_subject: text('path of what it is about'),
    ce_time: text('when it was decided', { format: 'date-time' }),
    'content-type': { const: 'application/cloudevents+json' },
  });

export const commandHeaders = (type: string) =>
  headers(
    {
      id: text('of the message; the same message twice is decided once'),
      type: { const: type },
      by: text('who asks, signed by the gateway for this very command'),
      expected: text('the version the asker has read', { pattern: '^\\d+$' }),
      dry: { const: '1', description: 'decide, and change nothing' },
      keyed: { const: '1', description: 'the asker may repeat it: its outcome is remembered for a day' },
      reply: text('JSON: the gateway instance that waits, or the command that shall take the answer'),
      traceparent: text('W3C trace context'),
      due: text('the timer that has come, when a service asks itself'),
    },
    ['id', 'type', 'by'],
  );

export const stateHeaders = (aggregate: string) => headers({ aggregate: { const: aggregate } });

export const historyHeaders = headers({ aggregate: text('what kind it is') });

export const replyHeaders = headers({ instance: text('the gateway instance that waits') });

/** Standard Webhooks 1.0. */
export const webhookHeaders = headers({
  'content-type': { const: 'application/cloudevents+json' },
  'webhook-id': text('of the delivery; the same with each attempt'),
  'webhook-timestamp': text('seconds since 1970; refuse what is older than five minutes', { pattern: '^\\d+$' }),
  'webhook-signature': text(
    'one per secret in force, separated by spaces: v1,base64(HMAC-SHA256(secret, "<webhook-id>.<webhook-timestamp>.<body>")); the secret is the base64 after whsec_',
    { pattern: '^v1,' },
  ),
});
