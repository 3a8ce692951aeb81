import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Bus } from '#libs/messaging/bus';
import { Files } from '#libs/persistence/files';
import { House } from '#libs/persistence/house';
import { Runtime } from '#libs/service/runtime';
import { GatewayModule } from './gateway.module.js';

const parts = [Runtime, House, Bus, Files];

@Global()
@Module({ providers: parts.map((provide) => ({ provide, useValue: {} })), exports: parts })
class NoEngines {}

@Module({ imports: [NoEngines, GatewayModule] })
class Documented {}

/** The gateway as its decorators tell it. Nothing of it is made (`preview`), so the documents are written without an engine. */
export const documentedApp = (): Promise<NestFastifyApplication> =>
  NestFactory.create<NestFastifyApplication>(Documented, new FastifyAdapter(), { preview: true, logger: false, abortOnError: false });
