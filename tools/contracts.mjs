import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './programs.mjs';

/** Everything that follows from the contracts: the documents, and the types of the OpenAPI document. What is asked for goes to the documents. */
const steps = [
  ['node_modules/@nestjs/cli/bin/nest.js', 'build', 'gateway'],
  ['dist/apps/gateway/docs-write.js', ...process.argv.slice(2)],
  ['node_modules/openapi-typescript/bin/cli.js', 'openapi.json', '--output', 'openapi.d.ts'],
];

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
for (const step of steps) {
  const { code } = await run(process.execPath, step, { cwd: root, show: true });
  if (code !== 0) process.exit(code);
}
