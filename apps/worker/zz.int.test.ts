import { spawn, type ChildProcess } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { RequestReport } from '#libs/contracts/report';
import { edtfDate } from '#libs/domain/edtf-date';
import { newId } from '#libs/domain/ids';
import { stateOf } from '#libs/messaging/topics';
import { compositionSeed } from '#libs/testing/composition-seeds';
import { eventually } from '#libs/testing/eventually';
import { TestHouse } from '#libs/testing/house';
import { WorkerModule } from './worker.module.js';

it('survives kill -9', async () => {
  process.env.ZZ = "1"; const house = await TestHouse.open({ worker: WorkerModule });
  await house.services.get('worker')!.stop();
  const spawned = () => { const c = spawn(process.execPath, ['dist/apps/worker/main.js'], { env: { ...process.env, NODE_OPTIONS: '', ...house.env, PORT: '39123', LOG_LEVEL: 'warn' }, stdio: 'inherit' }); return c; };
  const ready = () => eventually(async () => { const r = await fetch('http://127.0.0.1:39123/health/ready'); expect(r.status).toBe(200); }, 30000);
  let child: ChildProcess = spawned();
  await ready();
  const { partnership, clusters, memberships } = compositionSeed('dia');
  const st = (aggregate: string, id: string, view: object) => ({ key: id, value: JSON.stringify({ aggregate, id, version: 1, view }) });
  await house.kafka.send(stateOf('membership'), [st('partnership', partnership.id, partnership), ...clusters.map((c) => st('cluster', c.id, c)), ...memberships.map((m) => st('membership', newId(), m))]);
  const ids = Array.from({ length: 60 }, () => newId());
  const events = Array.from({ length: 60 }, () => newId());
  const soon = new Date(Date.now() + 5 * 86400000).toISOString().slice(0, 10);
  const t0 = Date.now();
  await Promise.all(ids.map((key) => house.ask(RequestReport, { key, data: { kind: 'COMPOSITION', format: 'PDF', parameters: { partnership: partnership.id } } })));
  await house.kafka.send(stateOf('events'), events.map((id) => st('event', id, { id, version: 1, partnerships: [], title: null, when: edtfDate(soon), zone: null, state: 'PLANNED' })));
  for (let k = 0; k < 3; k += 1) {
    const at = house.facts.length;
    await eventually(() => expect(house.facts.length).toBeGreaterThan(at + 4), 60000);
    console.log('kill', k, house.facts.length, Date.now() - t0);
    child.kill('SIGKILL');
    child = spawned();
  }
  await ready();
  await eventually(() => expect(house.facts.length).toBeGreaterThanOrEqual(120), 90000);
  console.log('done', Date.now() - t0);
  const reports = await house.collection('worker', 'reports').find().toArray();
  expect(reports.filter((r) => r.state.state === 'SUCCEEDED').length).toBe(60);
  for (const r of reports) { const i = await house.files.info(r._id as never); expect(i?.sha256).toBe(r.state.file.sha256); }
  const subjects = house.facts.map((f) => f.subject);
  expect(new Set(subjects).size).toBe(120);
  console.log('facts', house.facts.length, 'distinct ids', new Set(house.facts.map((f) => f.id)).size);
  child.kill('SIGTERM');
  await new Promise((r) => child.once('exit', r));
  house.services.delete('worker');
  await house.close();
}, 200000);
