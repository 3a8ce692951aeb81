import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import mongoose, { type Connection } from 'mongoose';

export interface FileInfo {
  id: string;
  name: string;
  type: string;
  bytes: number;
  sha256: string;
}

export interface About {
  name: string;
  /** Media type. */
  type: string;
  /** Only until somebody drops it, or it is swept. */
  passing?: boolean;
}

/** Large bodies and attachments, in GridFS; commands carry id and hash only. Writing other content under an id replaces it. */
export class Files {
  private readonly bucket: InstanceType<typeof mongoose.mongo.GridFSBucket>;

  constructor(private readonly db: Connection) {
    this.bucket = new mongoose.mongo.GridFSBucket(db.db!, { bucketName: 'files' });
  }

  /** Stores the content under the id; the very same content again is no write. */
  async put(id: string, content: Buffer, { passing = false, ...about }: About): Promise<FileInfo> {
    const sha256 = createHash('sha256').update(content).digest('hex');
    const there = await this.info(id);
    const isSame = there?.sha256 === sha256 && there.name === about.name && there.type === about.type;
    if (isSame) return there;
    await this.drop(id);
    const stream = this.bucket.openUploadStreamWithId(id as never, about.name, { metadata: { type: about.type, sha256, passing } });
    await new Promise<void>((resolve, reject) => {
      stream.once('finish', resolve);
      stream.once('error', reject);
      stream.end(content);
    });
    return { id, ...about, bytes: content.length, sha256 };
  }

  /** Stores what comes piece by piece, only in passing until it is kept; what breaks off leaves nothing behind. */
  async receive(id: string, name: string, pieces: AsyncIterable<Buffer>): Promise<void> {
    const stream = this.bucket.openUploadStreamWithId(id as never, name, { metadata: { passing: true } });
    try {
      await pipeline(Readable.from(pieces, { objectMode: false }), stream);
    } catch (error) {
      // The pieces that were stored go by themselves where this fails: by age, as of every upload that never came to its end.
      await stream.abort().catch(() => undefined);
      throw error;
    }
  }

  /** What is known of a file once all of it has come. */
  async describe(id: string, { type, sha256 }: Pick<FileInfo, 'type' | 'sha256'>): Promise<void> {
    await this.db.collection('files.files').updateOne({ _id: id as never }, { $set: { 'metadata.type': type, 'metadata.sha256': sha256 } });
  }

  /** What was only passing stays from now on. */
  async keep(id: string): Promise<void> {
    await this.db.collection('files.files').updateOne({ _id: id as never }, { $set: { 'metadata.passing': false } });
  }

  /** Null when there is no such file. */
  async info(id: string): Promise<FileInfo | null> {
    const [found] = await this.bucket.find({ _id: id as never }).toArray();
    if (!found) return null;
    const { type, sha256 } = found.metadata as { type: string; sha256: string };
    return { id, name: found.filename, type, bytes: found.length, sha256 };
  }

  /** The whole content in memory; rejects when there is no such file. */
  async get(id: string): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.read(id)) parts.push(part as Buffer);
    return Buffer.concat(parts);
  }

  /** The content as a stream; its first read fails when there is no such file. */
  read(id: string): Readable {
    return this.bucket.openDownloadStream(id as never);
  }

  async drop(id: string): Promise<void> {
    await this.bucket.delete(id as never).catch((error: Error) => {
      if (!/not found/i.test(error.message)) throw error;
    });
  }

  /** Drops what was put before a moment and was only passing, and what is left of uploads that never came to their end; says how many. */
  async sweep(before: Date): Promise<number> {
    const passing = await this.bucket.find({ 'metadata.passing': true, uploadDate: { $lt: before } }).toArray();
    const over = [...passing.map(({ _id }) => String(_id)), ...(await this.broken(before))];
    for (const id of over) await this.drop(id);
    return over.length;
  }

  /** Pieces are stored first, the file that names them last. */
  private async broken(before: Date): Promise<string[]> {
    const first = { n: 0, _id: { $lt: mongoose.mongo.ObjectId.createFromTime(before.getTime() / 1000) } };
    const begun = await this.db
      .collection('files.chunks')
      .find(first, { projection: { files_id: 1 } })
      .toArray();
    const ids = begun.map(({ files_id }) => String(files_id));
    const whole = await this.bucket.find({ _id: { $in: ids as never[] } }, { projection: { _id: 1 } }).toArray();
    const named = new Set(whole.map(({ _id }) => String(_id)));
    return ids.filter((id) => !named.has(id));
  }

  async ping(): Promise<void> {
    await this.db.db!.command({ ping: 1 });
  }
}
