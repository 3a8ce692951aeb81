import { writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { asyncApi } from './asyncapi.js';
import { documentedApp } from './docs-app.js';
import { openApi } from './openapi.js';

describe('x', () => {
  it('y', async () => {
    const app = await documentedApp();
    const t = performance.now();
    const doc = openApi(app);
    console.log(performance.now() - t);
    writeFileSync('/tmp/oa/openapi.json', JSON.stringify(doc, null, 2));
    writeFileSync('/tmp/oa/asyncapi.json', JSON.stringify(asyncApi(), null, 2));
    expect(1).toBe(1);
  });
});
