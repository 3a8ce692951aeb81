import { AsyncLocalStorage } from 'node:async_hooks';
import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';

export type Log = Logger;

/** What every line of one request or message carries; ids only, never personal data. */
export const lineContext = new AsyncLocalStorage<Record<string, string>>();

/** Lines of JSON on the output: `level` by name (`error`), `time` in ISO 8601, and what `lineContext` holds at the time. */
export const createLog = (service: string, instance: string, level: string): Log =>
  pino({
    level,
    base: { service, instance },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => lineContext.getStore() ?? {},
    formatters: { level: (label) => ({ level: label }) },
  });

/** Nest's own lines go the same way, one level quieter: its start-up is news to nobody. */
export class NestLog implements LoggerService {
  constructor(private readonly line: Log) {}
  log(message: unknown, ...rest: unknown[]) {
    this.line.debug({ nest: rest.at(-1) }, String(message));
  }
  debug(message: unknown, ...rest: unknown[]) {
    this.line.trace({ nest: rest.at(-1) }, String(message));
  }
  verbose(message: unknown, ...rest: unknown[]) {
    this.line.trace({ nest: rest.at(-1) }, String(message));
  }
  warn(message: unknown, ...rest: unknown[]) {
    this.line.warn({ nest: rest.at(-1) }, String(message));
  }
  error(message: unknown, ...rest: unknown[]) {
    this.line.error({ nest: rest }, String(message));
  }
  fatal(message: unknown, ...rest: unknown[]) {
    this.line.fatal({ nest: rest }, String(message));
  }
}
