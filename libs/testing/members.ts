import type { CommandContract, FactContract, FactRecord } from '#libs/contracts/message';
import type { Handled, Message } from '#libs/messaging/handle';
import type { Incoming, Kafka } from '#libs/messaging/kafka';
import { Replies } from '#libs/messaging/replies';
import type { AgainOf, Park, Shelf, TryOut } from '#libs/messaging/shelf';
import { KafkaTransport } from '#libs/messaging/transport';
import type { Decide } from '#libs/persistence/decide';
import { machineClock } from '#libs/service/clock';
import { type Counter, CounterStore } from './counters.js';
import type { Ground } from './ground.js';

/** What was shelved, in memory, and the dry run that would be made of it. */
export class OpenShelf implements Shelf {
  readonly kept: { message: Incoming; reason: string }[] = [];
  tryOut: TryOut = () => Promise.reject(new Error('Nobody serves this shelf.'));

  async put(message: Incoming, reason: string): Promise<void> {
    this.kept.push({ message, reason });
  }

  serves(tryOut: TryOut): void {
    this.tryOut = tryOut;
  }
}

/** Keys that wait, in memory; shared by the members of a group as the database is. */
export class OpenPark implements Park {
  readonly kept: { group: string; message: Incoming; reason: string }[] = [];
  again: AgainOf = () => Promise.reject(new Error('Nobody serves this park.'));

  has(group: string, key: string): boolean {
    return this.kept.some((each) => each.group === group && each.message.key === key);
  }

  async holds(group: string, key: string): Promise<boolean> {
    return this.has(group, key);
  }

  async put(group: string, message: Incoming, reason: string): Promise<void> {
    this.kept.push({ group, message, reason });
  }

  async load(): Promise<void> {}

  serves(_group: string, again: AgainOf): void {
    this.again = again;
  }
}

/** One process of a service, on engines shared with the others: its own broker client, consumers and store. */
export class Member {
  /** Ids of the commands it was handed. */
  readonly handed: string[] = [];

  private constructor(
    private readonly transport: KafkaTransport,
    readonly store: CounterStore,
    readonly shelf: OpenShelf,
  ) {}

  /** Not begun: handlers come first. `commits` false: what it has done it does not tell the broker, as one that dies. */
  static async on(ground: Ground, park = new OpenPark(), commits = true): Promise<Member> {
    const kafka = await ground.kafka();
    if (!commits) withoutCommits(kafka);
    const house = await ground.house({ kafka });
    const store = new CounterStore(house);
    await house.open();
    const { service, signer, log } = ground;
    const shelf = new OpenShelf();
    const replies = new Replies(service, kafka, signer, machineClock);
    const committed = (_: string, partition: number, next: number) => house.committed(partition, next);
    const transport = new KafkaTransport({ service, kafka, signer, replies, shelf, park, log, before: async () => undefined, committed });
    return new Member(transport, store, shelf);
  }

  handles<C extends CommandContract>(contract: C, decide: Decide<Counter, never>): this {
    const handle = async (message: Message): Promise<Handled> => {
      this.handed.push(message.id);
      return this.store.change(message as never, decide);
    };
    this.transport.addHandler(contract.type, handle as never, false, { contract });
    return this;
  }

  hears(contract: FactContract, hear: (fact: FactRecord) => Promise<void>): this {
    this.transport.addHandler(contract.type, hear as never, true, { contract });
    return this;
  }

  async join(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      void this.transport.listen((error) => (error ? reject(error as Error) : resolve()));
    });
    return this;
  }

  ready(): boolean {
    return this.transport.ready();
  }

  leave(): Promise<void> {
    return this.transport.close();
  }
}

function withoutCommits(kafka: Kafka): void {
  const consume = kafka.consume.bind(kafka);
  kafka.consume = async (options) => ({
    ...(await consume(options)),
    commit: () => Promise.reject(new Error('This member commits nothing.')),
  });
}
