import { randomBytes } from 'node:crypto';
import type { Service } from '#libs/contracts/actor';
import { onceBack } from '#libs/messaging/away';
import { Bus } from '#libs/messaging/bus';
import { Signer } from '#libs/messaging/envelope';
import { Kafka } from '#libs/messaging/kafka';
import { Replies } from '#libs/messaging/replies';
import { serviceTopics, sharedTopics } from '#libs/messaging/topics';
import { Files } from '#libs/persistence/files';
import { House } from '#libs/persistence/house';
import { KeptMessages } from '#libs/persistence/kept.store';
import { connectMongo } from '#libs/persistence/mongo';
import { MongoPark, MongoShelf } from '#libs/persistence/park.store';
import { type Clock, clockFrom } from './clock.js';
import type { CommonConfig, Config } from './config.js';
import type { Place } from './forgetting.js';
import { Health } from './health.js';
import { tellOf } from './kept-message.js';
import { createLog, type Log } from './log.js';
import type { WaitingRoom } from './waiting-room.js';

const ALL: Service[] = ['gateway', 'membership', 'events', 'exchanges', 'notifications', 'worker'];

/** Everything a service stands on, made once at its start, in this order: MongoDB, Kafka, topics, house. */
export class Runtime {
  readonly health = new Health();
  /**
   * Run before the first command is taken: copies that decisions need are read to the end. A step that an engine breaks off by going
   * away is run again from its beginning; what may begin only once comes last in it.
   */
  readonly before: (() => Promise<void>)[] = [];
  /** Where the service keeps something of persons beside its own aggregates. */
  readonly places: Place[] = [];
  /** Run at shutdown after the consumers have drained. */
  readonly after: (() => Promise<void>)[] = [];

  private constructor(
    readonly service: Service,
    readonly config: CommonConfig,
    readonly instance: string,
    readonly log: Log,
    readonly clock: Clock,
    readonly kafka: Kafka,
    readonly signer: Signer,
    readonly house: House,
    readonly files: Files,
    readonly bus: Bus,
    readonly replies: Replies,
    readonly shelf: MongoShelf,
    readonly park: MongoPark,
    readonly kept: KeptMessages,
    /** Names what is waited for until the service takes commands. */
    readonly room: Pick<WaitingRoom, 'for'>,
  ) {}

  static async open<S extends Service>(service: S, config: Config<S>, room: WaitingRoom): Promise<Runtime> {
    const instance = config.SERVICE_ID ?? `${service}-${randomBytes(4).toString('hex')}`;
    const log = createLog(service, instance, config.LOG_LEVEL);
    const clock = clockFrom(config);
    const db = await room.for('MongoDB', connectMongo(config.MONGO_URL, `${config.MONGO_PREFIX}_${service}`, log));
    const fileDb = await connectMongo(config.MONGO_URL, `${config.MONGO_PREFIX}_files`, log);
    const onFatal = () => process.kill(process.pid, 'SIGTERM');
    const kafka = new Kafka({
      brokers: config.KAFKA_BROKERS.split(','),
      clientId: instance,
      prefix: config.TOPIC_PREFIX,
      replication: config.TOPIC_REPLICATION,
      sessionTimeoutMs: config.KAFKA_SESSION_SECONDS * 1000,
      log,
      onFatal,
    });
    await room.for('Kafka', kafka.connect());
    const topics = [...ALL.flatMap((owner) => serviceTopics(owner, config.TOPIC_PARTITIONS)), ...sharedTopics()];
    await onceBack(log, () => kafka.ensureTopics(topics));
    const signer = new Signer(config.BY_KEY);
    const house = new House(service, db, fileDb, kafka, signer, clock, log);
    const bus = new Bus(kafka, signer, instance);
    const kept = new KeptMessages(db, clock, tellOf(service, bus));
    const runtime = new Runtime(
      service,
      config,
      instance,
      log,
      clock,
      kafka,
      signer,
      house,
      new Files(fileDb),
      bus,
      new Replies(service, kafka, signer, clock),
      new MongoShelf(kept, service),
      new MongoPark(kept),
      kept,
      room,
    );
    runtime.before.push(() => kept.open());
    runtime.health.add('kafka', () => kafka.ping());
    runtime.health.add('mongodb', async () => void (await db.db!.command({ ping: 1 })));
    return runtime;
  }
}
