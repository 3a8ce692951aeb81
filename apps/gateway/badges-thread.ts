import { parentPort, workerData } from 'node:worker_threads';
import { badgesPdf } from './badges.js';
import type { Sheets } from './badges-printer.js';

const { event, badges, at } = workerData as Sheets;
parentPort?.postMessage(await badgesPdf(event, badges, at));
