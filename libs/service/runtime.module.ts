import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Bus } from '#libs/messaging/bus';
import { Files } from '#libs/persistence/files';
import { House } from '#libs/persistence/house';
import { KeptMessageStore } from '#libs/persistence/kept-message.store';
import { forgettingOf } from './forgetting.messages.js';
import { keptMessagesOf } from './kept-message.messages.js';
import { Replayer } from './replayer.js';
import { Runtime } from './runtime.js';
import { storesOf } from './stores.messages.js';

@Global()
@Module({})
class RuntimeModule {}

/** Hands the runtime's parts to the providers of an app, and takes the commands that are the same for every service. */
export function runtimeModule(runtime: Runtime): DynamicModule {
  const parts = [
    { provide: Runtime, useValue: runtime },
    { provide: House, useValue: runtime.house },
    { provide: Bus, useValue: runtime.bus },
    { provide: Files, useValue: runtime.files },
  ];
  const { service } = runtime;
  const controllers = [keptMessagesOf(service), storesOf(service), forgettingOf(service)];
  return { module: RuntimeModule, controllers, providers: [...parts, KeptMessageStore, Replayer], exports: parts };
}
