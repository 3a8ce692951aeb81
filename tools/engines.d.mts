/** An engine a test may take down and bring back, on the same port and data. */
export interface EngineHandle {
  readonly kind: 'kafka' | 'mongo' | 'redis' | 'mail';
  readonly name: string;
  readonly url: string;
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>;
  /** Resolves when it answers again. */
  start(): Promise<void>;
  /** Lets it put its data in order. */
  stop(): Promise<void>;
}

export type Kind = EngineHandle['kind'];

export interface Engines {
  /** KAFKA_BROKERS, MONGO_URL, REDIS_URL, SMTP_URL of those that were asked for. */
  readonly env: Record<string, string>;
  readonly names: Record<string, string>;
  readonly mailPage: string | null;
  /** All run on this machine: demo keys may exist. */
  readonly embedded: boolean;
  readonly engines: Record<Kind, EngineHandle>;
  stop(): Promise<void>;
}

export interface EnginesOptions {
  root: string;
  dir: string;
  log?: (line: string) => void;
  only?: Kind[];
  /** Where URLs of engines are looked up; default `process.env`; `{}` for engines of one's own. */
  given?: Record<string, string | undefined>;
  onLost?: (sentence: string) => void;
  /** Stops what is on its way up. */
  signal?: AbortSignal;
  /** Those that leave precedence to other processes; default: none. */
  behind?: readonly Kind[];
}

export declare function startEngines(options: EnginesOptions): Promise<Engines>;
export declare function findServers(
  options: Pick<EnginesOptions, 'root' | 'only' | 'given'>,
): Promise<Partial<Record<Kind, { readonly name: string }>>>;
export declare function isLoopback(url: string): boolean;
