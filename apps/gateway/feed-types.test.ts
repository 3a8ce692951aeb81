import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { factTypes } from '#libs/contracts/catalogue';
import { catalogue } from './catalogue.js';
import { sampleOf } from './feed-samples.js';
import { eventTypes } from './feed-types.js';
import type { JsonObject } from './openapi-schemas.js';

const ajv = new Ajv2020({ strict: false, validateFormats: false });
const types = [...eventTypes().values()];

describe('The catalogue of facts', () => {
  it('has every fact of the contracts', () => {
    expect(types.map(({ type }) => type)).toEqual([...catalogue.facts.keys()]);
    expect([...factTypes].sort()).toEqual([...catalogue.facts.keys()].sort());
  });

  it.each(types.map((each) => [each.type, each] as const))(
    'tells of %s name, version, schema, and an example that is one',
    (type, shown) => {
      expect(`${shown.name}.v${shown.version}`).toBe(type);
      const { data, subject } = shown.example as { data: { id: string }; subject: string };
      const isValid = ajv.validate(shown.schema, data);
      expect([isValid, ajv.errors]).toEqual([true, null]);
      expect(subject.endsWith(`/${data.id}`)).toBe(true);
      expect(() => catalogue.facts.get(type)!.data.parse(data)).not.toThrow();
    },
  );
});

describe('A sample', () => {
  it('comes to an end where a schema holds itself', () => {
    const schema: JsonObject = { type: 'object', properties: { part: { anyOf: [{ $ref: '#' }, { type: 'null' }] } }, required: ['part'] };
    const sample = sampleOf(schema);
    expect(ajv.validate(schema, sample)).toBe(true);
  });
});
