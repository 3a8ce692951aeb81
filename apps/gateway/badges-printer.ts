import { Worker } from 'node:worker_threads';
import { Injectable } from '@nestjs/common';
import type { Badge } from './badges.js';

export interface Sheets {
  event: string;
  badges: readonly Badge[];
  at: Date;
}

const THREAD = new URL('./badges-thread.js', import.meta.url);

/** Prints badges in a thread of its own, one event at a time: a few hundred take a second, in which all others would wait. */
@Injectable()
export class BadgesPrinter {
  private last: Promise<unknown> = Promise.resolve();

  print(sheets: Sheets): Promise<Buffer> {
    const printed = this.last.then(() => inThread(sheets));
    this.last = printed.catch(() => undefined);
    return printed;
  }
}

const inThread = (sheets: Sheets): Promise<Buffer> =>
  new Promise((done, failed) => {
    const worker = new Worker(THREAD, { workerData: sheets });
    worker.once('message', (file: Uint8Array) => done(Buffer.from(file)));
    worker.once('error', failed);
    worker.once('exit', (code) => failed(new Error(`The thread that prints badges ended with ${code}.`)));
  });
