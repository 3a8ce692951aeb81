import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onPath, run, versionOf } from './programs.mjs';
import { Progress } from './progress.mjs';
import { Trouble, told } from './trouble.mjs';
import { atLeast, SECANTUS_RS } from './versions.mjs';

/** What the crate asks for; it builds with somewhat older ones when told so. */
const WANTED = [1, 98];
const OLDEST = [1, 95];

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const progress = new Progress();

async function main() {
  if (await isBuilt()) return progress.line(`secantusd-rs ${SECANTUS_RS} stands in .engines/bin already.`);
  const cargo = onPath('cargo');
  const rustc = onPath('rustc');
  const version = rustc && (await versionOf(rustc));
  if (!cargo || !version || !atLeast(version, OLDEST)) {
    throw new Trouble(
      `Rust ${OLDEST.join('.')} or newer with cargo is missing: install it to build secantusd-rs; without it \`npm start\` takes secantusd-py, which does the same more slowly.`,
    );
  }
  const args = ['install', 'secantus-mdb', '--force', '--version', SECANTUS_RS, '--root', path.join(root, '.engines')];
  if (!atLeast(version, WANTED)) args.push('--ignore-rust-version');
  progress.line(`Building secantusd-rs ${SECANTUS_RS}; this takes 3 to 15 minutes, once.`);
  const { code } = await run(cargo, args, { cwd: root, show: true });
  if (code !== 0)
    throw new Trouble(
      'secantusd-rs does not build: see above; without it `npm start` takes secantusd-py, which does the same more slowly.',
    );
  progress.line(`secantusd-rs stands in .engines/bin and is taken from now on. ${progress.total()}`);
}

async function isBuilt() {
  const { output } = await run(path.join(root, '.engines', 'bin', 'secantusd-rs'), ['--version']).catch(() => ({ output: '' }));
  return output.includes(SECANTUS_RS);
}

main().catch((error) => {
  process.stderr.write(`${told(error)}\n`);
  process.exitCode = 1;
});
