import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { randomKey } from '#libs/service/key-form';

/**
 * Makes the API key of the first platform administrator, the value of BOOTSTRAP_KEY: told on the output, or written to the file
 * that is named, unless one stands there already. It needs no engine and no variable.
 */
const [file] = process.argv.slice(2);
const line = `${randomKey('cb_live')}\n`;
if (!file) process.stdout.write(line);
else if (!existsSync(file)) {
  // Cut off half-way it must not leave half a key.
  writeFileSync(`${file}.new`, line, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
