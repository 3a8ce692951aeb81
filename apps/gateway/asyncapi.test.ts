import { describe, expect, it } from '@jest/globals';
import { asyncApi } from './asyncapi.js';
import { catalogue } from './catalogue.js';
import { resolved } from './docs-breaking-schemas.js';
import type { Json, JsonObject } from './openapi-schemas.js';

const document = asyncApi();
const channels = document.channels as Record<string, { address: string | null; messages: JsonObject }>;

function refsIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, each]) => (key === '$ref' && typeof each === 'string' ? [each] : refsIn(each)));
}

describe('The AsyncAPI document', () => {
  it('has each command on the topic of its owner, and each fact on its topic, in the feed and in webhooks', () => {
    for (const { type, aggregate } of catalogue.commands.values())
      expect(channels[`${aggregate.service}_commands`]!.messages).toHaveProperty(type.replaceAll('.', '_'));
    for (const { type, aggregate } of catalogue.facts.values()) {
      const name = type.replaceAll('.', '_');
      expect(channels[`${aggregate.service}_events`]!.messages).toHaveProperty(name);
      expect(channels.feed!.messages).toHaveProperty(name);
      expect(channels.webhook!.messages).toHaveProperty(`webhook_${name}`);
    }
  });

  it('has the test that comes before a subscription is enabled, in webhooks alone', () => {
    expect(channels.webhook!.messages).toHaveProperty('webhook_subscription_test_v1');
    expect(channels.feed!.messages).not.toHaveProperty('subscription_test_v1');
  });

  it('has the addresses the services use', () => {
    expect(channels.membership_state!.address).toBe('membership.state');
    expect(channels.replies!.address).toBe('replies');
  });

  it('refers to nothing that is not there', () => {
    expect(refsIn(document).filter((ref) => Object.keys(resolved(ref, document)).length === 0)).toEqual([]);
  });

  it('tells no personal field in a fact', () => {
    const facts = Object.entries((document.components as { schemas: JsonObject }).schemas).filter(([name]) => name.endsWith('_v1'));
    for (const { name, personal } of catalogue.aggregates)
      for (const field of personal)
        for (const [fact, schema] of facts.filter(([each]) => each.startsWith(`${name}_`)))
          expect([fact, JSON.stringify(schema).includes(`"${field.split('.')[0]}"`)]).toEqual([fact, false]);
  });
});
