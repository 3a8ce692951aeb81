import { existsSync, readdirSync, readFileSync } from 'node:fs';
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

describe('The pages for who reads this checkout', () => {
  const at = (path: string) => new URL(`../${path}`, import.meta.url);
  const text = (path: string) => readFileSync(at(path), 'utf8');
  const decisions = readdirSync(at('docs/adr')).sort();
  const pages = ['README.md', 'ARCHITECTURE.md', 'docs/README.md', 'deploy/README.md', ...decisions.map((name) => `docs/adr/${name}`)];

  it('list every decision by its title', () => {
    const titles = decisions.map((name) => `- [${text(`docs/adr/${name}`).split('\n')[0]!.slice(2)}](adr/${name})`);
    expect(text('docs/README.md').match(/^- \[\d.*$/gm)).toEqual(titles);
  });

  it.each(pages)('have no link that leads nowhere: %s', (page) => {
    const links = [...text(page).matchAll(/\]\((?!https?:)([^)#]+)(#[^)]*)?\)/g)].map(([, path]) => path!);
    expect(links.filter((path) => !existsSync(new URL(path, at(page))))).toEqual([]);
  });
});
