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

  async drop(services: readonly Service[]): Promise<void> {
    await Promise.all([...services, 'files'].map((name) => this.mongo.useDb(`${this.prefix}_${name}`).dropDatabase()));
  }

  close(): Promise<void> {
    return this.mongo.close();
  }
}
