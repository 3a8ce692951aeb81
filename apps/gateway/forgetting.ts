import { Injectable } from '@nestjs/common';
import { Person } from '#libs/contracts/person';
import type { Place } from '#libs/service/forgetting';
import { Runtime } from '#libs/service/runtime';
import { Idempotency } from './idempotency.store.js';
import { Operations } from './operations.store.js';
import { ReadModels } from './read-models.js';

/** Where the gateway keeps something of a person: what is read, and what was answered. */
@Injectable()
export class Forgetting {
  constructor(
    runtime: Runtime,
    models: ReadModels,
    private readonly idempotency: Idempotency,
    private readonly operations: Operations,
  ) {
    const readModel: Place = {
      code: 'READ_MODEL',
      forget: async ({ person, version }) => {
        await models.apply([{ aggregate: Person.contract.name, id: person, version, view: null }]);
        return { outcome: 'ERASED', message: 'The view that reads are answered from, and all rendered answers that were made from it.' };
      },
    };
    runtime.places.push(
      readModel,
      counted('IDEMPOTENCY', 'Answers that were kept for repeated requests.', ({ person }) => this.idempotency.forget(person)),
      counted('OPERATIONS', 'Writes that were answered later, with what they asked and brought.', ({ person }) =>
        this.operations.forget(person),
      ),
    );
  }
}

const counted = (code: string, message: string, forget: (asked: Parameters<Place['forget']>[0]) => Promise<number>): Place => ({
  code,
  forget: async (asked) => {
    const count = await forget(asked);
    return { outcome: count > 0 ? 'ERASED' : 'NOTHING', count, message };
  },
});
