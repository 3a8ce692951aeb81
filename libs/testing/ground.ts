import { randomBytes } from 'node:crypto';
import type { Service } from '#libs/contracts/actor';
import { Signer } from '#libs/messaging/envelope';
import type { Incoming, Kafka, Subscription } from '#libs/messaging/kafka';
import { serviceTopics, sharedTopics } from '#libs/messaging/topics';
import { House } from '#libs/persistence/house';
import { connectMongo } from '#libs/persistence/mongo';
import { machineClock } from '#libs/service/clock';
import { createLog, type Log } from '#libs/service/log';
import { environment } from './environment.js';
import { kafkaOf } from './kafka.js';

/** What a service stands on, on the engines of the environment, with topics and databases of its own. */
export class Ground {
  readonly log: Log;
  private readonly houses: House[] = [];
  private readonly clients: Kafka[] = [];
  private readonly readers: Subscription[] = [];

  private constructor(
    readonly env: Record<string, string>,
    readonly service: Service,
    readonly signer: Signer,
  ) {
    this.log = createLog(service, 'test', env.LOG_LEVEL!);
  }

  static async open(service: Service = 'exchanges'): Promise<Ground> {
    const env = environment();
    const ground = new Ground(env, service, new Signer(env.BY_KEY!));
    const kafka = await ground.kafka();
    await kafka.ensureTopics([...serviceTopics(service, 2), ...sharedTopics()]);
    return ground;
  }

  /** A client such as each process has its own. */
  async kafka(): Promise<Kafka> {
    const kafka = kafkaOf(this.env, this.log);
    await kafka.connect();
    this.clients.push(kafka);
    return kafka;
  }

  /** The ground under the stores of one process; several share the database as the processes of a service do. */
  async house(parts: Partial<Pick<House, 'kafka' | 'clock'>> = {}): Promise<House> {
    const { MONGO_URL, MONGO_PREFIX } = this.env as { MONGO_URL: string; MONGO_PREFIX: string };
    const db = await connectMongo(MONGO_URL, `${MONGO_PREFIX}_${this.service}`, this.log);
    const files = await connectMongo(MONGO_URL, `${MONGO_PREFIX}_files`, this.log);
    const { kafka = this.clients[0]!, clock = machineClock } = parts;
    const house = new House(this.service, db, files, kafka, this.signer, clock, this.log);
    this.houses.push(house);
    return house;
  }

  /** Everything on a topic, as it comes. */
  async tape(topic: string): Promise<Incoming[]> {
    const tape: Incoming[] = [];
    const group = `tape.${randomBytes(4).toString('hex')}`;
    const onBatch = (messages: Incoming[]) => void tape.push(...messages);
    this.readers.push(await this.clients[0]!.consume({ group, topics: [topic], fromBeginning: true, onBatch }));
    return tape;
  }

  async close(): Promise<void> {
    await Promise.all(this.houses.map((house) => house.close()));
    await Promise.all(this.readers.map((reader) => reader.stop()));
    await Promise.all(this.clients.map((kafka) => kafka.close()));
    const [first] = this.houses;
    if (first) await Promise.all([first.db.dropDatabase(), first.files.dropDatabase()]);
    await Promise.all(this.houses.flatMap((house) => [house.db.close(), house.files.close()]));
  }
}
