import 'reflect-metadata';
import { type ArgumentsHost, Catch, type DynamicModule, type RpcExceptionFilter, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Observable, throwError } from 'rxjs';
import type { Service } from '#libs/contracts/actor';
import { onceBack } from '#libs/messaging/away';
import { KafkaTransport } from '#libs/messaging/transport';
import { ConfigFault, readConfig } from './config.js';
import { NestLog } from './log.js';
import { metricsPage, metricsType } from './metrics.js';
import { Runtime } from './runtime.js';
import { runtimeModule } from './runtime.module.js';
import { WaitingRoom } from './waiting-room.js';

export interface ServeOptions {
  /** What only the gateway needs: its own adapter and what is set up on the app before it listens. */
  adapter?(runtime: Runtime): FastifyAdapter;
  prepare?(app: NestFastifyApplication, runtime: Runtime): Promise<void>;
}

export interface Running {
  runtime: Runtime;
  app: NestFastifyApplication;
  stop(): Promise<void>;
}

/** Errors of message handlers reach the transport as they are; Nest would mask them. */
@Catch()
export class AsThrown implements RpcExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): Observable<never> {
    if (host.getType() !== 'rpc') throw error;
    return throwError(() => error);
  }
}

/** Starts a service: config, engines, handlers, health; and ends it in order on SIGTERM or SIGINT. */
export async function serve(service: Service, module: Type, options: ServeOptions = {}): Promise<void> {
  let running: Running | null = null;
  let stopping = false;
  const end = (signal: string) => {
    if (stopping) return;
    stopping = true;
    // Still waiting for an engine: there is nothing in hand to end in order.
    if (!running) process.exit(0);
    running.runtime.log.info({ signal }, 'Stopping');
    running.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => end(signal));
  try {
    running = await start(service, module, options, process.env);
  } catch (error) {
    process.stderr.write(`${said(error as Error)}\n`);
    // Nothing is open yet: it ends by itself. An exit amid its own start can stand still, waiting for the compiler's threads (nodejs/node#54918).
    if (error instanceof ConfigFault) process.exitCode = 78;
    else process.exit(1);
  }
}

/** A fault that whoever started it can mend, in a sentence; any other with where it came from. */
function said(error: Error & { code?: string; address?: string; port?: number }): string {
  if (error instanceof ConfigFault) return error.message;
  if (error.code === 'EADDRINUSE') return `${error.address}:${error.port} is in use: end what listens there, or give another PORT.`;
  return error.stack ?? error.message;
}

/**
 * A service in this process; resolves when it takes requests and messages, and waits for engines that are away as long as they are.
 * Throws ConfigFault with all that is wrong with `env`.
 */
export async function start(service: Service, module: Type, options: ServeOptions, env: NodeJS.ProcessEnv): Promise<Running> {
  const config = readConfig(service, env);
  const room = new WaitingRoom();
  await room.open(config.HOST, config.PORT);
  const runtime = await Runtime.open(service, config, room);
  const root: DynamicModule = { module: class Root {}, imports: [runtimeModule(runtime), module] };
  const adapter = options.adapter?.(runtime) ?? new FastifyAdapter();
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    logger: new NestLog(runtime.log),
    abortOnError: false,
    bodyParser: false,
  });
  const transport = transportOf(runtime);
  // Before the handlers are connected: they take the filters that are there by then.
  app.useGlobalFilters(new AsThrown());
  app.connectMicroservice<MicroserviceOptions>({ strategy: transport }, { inheritAppConfig: true });
  addHealth(app, runtime);
  await options.prepare?.(app, runtime);
  await app.init();
  // An engine may go away amid the start too: what it broke off is begun anew.
  await onceBack(runtime.log, () => runtime.house.open());
  await app.startAllMicroservices();
  runtime.health.add('consumers', async () => {
    if (!transport.ready()) throw new Error('not assigned, or a message has been in hand for too long');
  });
  await room.close();
  await app.listen(config.PORT, config.HOST);
  runtime.log.info({ port: config.PORT }, `${service} is ready`);
  return { runtime, app, stop: () => stop(runtime, app, transport) };
}

const transportOf = (runtime: Runtime) => {
  const { service, kafka, signer, replies, shelf, park, log, house } = runtime;
  return new KafkaTransport({
    service,
    kafka,
    signer,
    replies,
    shelf,
    park,
    log,
    before: async () => {
      for (const step of runtime.before) await onceBack(log, step);
    },
    committed: (_topic, partition, next) => house.committed(partition, next),
  });
};

function addHealth(app: NestFastifyApplication, runtime: Runtime): void {
  const http = app.getHttpAdapter().getInstance();
  http.get('/health/live', async () => ({ alive: true, service: runtime.service }));
  http.get('/health/ready', async (_request, reply) => {
    const { ready, checks } = await runtime.health.readiness();
    return reply.code(ready ? 200 : 503).send({ ready, service: runtime.service, checks });
  });
  http.get('/metrics', async (_request, reply) => reply.type(metricsType).send(await metricsPage()));
}

/** Readiness off, HTTP drained, consumers drained and committed, effects ended, outboxes published, engines let go. */
async function stop(runtime: Runtime, app: NestFastifyApplication, transport: KafkaTransport): Promise<void> {
  runtime.health.stop();
  await app.getHttpAdapter().close();
  await transport.close();
  for (const step of runtime.after) await step();
  await runtime.house.close();
  await runtime.bus.stop();
  await runtime.kafka.close();
  await app.close().catch(() => undefined);
  await Promise.all([runtime.house.db.close(), runtime.house.files.close()]);
}
