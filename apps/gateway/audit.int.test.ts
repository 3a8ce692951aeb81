import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/domain/ids';
import { connectMongo } from '#libs/persistence/mongo';
import { createLog } from '#libs/service/log';
import type { Runtime } from '#libs/service/runtime';
import { eventually } from '#libs/testing/eventually';
import type { Attempt, AuditEntry } from './audit.js';
import { AuditLog } from './audit.store.js';
import { AuditLease } from './audit-lease.store.js';
import type { AuditSubjects } from './audit-subjects.js';

const LEASE_OVER_MS = 11_000;
const nobodys = {
  withPartnerships: async (attempts: Attempt[]) => attempts.map((attempt) => ({ ...attempt, partnerships: [] })),
} as unknown as AuditSubjects;

type Connection = Awaited<ReturnType<typeof connectMongo>>;
let connection: Connection;
let db: Connection;
const quiet = createLog('gateway', 'test', 'silent');
const open: (() => Promise<void>)[] = [];

beforeAll(async () => {
  if (!process.env.MONGO_URL) throw new Error('This test needs MONGO_URL. Run `npm test`.');
  connection = await connectMongo(process.env.MONGO_URL, `t${randomBytes(4).toString('hex')}`, quiet);
});
beforeEach(async () => {
  for (const close of open.splice(0)) await close();
  if (db) await db.dropDatabase();
  db = connection.useDb(`t${randomBytes(4).toString('hex')}`);
});
afterAll(async () => {
  for (const close of open.splice(0)) await close();
  await db?.dropDatabase();
  await connection?.close();
});

/** A gateway as far as its audit log goes. */
async function gateway(instance: string) {
  const steps = { before: [] as (() => Promise<void>)[], after: [] as (() => Promise<void>)[] };
  const runtime = { house: { db }, instance, log: quiet, ...steps } as unknown as Runtime;
  const log = new AuditLog(runtime, nobodys);
  for (const step of steps.before) await step();
  const close = async () => {
    for (const step of steps.after.splice(0)) await step();
  };
  open.push(close);
  return { log, close };
}

let made = 0;
function attempt(): Attempt {
  made += 1;
  const asked = { method: 'POST', route: '/v1/imports', resource: 'imports', subject: `s${made}`, dryRun: false };
  const answered = { status: 201, outcome: 'DONE' as const, code: null, message: null, trace: 't' };
  return { id: newId(), at: '2026-01-01T00:00:00.000Z', by: { kind: 'CLIENT', id: 'c' }, ...asked, ...answered };
}

const links = () => db.collection('audit');
const chain = async () => (await links().find({}).sort({ _id: 1 }).toArray()).flatMap(({ entries }) => entries as AuditEntry[]);
/** The link that holds an entry is changed behind the back of the log. */
async function forge(seq: number, change: (entries: AuditEntry[]) => AuditEntry[]): Promise<void> {
  const link = await links().findOne({ 'entries.seq': seq });
  await links().updateOne({ _id: link!._id }, { $set: { entries: change(link!.entries) } });
}
const subjects = async () => (await chain()).map(({ subject }) => subject).sort();

describe('The audit log of several gateways', () => {
  it('is one chain without gap or fork, though all of them try to write it at once', async () => {
    const gateways = await Promise.all(['a', 'b', 'c'].map(gateway));
    const attempts = Array.from({ length: 600 }, attempt);
    await Promise.all(attempts.map((one, i) => gateways[i % 3]!.log.note(one)));
    await eventually(async () => expect(await chain()).toHaveLength(600));
    expect(await gateways[0]!.log.verify(1)).toMatchObject({ holds: true, entries: 600, end: { seq: 600 }, broken: null });
    expect(await subjects()).toEqual(attempts.map(({ subject }) => subject).sort());
    expect(new Set((await chain()).map(({ fence }) => fence)).size).toBe(1);
  });

  it('has no fork even when two writers both believe that it is theirs to write', async () => {
    const [one, two] = await Promise.all(['a', 'b'].map(gateway));
    for (const { log } of [one!, two!]) log.lease.take = async () => 1;
    const attempts = Array.from({ length: 1200 }, attempt);
    await Promise.all(attempts.map((each) => one!.log.note(each)));
    await eventually(async () => {
      // Whoever is slower finds the place taken, and begins anew from what is there.
      await Promise.allSettled([one!.log.write(), two!.log.write(), one!.log.write(), two!.log.write()]);
      expect(await db.collection('audit_inbox').countDocuments({})).toBe(0);
    }, 30_000);
    expect(await subjects()).toEqual(attempts.map(({ subject }) => subject).sort());
    expect(await one!.log.verify(1)).toMatchObject({ holds: true, entries: 1200 });
  });

  it('is written on by the next one when the writer ends', async () => {
    const first = await gateway('a');
    await first.log.note(attempt());
    await eventually(async () => expect(await chain()).toHaveLength(1));
    const second = await gateway('b');
    await second.log.note(attempt());
    await first.close();
    await eventually(async () => expect(await chain()).toHaveLength(2));
    expect(await second.log.verify(1)).toMatchObject({ holds: true, end: { seq: 2 } });
  });

  it('loses nothing of what a gateway noted before it died', async () => {
    const noted = attempt();
    const inbox = db.collection('audit_inbox');
    const taken = () => eventually(async () => expect(await inbox.countDocuments({})).toBe(0));
    await inbox.insertOne({ _id: 'block' as never, attempts: JSON.stringify([noted]) });
    const { log } = await gateway('b');
    await taken();
    expect(await subjects()).toEqual([noted.subject]);
    // Died between writing it and forgetting that it was waiting: it is not written twice.
    await inbox.insertOne({ _id: 'block' as never, attempts: JSON.stringify([noted]) });
    await taken();
    expect(await subjects()).toEqual([noted.subject]);
    expect(await log.verify(1)).toMatchObject({ holds: true, entries: 1 });
  });

  it('tells what was changed, taken out or cut off in the database', async () => {
    const { log } = await gateway('a');
    await Promise.all(Array.from({ length: 50 }, () => log.note(attempt())));
    await eventually(async () => expect(await chain()).toHaveLength(50));
    const whole = await chain();
    await forge(20, (entries) => entries.map((entry) => (entry.seq === 20 ? { ...entry, status: 500 } : entry)));
    expect(await log.verify(1)).toMatchObject({ holds: false, broken: { seq: 20 }, end: { seq: 19 } });
    expect(await log.verify(21)).toMatchObject({ holds: true, entries: 30 });
    await forge(20, (entries) => entries.filter(({ seq }) => seq !== 20));
    expect(await log.verify(1)).toMatchObject({ holds: false, broken: { seq: 20, reason: expect.stringContaining('missing') } });
    await forge(21, (entries) => [...entries, whole[19]!].sort((one, other) => one.seq - other.seq));
    expect(await log.verify(1)).toMatchObject({ holds: true, end: { seq: 50, hash: whole[49]!.hash } });
    await forge(50, (entries) => entries.filter(({ seq }) => seq <= 45));
    expect(await log.verify(1)).toMatchObject({ holds: false, broken: { seq: 46 } });
    await links().deleteMany({});
    expect(await log.verify(1)).toMatchObject({ holds: false, broken: { seq: 1 } });
  });

  it('is read page by page in either direction, as one asks', async () => {
    const { log } = await gateway('a');
    for (let round = 1; round <= 3; round += 1) {
      await Promise.all(Array.from({ length: 7 }, () => log.note({ ...attempt(), resource: `r${round % 2}` })));
      await eventually(async () => expect(await chain()).toHaveLength(7 * round));
    }
    const paged = async (direction: 1 | -1, asked = {}) => {
      const seen: number[] = [];
      for (let after: number | null = null; ; after = seen.at(-1)!) {
        const page = await log.page(asked, { direction, after, limit: 4 });
        seen.push(...page.map(({ seq }) => seq));
        if (page.length < 4) return seen;
      }
    };
    const all = Array.from({ length: 21 }, (_, i) => i + 1);
    expect(await paged(1)).toEqual(all);
    expect(await paged(-1)).toEqual(all.toReversed());
    const middle = all.slice(7, 14);
    expect(await paged(1, { resources: ['r0'] })).toEqual(middle);
    expect(await paged(-1, { resources: ['r0'] })).toEqual(middle.toReversed());
    const [tenth] = await log.page({}, { direction: 1, after: 9, limit: 1 });
    expect(await paged(1, { subjects: [tenth!.subject] })).toEqual([10]);
    expect(await paged(1, { whose: { id: 'nobody', partnerships: ['p'] } })).toEqual([]);
  });
});

describe('The lease of the writer', () => {
  const leases = () => db.collection('audit_lease') as never;

  it('is one gateway’s until it runs out, and each next one’s token is higher', async () => {
    let now = 0;
    const clock = () => now;
    const [one, two] = ['a', 'b'].map((holder) => new AuditLease(leases, holder, clock));
    now = 1;
    expect(await one!.take()).toBe(1);
    expect(await two!.take()).toBeNull();
    now += LEASE_OVER_MS / 2;
    expect(await one!.take()).toBe(1);
    now += LEASE_OVER_MS;
    expect(await two!.take()).toBe(2);
    expect(await one!.take()).toBeNull();
    await two!.release();
    expect(await one!.take()).toBe(3);
  });

  it('is one gateway’s, though many ask at once', async () => {
    const all = Array.from({ length: 20 }, (_, i) => new AuditLease(leases, `g${i}`));
    const taken = await Promise.all(all.map((lease) => lease.take()));
    expect(taken.filter((token) => token !== null)).toEqual([1]);
  });
});
