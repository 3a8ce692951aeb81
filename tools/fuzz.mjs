import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { pythonFuzzer } from './fetch.mjs';
import { places } from './fuzz-places.mjs';
import { handedOver, underRuntime } from './install.mjs';
import { OwnHouse, standalone } from './own-house.mjs';
import { run } from './programs.mjs';
import { Progress } from './progress.mjs';
import { Trouble } from './trouble.mjs';

/**
 * `npm run fuzz [-- --max-time 600 …]`: an independent fuzzer asks a house of its own whatever `openapi.json` lets it think of: as the
 * platform administrator, then as the public. What is answered otherwise than documented is listed with a request that shows it, and
 * ends this with exit code 1. More words are passed on to the fuzzer.
 */

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const folder = path.join(root, '.test', `fuzz-${process.pid}`);
const settings = path.join(folder, 'fuzz.toml');
const progress = new Progress(handedOver());
const house = new OwnHouse({ root, folder, progress });
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'missing_required_header',
  'ensure_resource_availability',
];
/** What is drawn at random goes on for so long; the edges of each schema take the time they take. */
const BUDGET_S = { admin: 150, public: 45 };
const EXAMPLES = 30;

async function main() {
  if (!(await underRuntime({ root, script: process.argv[1], args: process.argv.slice(2), progress }))) return;
  const python = await progress.download('The fuzzer is at hand', () => pythonFuzzer(root));
  await house.open();
  const key = house.keys.PLATFORM_ADMIN;
  const { id } = await whoIs(key);
  writeFileSync(settings, readFileSync(path.join(root, 'tools', 'fuzz.toml'), 'utf8') + (await places(house, id)));
  const admin = await fuzz(python, 'the platform administrator', BUDGET_S.admin, key);
  await whoIs(key);
  const anyone = await fuzz(python, 'the public', BUDGET_S.public);
  progress.line(`\n${admin && anyone ? 'Nothing' : 'Something'} was answered otherwise than documented.`);
  process.exitCode = admin && anyone ? 0 : 1;
}

/** Whoever is refused tries nothing: a run that has lost its key would find nothing. @param {string} key */
async function whoIs(key) {
  const response = await fetch(`${house.baseUrl}/v1/me`, { headers: { authorization: `Bearer ${key}` } });
  if (response.ok) return response.json();
  throw new Trouble('The key that the fuzzer asks with is no longer known.', await response.text());
}

/** @param {string} python @param {string} who @param {number} seconds @param {string} [key] @returns {Promise<boolean>} nothing was found */
async function fuzz(python, who, seconds, key) {
  progress.line(`\nAsked by ${who}`);
  // A budget for all would cut the edges short.
  const edges = await ask(python, key, ['--phases', 'examples,coverage']);
  const drawn = await ask(python, key, ['--phases', 'fuzzing,stateful', '--max-time', `${seconds}`]);
  return edges && drawn;
}

/** @param {string} python @param {string | undefined} key @param {string[]} more */
async function ask(python, key, more) {
  const command = ['-m', 'schemathesis.cli', '--config-file', settings, 'run', `${house.baseUrl}/openapi.json`];
  const wanted = ['--checks', CHECKS.join(','), '--max-examples', `${EXAMPLES}`, '--no-color', ...more];
  const header = key ? ['--header', `Authorization: Bearer ${key}`] : [];
  const args = [...command, ...wanted, ...header, ...process.argv.slice(2)];
  const { code } = await run(python, args, { cwd: folder, env: { PYTHONUTF8: '1' }, show: true });
  return code === 0;
}

await standalone(house, main);
