import { Controller, Get, Injectable } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor, Service } from '#libs/contracts/actor';
import { countStores, StoresCounted, type StoreTally } from '#libs/contracts/stores';
import { Instant } from '#libs/contracts/values';
import { newId } from '#libs/domain/ids';
import { tallyOf } from '#libs/domain/tally';
import { Bus, NotAccepted, StillPending } from '#libs/messaging/bus';
import { lastVersions } from '#libs/messaging/state-scan';
import { Runtime } from '#libs/service/runtime';
import { Answer } from './answer.js';
import { By } from './asked.js';
import { Compared, compared } from './integrity.js';
import { Overseeing } from './policy.js';
import { ReadModels } from './read-models.js';
import { byAggregate } from './resources.js';
import { Returns, Untagged } from './returns.js';

const SERVICES = Object.keys(countStores) as Service[];
const PATIENCE_MS = 10_000;
/** While there are writes the three are looked at one after the other, and differ by what came between: they are looked at again. */
const LOOKS = 3;
const LOOK_AGAIN_MS = 500;

const IntegrityShown = z.object({ agrees: z.boolean(), at: Instant, items: z.array(Compared) }).meta({ id: 'Integrity' });

/** Compares what each service has with what it has told and with what is read here. */
@Injectable()
export class Integrity {
  constructor(
    private readonly runtime: Runtime,
    private readonly bus: Bus,
    private readonly models: ReadModels,
  ) {}

  async compare(by: Actor): Promise<Compared[]> {
    let items = await this.look(by);
    for (let looks = 1; looks < LOOKS && items.some(({ agrees }) => !agrees); looks += 1) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      const again = new Map((await this.look(by)).map((item) => [item.aggregate, item]));
      items = items.map((item) => (item.agrees ? item : (again.get(item.aggregate) ?? item)));
    }
    return items;
  }

  private async look(by: Actor): Promise<Compared[]> {
    const [stores, states] = await Promise.all([
      Promise.all(SERVICES.map((service) => this.countedBy(service, by))),
      lastVersions(this.runtime.kafka, `gateway.integrity.${newId()}`, SERVICES),
    ]);
    const counted = new Map(stores.flat().map((store) => [store.aggregate, store]));
    const all = new Map([...aggregates, ...stores.flat().map(({ aggregate, service }) => [aggregate, service] as const)]);
    return Promise.all(
      [...all].sort().map(async ([aggregate, service]) => {
        const resource = byAggregate.get(aggregate)?.contract.resource ?? null;
        const readModel = resource ? await this.models.tally(aggregate) : null;
        const told = tallyOf(states.get(aggregate) ?? new Map());
        return compared({ aggregate, service, resource, store: counted.get(aggregate) ?? null, states: told, readModel });
      }),
    );
  }

  /** Empty when the service does not answer. */
  private async countedBy(service: Service, by: Actor): Promise<(StoreTally & { service: Service })[]> {
    try {
      const { view } = await this.bus.ask(countStores[service], { key: service, by, data: {} }, PATIENCE_MS);
      return StoresCounted.parse(view).stores.map((store) => ({ ...store, service }));
    } catch (error) {
      if (error instanceof StillPending || error instanceof NotAccepted) return [];
      throw error;
    }
  }
}

const aggregates = [...byAggregate.values()].flatMap(({ contracts }) => contracts.map(({ name, service }) => [name, service] as const));

@ApiTags('Operations')
@Controller('v1/integrity')
export class IntegrityController {
  constructor(
    private readonly integrity: Integrity,
    private readonly runtime: Runtime,
  ) {}

  /** Per kind of aggregate: do store, last states and read model agree, and is nothing left untold. */
  @Get()
  @Overseeing('integrity')
  @Returns(IntegrityShown)
  @Untagged()
  async compare(@By() by: Actor) {
    const items = await this.integrity.compare(by);
    return new Answer(200, { agrees: items.every(({ agrees }) => agrees), at: this.runtime.clock.iso(), items });
  }
}
