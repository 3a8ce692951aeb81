import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

export interface Source {
  /** From the root of the checkout, with slashes. */
  path: string;
  text: string;
}

/** What a rule finds, each naming file and cause; nothing when the house stands by it. */
export type Rule = (house: Source[]) => string[];

const root = new URL('../', import.meta.url);

/** Everything that may be committed. */
export function readHouse(): Source[] {
  const ignored = new Set(['.git', ...ignoredFolders()]);
  const walk = (folder: string): Source[] =>
    readdirSync(new URL(folder, root), { withFileTypes: true }).flatMap((entry) => {
      const path = folder + entry.name;
      if (entry.isDirectory()) return ignored.has(entry.name) ? [] : walk(`${path}/`);
      return entry.isFile() && !path.endsWith('.log') ? [{ path, text: readFileSync(new URL(path, root), 'utf8') }] : [];
    });
  return walk('');
}

const ignoredFolders = () =>
  readFileSync(new URL('.gitignore', root), 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('/'))
    .map((line) => line.slice(0, -1));

interface Import {
  spec: string;
  typeOnly: boolean;
}

/** Statements begin their line; calls stand anywhere. */
const imported =
  /^\s*(?:import|export)\s+(type\s)?[^'"`;()]*?\bfrom\s*['"]([^'"\s]+)['"]|^\s*import\s*['"]([^'"\s]+)['"]|\b(?:import|require|unstable_mockModule)\(\s*['"]([^'"\s]+)['"]/gm;

export const importsOf = (text: string): Import[] =>
  [...text.matchAll(imported)].map((match) => ({ spec: match[2] ?? match[3] ?? match[4]!, typeOnly: match[1] !== undefined }));

/** Where in the house an import leads: `libs/domain/date`, or the name of a package, or `node:fs`. */
export function target(from: string, spec: string): string {
  if (spec.startsWith('#libs/')) return spec.slice(1);
  if (spec.startsWith('.')) return posix.join(posix.dirname(from), spec);
  return spec.startsWith('@') ? spec.split('/', 2).join('/') : spec.split('/', 1)[0]!;
}

const isCode = ({ path }: Source) => /^(apps|libs|test|tools)\/.*\.(ts|mts|mjs|js)$/.test(path);
const isTest = ({ path }: Source) => path.endsWith('.test.ts');
const appOf = (path: string) => /^apps\/([^/]+)/.exec(path)?.[1];
const libOf = (path: string) => /^libs\/([^/]+)/.exec(path)?.[1];
const isOurs = (to: string) => /^(apps|libs|test|tools)\//.test(to);

/** A rule on single imports: says why an import is wrong, or nothing. */
const onImports =
  (why: (from: Source, to: string, typeOnly: boolean) => string | false | undefined): Rule =>
  (house) =>
    house.filter(isCode).flatMap((file) =>
      importsOf(file.text).flatMap(({ spec, typeOnly }) => {
        const reason = why(file, target(file.path, spec), typeOnly);
        return reason ? [`${file.path} imports ${spec}: ${reason}`] : [];
      }),
    );

const onText =
  (which: (file: Source) => boolean, pattern: RegExp, why: string): Rule =>
  (house) =>
    house
      .filter(which)
      .flatMap(({ path, text }) =>
        [...text.matchAll(pattern)].map((match) => `${path}:${lineAt(text, match.index)} holds ${match[0].trim()}: ${why}`),
      );

const lineAt = (text: string, index: number) => text.slice(0, index).split('\n').length;

export const appsStandAlone = onImports(
  ({ path }, to) => appOf(path) && appOf(to) && appOf(path) !== appOf(to) && 'an app never imports another app',
);

export const libsKnowNoApp = onImports(({ path }, to) => libOf(path) && appOf(to) && 'a lib never imports an app');

export const storiesUseHttp = onImports(
  ({ path }, to) => /\.(story|fault)\.test\.ts$/.test(path) && appOf(to) && 'stories and faults come through HTTP',
);

export const contractsKnowZodAlone = onImports((from, to) => {
  if (libOf(from.path) !== 'contracts' || libOf(to) === 'contracts') return false;
  if (isOurs(to)) return 'contracts import nothing of ours';
  return !isTest(from) && to !== 'zod' && 'contracts import zod alone';
});

export const domainIsPure = onImports((from, to) => {
  if (libOf(from.path) !== 'domain') return false;
  return isOurs(to) && !['domain', 'contracts', 'reference'].includes(libOf(to) ?? '') && 'the domain imports contracts and reference only';
});

export const referenceIsData = onImports((from, to, typeOnly) => {
  if (libOf(from.path) !== 'reference' || !isOurs(to) || libOf(to) === 'reference') return false;
  return !(libOf(to) === 'contracts' && typeOnly) && 'reference imports nothing of ours but types of contracts';
});

const reserved: [packages: string[], where: RegExp, why: string][] = [
  [['kafkajs'], /^libs\/messaging\//, 'Kafka is the business of libs/messaging'],
  [
    ['mongoose', 'mongodb'],
    /^libs\/(persistence|testing)\/|\.store\.ts$/,
    'MongoDB is the business of libs/persistence, libs/testing and *.store.ts',
  ],
  [['bullmq'], /^libs\/jobs\/|^apps\/(worker|notifications)\//, 'BullMQ is the business of libs/jobs, apps/worker and apps/notifications'],
  [
    ['ioredis'],
    /^libs\/(jobs|service|testing)\/|^apps\/gateway\/[^/]*(cache|limits)[^/]*\.ts$|^tools\/[^/]*\.test\.ts$/,
    "Redis is the business of libs/jobs, libs/service, libs/testing, the tests of the launcher, and the gateway's cache and limits",
  ],
];

export const enginesHaveOneDoor = onImports(
  ({ path }, to) => reserved.find(([packages, where]) => packages.includes(to) && !where.test(path))?.[2],
);

export const oneFileKnowsKafka: Rule = (house) => {
  const knowing = house.filter(
    (file) => isCode(file) && libOf(file.path) === 'messaging' && importsOf(file.text).some(({ spec }) => spec === 'kafkajs'),
  );
  return knowing.length === 1
    ? []
    : [`exactly one file of libs/messaging imports kafkajs, not ${knowing.length}: ${knowing.map(({ path }) => path).join(', ')}`];
};

const onlyPassesOn = (text: string) =>
  text.includes('export') && text.replace(/^\s*(\/\/.*|export\s[^;]*\bfrom\s+['"][^'"]+['"];?)$/gm, '').trim() === '';

export const noBarrels: Rule = (house) =>
  house
    .filter((file) => isCode(file) && /^(apps|libs)\//.test(file.path) && (/(^|\/)index\.\w+$/.test(file.path) || onlyPassesOn(file.text)))
    .map(({ path }) => `${path} is a barrel: import the file that has the thing`);

export const LONGEST = 300;
/** A test may go on longer: it is read case by case. */
const LONGEST_TEST = 400;
const longest = (path: string) => (path.endsWith('.test.ts') ? LONGEST_TEST : LONGEST);

export const filesStayShort: Rule = (house) =>
  house
    .filter((file) => isCode(file) && !file.path.startsWith('test/'))
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ path, lines }) => lines > longest(path))
    .map(({ path, lines }) => `${path} has ${lines} lines, more than ${longest(path)}`);

const registries =
  /(?:registry\.(?:npmjs|yarnpkg|npmmirror)|npm\.pkg\.github)\.\w+|(?:pypi|pythonhosted)\.org|repo1?\.maven\.(?:apache\.)?org|\bcrates\.io|proxy\.golang\.org|\b(?:docker|ghcr|quay|gcr|pkg)\.(?:io|dev)\b|mcr\.microsoft\.com|\b(?:artifactory|nexus|verdaccio)[\w-]*\.[\w.-]+/g;

export const noRegistryHosts = onText(() => true, registries, 'which registry serves a machine is the business of that machine');

const machinePaths = /(?<![\w.\-/})\]])\/(?:work|root|tmp|home|Users)\/[\w.-]+|\b[A-Z]:\\\\?[A-Za-z]\w+/g;

export const noMachinePaths = onText(() => true, machinePaths, 'a path of one machine means nothing on another');

const unfinished = /\b(?:describe|it|test)(?:\.\w+)*\.(?:only|skip|todo)\b|\b[xf](?:it|describe|test)\s*\(/g;

export const everyTestRuns = onText(isTest, unfinished, 'every test runs, every time');

const wipes = /\.flush(?:all|db)\(|['"`]FLUSH(?:ALL|DB)\b/g;
const hasEnginesOfItsOwn = ({ path }: Source) => path.endsWith('.fault.test.ts');

export const nobodyWipesWhatIsShared = onText(
  (file) => !hasEnginesOfItsOwn(file),
  wipes,
  'the tests of a run share one Redis: wipe by prefix',
);
