import mongoose, { type Connection } from 'mongoose';
import type { Log } from '#libs/service/log';
import './mongo-connection.js';

/** Waits for MongoDB as long as it takes, naming it each time it is asked in vain; later outages heal by themselves. */
export async function connectMongo(url: string, database: string, log: Log): Promise<Connection> {
  const connection = mongoose.createConnection();
  for (;;) {
    try {
      await connection.openUri(url, {
        dbName: database,
        bufferCommands: false,
        autoIndex: false,
        autoCreate: false,
        maxPoolSize: 20,
        minPoolSize: 1,
        serverSelectionTimeoutMS: 3000,
        socketTimeoutMS: 30_000,
        retryWrites: false,
        // What is not there stays away, as in JSON; it must not come back as null.
        ignoreUndefined: true,
      });
      return connection;
    } catch (error) {
      log.warn({ engine: 'MongoDB', error: String(error) }, `MongoDB at ${withoutSecrets(url)} does not answer; waiting for it`);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

const withoutSecrets = (url: string) => url.replace(/\/\/[^@/]*@/, '//');
