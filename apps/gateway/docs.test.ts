import { beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { codes } from './codes.js';
import { serveDocuments } from './docs.js';
import { documentedApp } from './docs-app.js';
import { Problem, problemTypes } from './problem.js';

let http: FastifyInstance;

beforeAll(async () => {
  const app = await documentedApp();
  serveDocuments(app, (error, _request, reply) => void reply.code((error as Problem).status).send((error as Problem).body('')));
  http = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
});

const get = (url: string, headers: Record<string, string> = {}) => http.inject({ method: 'GET', url, headers });

describe('The documentation', () => {
  it('serves both documents to everybody, and says when they have not changed', async () => {
    for (const url of ['/openapi.json', '/asyncapi.json']) {
      const first = await get(url);
      expect(first.statusCode).toBe(200);
      expect(first.headers).toMatchObject({ 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' });
      expect(first.json()).toHaveProperty('info.title', 'Clusterbridge');
      const again = await get(url, { 'if-none-match': String(first.headers.etag) });
      expect([again.statusCode, again.body]).toEqual([304, '']);
    }
  });

  it('loads and runs nothing from elsewhere, and nothing written into a page', async () => {
    for (const url of ['/docs', '/docs/webhooks', '/docs/problems', '/docs/problems/not-yours']) {
      const { headers, body } = await get(url);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(body).not.toMatch(/(src|stylesheet" href)="(https?:)?\/\/|<script>|style=|<style/);
    }
  });

  it('has every file its pages ask for', async () => {
    const { body } = await get('/docs');
    const files = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file!);
    for (const file of files) expect([file, (await get(file)).statusCode]).toEqual([file, 200]);
  });

  it('has a page for each kind of problem, with its way out and all of its codes', async () => {
    for (const [name, { slug, title }] of Object.entries(problemTypes)) {
      const { statusCode, body } = await get(`/docs/problems/${slug}`);
      expect([slug, statusCode]).toEqual([slug, 200]);
      expect(body).toContain(`<h1>${title}</h1>`);
      for (const [code, { problem }] of codes) expect(body.includes(`id="${code}"`)).toBe(problem === name);
    }
  });

  it('answers 404 for what it does not have', async () => {
    for (const url of ['/docs/problems/none', '/docs/assets/package.json', '/docs/assets/..%2Fpackage.json'])
      expect([url, (await get(url)).statusCode]).toEqual([url, 404]);
  });
});
