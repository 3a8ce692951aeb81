import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { ask, isFree } from './ports.mjs';

/**
 * A catcher of mails with a web page; nothing leaves the machine.
 * @param {{ root: string }} context
 * @returns {Promise<import('./engine.mjs').Server>}
 */
export async function mailServer({ root }) {
  const program = path.join(root, 'node_modules', 'maildev', 'dist', 'bin', 'maildev.js');
  return {
    name: 'MailDev',
    ports: ['smtp', 'web'],
    patience: 5_000,
    url: ({ smtp }) => `smtp://127.0.0.1:${smtp}`,
    page: ({ web }) => `http://127.0.0.1:${web}`,
    answers: async ({ smtp, web }) => (await greets(smtp)) && !(await isFree(web)),
    async launch(dir, { smtp, web }) {
      mkdirSync(path.join(dir, 'mails'), { recursive: true });
      const listen = ['--smtp', `${smtp}`, '--ip', '127.0.0.1', '--web', `${web}`, '--web-ip', '127.0.0.1'];
      return {
        command: process.execPath,
        args: [program, ...listen, '--mail-directory', 'mails', '--max-emails', '1000'],
        cwd: dir,
        env: { NODE_OPTIONS: '' },
      };
    },
  };
}

/** @param {number} port */
function greets(port) {
  return ask(port, null, (answer) => (answer.includes('\r\n') ? answer.toString().startsWith('220') : undefined));
}
