import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Connection } from 'mongoose';
import { createLog } from '#libs/service/log';
import { environment } from '#libs/testing/environment';
import { Files } from './files.js';
import { connectMongo } from './mongo.js';

let db: Connection;

beforeAll(async () => {
  const { MONGO_URL, MONGO_PREFIX } = environment() as { MONGO_URL: string; MONGO_PREFIX: string };
  db = await connectMongo(MONGO_URL, `${MONGO_PREFIX}_files`, createLog('worker', 'test', 'silent'));
});

afterAll(async () => {
  await db.dropDatabase();
  await db.close();
});

describe('Files', () => {
  const about = { name: 'list.csv', type: 'text/csv' };

  it('come back as they were put, however large, with their hash', async () => {
    const files = new Files(db);
    const content = randomBytes(700_000);
    const put = await files.put('f1', content, about);
    expect((await files.get('f1')).equals(content)).toBe(true);
    expect(put).toEqual({ id: 'f1', ...about, bytes: 700_000, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await files.info('f1')).toEqual(put);
  });

  it('put twice are there once', async () => {
    const files = new Files(db);
    const content = Buffer.from('the same');
    expect(await files.put('f2', content, about)).toEqual(await files.put('f2', content, about));
    expect(await db.collection('files.chunks').countDocuments({ files_id: 'f2' as never })).toBe(1);
  });

  it('put anew under their id are replaced, chunks and all', async () => {
    const files = new Files(db);
    await files.put('f3', randomBytes(600_000), about);
    await files.put('f3', Buffer.from('short'), { ...about, name: 'other.csv' });
    expect((await files.get('f3')).toString()).toBe('short');
    expect((await files.info('f3'))?.name).toBe('other.csv');
    expect(await db.collection('files.chunks').countDocuments({ files_id: 'f3' as never })).toBe(1);
  });

  it('may be empty, and are gone when they are dropped', async () => {
    const files = new Files(db);
    await files.put('f4', Buffer.alloc(0), about);
    expect(await files.get('f4')).toHaveLength(0);
    await files.drop('f4');
    await files.drop('f4');
    expect(await files.info('f4')).toBeNull();
    await expect(files.get('f4')).rejects.toThrow(/not found/i);
  });

  it('that are passing go by age, and so do the pieces of one that was never whole; others stay', async () => {
    const files = new Files(db);
    for (const id of ['kept', 'passing', 'broken']) await files.put(id, randomBytes(600_000), { ...about, passing: id === 'passing' });
    await db.collection('files.files').deleteOne({ _id: 'broken' as never });
    expect(await files.sweep(new Date(Date.now() - 60_000))).toBe(0);
    expect(await files.info('passing')).not.toBeNull();
    expect(await files.sweep(new Date(Date.now() + 60_000))).toBe(2);
    expect(await db.collection('files.chunks').distinct('files_id', { files_id: { $in: ['kept', 'passing', 'broken'] } as never })).toEqual(
      ['kept'],
    );
    expect(await files.info('passing')).toBeNull();
    expect(await files.info('kept')).not.toBeNull();
  });
});
