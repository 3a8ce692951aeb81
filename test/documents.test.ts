import { readFileSync } from 'node:fs';
import asyncApiSchema from '@asyncapi/specs/schemas/3.0.0-without-$id.json' with { type: 'json' };
import { describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';

const committed = (path: string) => JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'));

/** By validators that are none of ours. */
describe('The documents', () => {
  it('are valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(committed('openapi.json'));
    expect([valid, validator.version, errors]).toEqual([true, '3.1', undefined]);
  });

  it('are valid AsyncAPI 3.0', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
    expect([ajv.validate(asyncApiSchema, committed('asyncapi.json')), ajv.errors]).toEqual([true, null]);
  });
});
