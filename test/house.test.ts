import { describe, expect, it } from '@jest/globals';
import type { Rule, Source } from './house.js';
import * as rules from './house.js';

const file = (path: string, ...lines: string[]): Source => ({ path, text: `${lines.join('\n')}\n` });
/** One file with one import. Written apart, so that this file does not itself import what it must not. */
const importing = (path: string, spec: string, what = '{ thing }') => file(path, ['import ', what, ' from ', `'${spec}';`].join(''));
const words = (...parts: string[]) => parts.join('');

interface House {
  rule: Rule;
  /** Each house breaks the rule. */
  broken: Source[][];
  /** A house that comes close, and stands. */
  sound: Source[];
}

const houses: Record<string, House> = {
  'an app never imports another app': {
    rule: rules.appsStandAlone,
    broken: [
      [importing('apps/events/event.ts', '../membership/cluster.js')],
      [file('apps/events/event.ts', words('const { a } = await im', "port('../gateway/feed.js');"))],
      [importing('apps/events/deep/event.ts', '../../worker/report.js', 'type { Report }')],
      [file('apps/events/event.ts', words('ex', "port { a } from '../worker/a.js';"))],
    ],
    sound: [importing('apps/events/deep/event.ts', '../seat.js'), importing('apps/events/event.ts', '#libs/domain/date')],
  },
  'a lib never imports an app': {
    rule: rules.libsKnowNoApp,
    broken: [
      [importing('libs/service/serve.ts', '../../apps/gateway/main.js')],
      [importing('libs/jobs/queue.test.ts', '../../apps/worker/report.js')],
    ],
    sound: [importing('libs/service/serve.ts', './config.js')],
  },
  'stories and faults come through HTTP': {
    rule: rules.storiesUseHttp,
    broken: [
      [importing('test/slice.story.test.ts', '../apps/gateway/main.js')],
      [importing('test/kill.fault.test.ts', '../apps/worker/main.js')],
    ],
    sound: [importing('test/slice.story.test.ts', '#libs/testing/eventually')],
  },
  'contracts import zod alone': {
    rule: rules.contractsKnowZodAlone,
    broken: [
      [importing('libs/contracts/events.ts', 'uuid', '{ v7 }')],
      [importing('libs/contracts/events.ts', 'node:crypto')],
      [importing('libs/contracts/events.ts', '#libs/domain/date')],
      [importing('libs/contracts/events.ts', '../reference/codes.js')],
      [importing('libs/contracts/events.test.ts', '#libs/domain/date')],
    ],
    sound: [
      importing('libs/contracts/events.ts', 'zod', '{ z }'),
      importing('libs/contracts/events.ts', './values.js'),
      importing('libs/contracts/events.test.ts', '@jest/globals', '{ it }'),
      file('libs/contracts/import.ts', "const { command } = aggregate('import', { service: 'membership' });"),
    ],
  },
  'the domain imports contracts and reference only': {
    rule: rules.domainIsPure,
    broken: [[importing('libs/domain/date.ts', '#libs/persistence/store')], [importing('libs/domain/date.ts', '../service/clock.js')]],
    sound: [
      importing('libs/domain/date.ts', '#libs/contracts/values'),
      importing('libs/domain/date.ts', '#libs/reference/codes'),
      importing('libs/domain/date.ts', './money.js'),
      importing('libs/domain/date.ts', 'edtf', 'edtf'),
    ],
  },
  'reference imports nothing of ours but types of contracts': {
    rule: rules.referenceIsData,
    broken: [
      [importing('libs/reference/policies.ts', '#libs/contracts/values')],
      [importing('libs/reference/policies.ts', '#libs/domain/date', 'type { Day }')],
    ],
    sound: [
      importing('libs/reference/policies.ts', '#libs/contracts/values', 'type { Day }'),
      importing('libs/reference/policies.ts', './data/tariffs.json', 'tariffs'),
    ],
  },
  'each engine has one door': {
    rule: rules.enginesHaveOneDoor,
    broken: [
      [importing('apps/gateway/feed.ts', 'kafkajs', '{ Kafka }')],
      [importing('apps/gateway/views.ts', 'mongoose', 'mongoose')],
      [importing('libs/jobs/sweep.ts', 'mongodb', 'type { Db }')],
      [importing('apps/gateway/reports.ts', 'bullmq', '{ Queue }')],
      [importing('apps/membership/cluster.ts', 'ioredis', '{ Redis }')],
      [importing('libs/messaging/consumer.ts', 'ioredis', '{ Redis }')],
      [file('apps/events/event.ts', words('im', "port 'mongoose';"))],
    ],
    sound: [
      importing('libs/messaging/kafka.ts', 'kafkajs', '{ Kafka }'),
      importing('apps/membership/cluster.store.ts', 'mongoose', '{ Connection }'),
      importing('apps/worker/main.ts', 'bullmq', '{ Worker }'),
      importing('apps/gateway/version-cache.ts', 'ioredis', '{ Redis }'),
    ],
  },
  'one file knows the Kafka client': {
    rule: rules.oneFileKnowsKafka,
    broken: [
      [importing('libs/messaging/kafka.ts', 'kafkajs'), importing('libs/messaging/topics.ts', 'kafkajs')],
      [importing('libs/messaging/kafka.ts', './topics.js')],
    ],
    sound: [importing('libs/messaging/kafka.ts', 'kafkajs'), importing('libs/messaging/topics.ts', './kafka.js')],
  },
  'no barrels': {
    rule: rules.noBarrels,
    broken: [
      [file('libs/domain/index.ts', 'export const a = 1;')],
      [
        file(
          'apps/events/all.ts',
          '// everything',
          words('ex', "port * from './event.js';"),
          words('ex', "port { a,\n  b } from './seat.js';"),
        ),
      ],
    ],
    sound: [
      file('libs/domain/money.ts', words('ex', "port { Cents } from './cents.js';"), 'export const zero = 0;'),
      file('libs/reference/data/index.json', '[]'),
    ],
  },
  'files stay short': {
    rule: rules.filesStayShort,
    broken: [
      [file('apps/events/event.ts', ...Array<string>(rules.LONGEST + 1).fill('//'))],
      [file('tools/start.mjs', ...Array<string>(rules.LONGEST + 1).fill('//'))],
    ],
    sound: [file('apps/events/event.ts', ...Array<string>(rules.LONGEST).fill('//'))],
  },
  'no host of a registry': {
    rule: rules.noRegistryHosts,
    broken: [
      [file('.npmrc', words('registry=https://regi', 'stry.np', 'mjs.org/'))],
      [file('package-lock.json', words('"resolved": "https://registry.yarn', 'pkg.com/zod/-/zod-4.6.7.tgz"'))],
      [file('tools/engines.mjs', words('https://py', 'pi.org/simple'))],
      [file('tools/pom.xml', words('<url>https://repo.mav', 'en.apa', 'che.org/maven2</url>'))],
      [file('deploy/Dockerfile', words('FROM docker', '.io/library/node'))],
      [file('tools/engines.mjs', words('https://nexus', '-3.example.org/pypi'))],
    ],
    sound: [file('README.md', 'Fetched once by npm, Maven and pip; https://www.clustercollaboration.eu/pkg')],
  },
  'no path of one machine': {
    rule: rules.noMachinePaths,
    broken: [
      [file('docs/notes.md', words('see /wo', 'rk/shared'))],
      [file('tools/start.mjs', words("open('/tm", "p/log')"))],
      [file('README.md', words('cd /ho', 'me/ada/clusterbridge'))],
      [file('README.md', words('C:', '\\Users\\ada'))],
    ],
    sound: [
      file('docker-compose.yml', 'tmpfs: [/tmp]'),
      file('README.md', words('https://example.org/ho', 'me/page and libs/wo', 'rk/x and {id}/ho', 'me/y')),
    ],
  },
  'every test runs': {
    rule: rules.everyTestRuns,
    broken: [
      [file('test/a.test.ts', words('it', ".only('counts', () => {});"))],
      [file('libs/domain/a.test.ts', words('describe', ".skip('A date', () => {});"))],
      [file('test/a.test.ts', words('test', ".todo('counts');"))],
      [file('test/a.test.ts', words('it.failing', ".skip.each([])('counts');"))],
      [file('test/a.test.ts', words('x', "it('counts', () => {});"))],
    ],
    sound: [
      file('test/a.test.ts', "it('skips what was handled; exit(0)', () => feed.skip(3));"),
      file('libs/domain/list.ts', 'exit(); fit.only;'),
    ],
  },
  'nobody wipes what is shared': {
    rule: rules.nobodyWipesWhatIsShared,
    broken: [
      [file('libs/jobs/jobs.int.test.ts', words('await redis.flush', 'all();'))],
      [file('libs/testing/redis.ts', words("socket.write('FLUSH", "ALL')"))],
    ],
    sound: [
      file('test/engines.fault.test.ts', words('await redis.flush', 'all();')),
      file('libs/testing/redis.ts', '/** As after FLUSHALL. */ await redis.del(keys);'),
    ],
  },
};

const house = rules.readHouse();

describe('The house', () => {
  it('was read, and without what is fetched or built', () => {
    const paths = house.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['package.json', 'test/house.test.ts', 'libs/contracts/values.ts']));
    expect(paths.filter((path) => /^(node_modules|dist|\.git|\.data|\.engines|\.test)\//.test(path))).toEqual([]);
  });

  it.each(Object.entries(houses))('keeps: %s', (_, { rule }) => {
    expect(rule(house)).toEqual([]);
  });
});

describe('A rule of the house finds what breaks it, names the file, and lets the rest be', () => {
  it.each(Object.entries(houses))('%s', (_, { rule, broken, sound }) => {
    expect(rule(sound)).toEqual([]);
    for (const sources of broken) {
      const found = rule(sources);
      expect(found).not.toEqual([]);
      expect(sources.some(({ path }) => found.join('\n').includes(path)) || rule === rules.oneFileKnowsKafka).toBe(true);
    }
  });
});
