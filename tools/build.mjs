import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { alone } from './locks.mjs';
import { run } from './programs.mjs';

const SOURCES = ['apps', 'libs', 'nest-cli.json', 'package-lock.json', 'package.json', 'tsconfig.json'];

/**
 * A hash over the names and contents of all that goes into the build; tests do not.
 * @param {string} root
 */
export function stampOf(root) {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of filesOf(root, source))
      hash
        .update(`${file}\0`)
        .update(readFileSync(path.join(root, file)))
        .update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} source
 * @returns {string[]} in one order everywhere
 */
function filesOf(root, source) {
  const full = path.join(root, source);
  if (!existsSync(full)) return [];
  if (source.includes('.')) return [source];
  const entries = readdirSync(full, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.name.endsWith('.test.ts'),
  );
  return entries.map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)).replaceAll('\\', '/')).sort();
}

/** @param {string} root */
const stampFile = (root) => path.join(root, 'dist', '.stamp');

/** @param {string} root */
export function isBuilt(root) {
  return existsSync(stampFile(root)) && readFileSync(stampFile(root), 'utf8') === stampOf(root);
}

/**
 * Builds all six apps unless the build is that of these sources: services that run from it are left in peace.
 * @param {string} root
 * @returns {Promise<{ code: number, output: string }>}
 */
export function build(root) {
  return alone(path.join(root, '.engines', 'locks', 'build'), async () => {
    if (isBuilt(root)) return { code: 0, output: 'The build is up to date.' };
    // Taken before: what is edited meanwhile leads to another build.
    const stamp = stampOf(root);
    const nest = path.join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
    const outcome = await run(process.execPath, [nest, 'build', '--all'], { cwd: root });
    if (outcome.code !== 0) return outcome;
    mkdirSync(path.join(root, 'dist'), { recursive: true });
    writeFileSync(stampFile(root), stamp);
    return outcome;
  });
}
