import { Controller, type Type } from '@nestjs/common';
import type { Service } from '#libs/contracts/actor';
import { countStores, type StoresCounted } from '#libs/contracts/stores';
import { Handle, type Handled, type Message } from '#libs/messaging/handle';
import { House } from '#libs/persistence/house';

/** Each service counts its own stores when it is asked: no aggregate, and nothing is changed. */
export function storesOf(service: Service): Type {
  const Count = countStores[service];

  @Controller()
  class StoresMessages {
    constructor(private readonly house: House) {}

    @Handle(Count)
    async count({ id, key, arrived }: Message<typeof Count>): Promise<Handled> {
      arrived();
      const tallies = await Promise.all([...this.house.stores].map((store) => store.tally?.()));
      const view: StoresCounted = { stores: tallies.filter((tally) => tally !== undefined) };
      const answered = { aggregate: Count.aggregate.name, version: 0, changed: false, verdicts: [], refusal: null };
      return { id, key, status: 'DONE', view, ...answered };
    }
  }
  return StoresMessages;
}
