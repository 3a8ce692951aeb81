import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pythonServers } from './fetch.mjs';
import { ask } from './ports.mjs';
import { executable, onPath, run, versionOf } from './programs.mjs';
import { atLeast, PYTHON_PACKAGES, versionIn } from './versions.mjs';

const RUST = process.platform === 'win32' ? 'secantusd-rs.exe' : 'secantusd-rs';

/**
 * MongoDB, or a compatible: the one built by `npm run engines:fast`, what is on the PATH, else the one from PyPI.
 * @param {{ root: string }} context
 * @returns {Promise<import('./engine.mjs').Server>}
 */
export async function mongoServer({ root }) {
  return (await foundMongo(root)) ?? secantusPython(root);
}

/**
 * What need not be fetched.
 * @param {string} root
 * @returns {Promise<import('./engine.mjs').Server | null>}
 */
export async function foundMongo(root) {
  // Tests and figures may ask for the slower one, which a machine without cargo has.
  if (process.env.MONGO_ENGINE === 'py') return null;
  const built = path.join(root, '.engines', 'bin', RUST);
  if (executable(built)) return secantusRust(built);
  const mongod = onPath('mongod');
  const version = mongod && (await versionOf(mongod));
  if (mongod && version && atLeast(version, [6])) return mongodServer(mongod, version);
  const rust = onPath('secantusd-rs');
  return rust ? secantusRust(rust) : null;
}

const common = {
  ports: ['mongo'],
  patience: 15_000,
  answers: (/** @type {Record<string, number>} */ { mongo }) => saysHello(mongo),
};

/** @param {string} program @param {number[]} version @returns {import('./engine.mjs').Server} */
function mongodServer(program, version) {
  return {
    ...common,
    name: `MongoDB ${version.join('.')}`,
    // A lone mongod confirms before its journal stands on the disk, unless asked not to.
    url: ({ mongo }) => `mongodb://127.0.0.1:${mongo}/?journal=true`,
    async launch(dir, { mongo }) {
      mkdirSync(path.join(dir, 'mongod'), { recursive: true });
      return {
        command: program,
        args: ['--dbpath', 'mongod', '--port', `${mongo}`, '--bind_ip', '127.0.0.1', '--wiredTigerCacheSizeGB', '0.5'],
        cwd: dir,
      };
    },
  };
}

/** @param {string} program @returns {Promise<import('./engine.mjs').Server>} */
async function secantusRust(program) {
  const { output } = await run(program, ['--version']);
  const version = /\d\S*/.exec(output)?.[0] ?? versionIn(output)?.join('.') ?? '';
  return secantus(`secantusd-rs ${version}`, program, [], ['--log-file-max', '64MB']);
}

/** @param {string} root @returns {Promise<import('./engine.mjs').Server>} */
async function secantusPython(root) {
  const { python } = await pythonServers(root);
  const version = PYTHON_PACKAGES.find((name) => name.startsWith('secantusdb'))?.split('==')[1];
  // The script pip writes names its interpreter on its first line, which a path with blanks or a moved checkout breaks.
  return secantus(`secantusd-py ${version}`, python, ['-c', 'from secantus.cli import main; raise SystemExit(main())'], []);
}

/**
 * @param {string} name
 * @param {string} command
 * @param {string[]} before
 * @param {string[]} after
 * @returns {import('./engine.mjs').Server}
 */
function secantus(name, command, before, after) {
  const kind = name.split(' ')[0];
  return {
    ...common,
    name,
    url: ({ mongo }) => `mongodb://127.0.0.1:${mongo}`,
    async launch(dir, { mongo }) {
      mkdirSync(path.join(dir, kind), { recursive: true });
      // An empty file of our own: otherwise one in the home folder would be found and obeyed.
      writeFileSync(path.join(dir, 'secantusd.toml'), '');
      const own = ['--config', 'secantusd.toml', '--host', '127.0.0.1', '--port', `${mongo}`, '--storage-path', kind];
      return {
        command,
        args: [...before, ...own, '--sync-on-commit', '--cache-size', '256M', '--log-level', 'WARNING', ...after],
        cwd: dir,
      };
    },
  };
}

/** OP_MSG with `{ hello: 1, $db: 'admin' }`. */
const HELLO = message(Buffer.from(`10${hex('hello\0')}0100000002${hex('$db\0')}06000000${hex('admin\0')}00`, 'hex'));

/** @param {string} text */
function hex(text) {
  return Buffer.from(text).toString('hex');
}

/** @param {Buffer} elements */
function message(elements) {
  const header = Buffer.alloc(25);
  const size = header.length + elements.length;
  for (const [place, value] of [size, 1, 0, 2013, 0].entries()) header.writeInt32LE(value, place * 4);
  header.writeInt32LE(elements.length + 4, 21);
  return Buffer.concat([header, elements]);
}

/** @param {number} port */
function saysHello(port) {
  return ask(port, HELLO, (answer) =>
    answer.length < 4 || answer.length < answer.readInt32LE(0) ? undefined : answer.includes('maxWireVersion'),
  );
}
