import mongoose, { type Connection } from 'mongoose';
import type { Service } from '#libs/contracts/actor';

/** What the services of a house have stored, as it lies there. */
export class Databases {
  private constructor(
    private readonly mongo: Connection,
    private readonly prefix: string,
  ) {}

  static async open(url: string, prefix: string): Promise<Databases> {
    const mongo = mongoose.createConnection(url, { dbName: `${prefix}_files`, serverSelectionTimeoutMS: 60_000 });
    return new Databases(await mongo.asPromise(), prefix);
  }

  collection(service: Service | 'files', name: string) {
    return this.mongo.useDb(`${this.prefix}_${service}`, { useCache: true }).collection(name);
  }

  /** Collections that hold a text anywhere, files too: `gateway.view_persons`. */
  async holding(services: readonly Service[], text: string): Promise<string[]> {
    const found: string[] = [];
    for (const name of [...services, 'files'] as const) {
      const db = this.mongo.useDb(`${this.prefix}_${name}`, { useCache: true });
      for (const { name: collection } of await db.listCollections()) {
        for await (const document of db.collection(collection).find())
          if (said(document).includes(text)) {
            found.push(`${name}.${collection}`);
            break;
          }
      }
    }
    return found;
  }

  /** How many records of these services are still to be published, all or in part. */
  async unpublished(services: readonly Service[]): Promise<number> {
    const counts = services.map(async (service) => {
      const db = this.mongo.useDb(`${this.prefix}_${service}`, { useCache: true });
      const waiting = (await db.listCollections()).map(({ name }) => db.collection(name).countDocuments({ outboxAt: { $ne: null } }));
      return (await Promise.all(waiting)).reduce((sum, each) => sum + each, 0);
    });
    return (await Promise.all(counts)).reduce((sum, each) => sum + each, 0);
  }

  async drop(services: readonly Service[]): Promise<void> {
    await Promise.all([...services, 'files'].map((name) => this.mongo.useDb(`${this.prefix}_${name}`).dropDatabase()));
  }

  close(): Promise<void> {
    return this.mongo.close();
  }
}

/** As text, with what lies there as bytes. */
function said(document: unknown): string {
  return JSON.stringify(document, function (this: Record<string, unknown>, key, value) {
    const raw = this[key] as { _bsontype?: string; buffer?: Uint8Array } | null;
    return raw?._bsontype === 'Binary' && raw.buffer ? Buffer.from(raw.buffer).toString('latin1') : value;
  });
}
