import type { Type } from '@nestjs/common';
import mongoose, { type Connection } from 'mongoose';
import { type Actor, type Service, system } from '#libs/contracts/actor';
import type { CommandContract, FactRecord, Outcome } from '#libs/contracts/message';
import { type Asking, Bus } from '#libs/messaging/bus';
import { Signer } from '#libs/messaging/envelope';
import type { Kafka } from '#libs/messaging/kafka';
import { eventsOf } from '#libs/messaging/topics';
import { Files } from '#libs/persistence/files';
import { machineClock } from '#libs/service/clock';
import { createLog } from '#libs/service/log';
import { type Running, start } from '#libs/service/serve';
import { environment } from './environment.js';
import { kafkaOf } from './kafka.js';

const PATIENCE_MS = 20_000;

/**
 * Services in the process of a test, on real engines, with topics and databases of their own; asked as the gateway asks.
 * The engines are those of the environment.
 */
export class TestHouse {
  readonly services = new Map<Service, Running>();
  readonly facts: FactRecord[] = [];

  private constructor(
    readonly env: Record<string, string>,
    readonly kafka: Kafka,
    readonly signer: Signer,
    readonly bus: Bus,
    readonly mongo: Connection,
    readonly files: Files,
  ) {}

  static async open(apps: Partial<Record<Service, Type>>): Promise<TestHouse> {
    const env = environment();
    const log = createLog('gateway', 'test', env.LOG_LEVEL!);
    const kafka = kafkaOf(env, log);
    await kafka.connect();
    const signer = new Signer(env.BY_KEY!);
    const mongo = await mongoose.createConnection(env.MONGO_URL!, { dbName: `${env.MONGO_PREFIX}_files` }).asPromise();
    const house = new TestHouse(env, kafka, signer, new Bus(kafka, signer, 'test'), mongo, new Files(mongo));
    await Promise.all(Object.entries(apps).map(([service, module]) => house.start(service as Service, module)));
    await house.bus.listen();
    await house.collectFacts();
    return house;
  }

  async start(service: Service, module: Type): Promise<void> {
    this.services.set(service, await start(service, module, {}, this.env));
  }

  /** What became of a command; the product itself asks unless another is named. */
  ask<C extends CommandContract>(contract: C, asking: Omit<Asking<C>, 'by'> & { by?: Actor }): Promise<Outcome> {
    return this.bus.ask(contract, { by: system('gateway', machineClock.iso()), ...asking }, PATIENCE_MS);
  }

  /** The documents of a service as they are stored. */
  collection(service: Service, name: string) {
    return this.mongo.useDb(`${this.env.MONGO_PREFIX}_${service}`).collection(name);
  }

  async close(): Promise<void> {
    await Promise.all([...this.services.values()].map((running) => running.stop()));
    await this.bus.stop();
    await this.kafka.close();
    const databases = [...this.services.keys(), 'files'].map((name) => this.mongo.useDb(`${this.env.MONGO_PREFIX}_${name}`));
    await Promise.all(databases.map((database) => database.dropDatabase()));
    await this.mongo.close();
  }

  private async collectFacts(): Promise<void> {
    await this.kafka.consume({
      group: 'test.facts',
      topics: [...this.services.keys()].map(eventsOf),
      fromBeginning: true,
      onBatch: (messages) => {
        for (const { value } of messages) this.facts.push(JSON.parse(value ?? 'null') as FactRecord);
      },
    });
  }
}
