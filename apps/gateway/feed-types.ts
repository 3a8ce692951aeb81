import { z } from 'zod';
import { type FactContract, schemaOf, sequenceOf } from '#libs/contracts/message';
import { catalogue } from './catalogue.js';
import { sampleOf } from './feed-samples.js';
import type { JsonObject } from './openapi-schemas.js';

export interface EventTypeShown {
  type: string;
  name: string;
  version: number;
  aggregate: string;
  schema: JsonObject;
  example: JsonObject;
}

let known: ReadonlyMap<string, EventTypeShown> | null = null;

/** The catalogue of facts, made once: it stands in the contracts. */
export function eventTypes(): ReadonlyMap<string, EventTypeShown> {
  known ??= new Map([...catalogue.facts.values()].map((contract) => [contract.type, shown(contract)]));
  return known;
}

function shown(contract: FactContract): EventTypeShown {
  const { type, data, aggregate } = contract;
  const [, name = type, version = '1'] = /^(.+)\.v(\d+)$/.exec(type) ?? [];
  const schema = z.toJSONSchema(data, { io: 'output', unrepresentable: 'any' }) as JsonObject;
  return { type, name, version: Number(version), aggregate: aggregate.name, schema, example: exampleOf(contract, schema) };
}

function exampleOf({ type, aggregate }: FactContract, schema: JsonObject): JsonObject {
  const data = sampleOf(schema) as JsonObject;
  return {
    specversion: '1.0',
    id: '2f1c8f6e-6a0b-5d53-9e0b-7f7f0f6f3a10',
    type,
    source: `/${aggregate.service}`,
    subject: `/v1/${aggregate.resource}/${data.id}`,
    time: '2018-09-12T08:30:00.000Z',
    sequence: sequenceOf(1, 0),
    datacontenttype: 'application/json',
    data,
    dataschema: schemaOf(type),
    cursor: 1207,
  };
}
