import { readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { configOf } from '#libs/service/config';
import { apps } from './compose.js';
import { importsOf, readHouse, target } from './house.js';

const file = (path: string) => new URL(`../${path}`, import.meta.url);
const read = (path: string) => readFileSync(file(path), 'utf8');
const manifest = JSON.parse(read('package.json')) as Record<'dependencies' | 'optionalDependencies', Record<string, string>>;

interface Variable {
  description?: string;
  default?: string | number;
  enum?: string[];
}

/** The variables of all services as a table: who reads each, whether it must be given, and what for. */
function variablesTable(): string {
  const names = [...new Set(apps.flatMap((app) => Object.keys(configOf[app].shape)))].sort();
  return ['| variable | services | default | meaning |', '| --- | --- | --- | --- |', ...names.map(row)].join('\n');
}

function row(name: string): string {
  const readers = apps.filter((app) => name in configOf[app].shape);
  const { properties, required = [] } = z.toJSONSchema(configOf[readers[0]!], { io: 'input', unrepresentable: 'any' });
  const { description = '', default: preset, enum: choices } = properties![name] as Variable;
  const otherwise = preset === undefined ? (required.includes(name) ? 'must be given' : 'none') : preset === '' ? 'empty' : `\`${preset}\``;
  const meaning = [choices?.map((choice) => `\`${choice}\``).join(', '), description.replaceAll('<', '\\<')].filter(Boolean).join('; ');
  return `| \`${name}\` | ${readers.length === apps.length ? 'all' : readers.join(', ')} | ${otherwise} | ${meaning} |`;
}

const between = /(<!-- variables -->\n)[\s\S]*(<!-- \/variables -->)/;
/** The formatter aligns tables; that is not news. */
const unaligned = (text: string) => text.replace(/ +/g, ' ').replace(/-{2,}/g, '--');

describe('deploy/README.md', () => {
  it('lists the variables as the config of each service reads them', () => {
    const readme = read('deploy/README.md');
    const expected = readme.replace(between, (_, begin: string, end: string) => `${begin}\n${variablesTable()}\n\n${end}`);
    if (process.env.WRITE) writeFileSync(file('deploy/README.md'), expected);
    expect(unaligned(read('deploy/README.md'))).toBe(unaligned(expected));
  });
});

describe('deploy/Dockerfile', () => {
  const lines = read('deploy/Dockerfile').split('\n');

  it('runs the Node that the checkout runs', () => {
    const version = /^ARG NODE=(.+)$/m.exec(lines.join('\n'))?.[1];
    expect([...new Set(Object.values(manifest.optionalDependencies))]).toEqual([version]);
    expect(
      lines.filter((line) => line.startsWith('FROM ')).every((line) => /^FROM (node:\$\{NODE\}-slim|manifest)( AS \w+)?$/.test(line)),
    ).toBe(true);
  });

  it('copies only what the ignore file lets through', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = lines.filter((line) => /^COPY (?!--from)/.test(line)).flatMap((line) => line.split(' ').slice(1, -1));
    expect(copied.filter((path) => !allowed.includes(path.split('/')[0]!))).toEqual([]);
  });

  it('takes of the apps only the one it is for', () => {
    expect(lines.filter((line) => line.includes('apps/')).every((line) => !/apps\/(?!\$\{?APP\}?)/.test(line))).toBe(true);
  });

  it('ends as a process of its own that hears SIGTERM, not as root', () => {
    const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
    expect(last).toContain('USER node');
    expect(last).toContain('STOPSIGNAL SIGTERM');
    expect(last.find((line) => line.startsWith('CMD '))).toMatch(/^CMD exec node "dist/);
    expect(last.join('\n')).toMatch(/HEALTHCHECK[\s\S]+\/health\/live/);
  });

  it('brings every package that a service imports: none of them is for development only', () => {
    const running = readHouse().filter(({ path }) => /^(apps|libs)\/.*\.ts$/.test(path) && !/\.test\.ts$|^libs\/testing\//.test(path));
    const packages = running.flatMap(({ path, text }) =>
      importsOf(text)
        .filter(({ typeOnly }) => !typeOnly)
        .map(({ spec }) => target(path, spec)),
    );
    const foreign = [...new Set(packages)].filter((name) => !/^(apps|libs|node:)/.test(name) && !builtinModules.includes(name));
    expect(foreign.filter((name) => !(name in manifest.dependencies))).toEqual([]);
  });
});
