import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { breaking } from './docs-breaking.js';
import { ARCHITECTURE, CONTRACTS, generated, OPENAPI, pretty, withCatalogue } from './docs-files.js';
import type { JsonObject } from './openapi-schemas.js';

/** Writes what follows from the contracts. What would break somebody is told and not written, unless it is meant (`--break`). */
const read = (path: string): JsonObject => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {});

const files = await generated();
const broken = breaking({ contracts: read(CONTRACTS), openapi: read(OPENAPI) }, { contracts: files[CONTRACTS], openapi: files[OPENAPI] });
if (broken.length > 0 && !process.argv.includes('--break')) {
  process.stderr.write(
    `This breaks those who rely on it; a break is a .v2, or is meant (npm run contracts -- --break):\n- ${broken.join('\n- ')}\n`,
  );
  process.exit(1);
}
mkdirSync('test/snapshots', { recursive: true });
for (const [path, content] of Object.entries(files)) writeFileSync(path, pretty(content));
writeFileSync(ARCHITECTURE, withCatalogue(readFileSync(ARCHITECTURE, 'utf8')));
