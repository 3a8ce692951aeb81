export interface Launch {
  command: string;
  args: string[];
  cwd?: string;
  env?: Record<string, string | undefined>;
  /** It leaves precedence to others. */
  behind?: boolean;
}

/** A child that dies with its launcher, whatever ends that one. */
export interface Child {
  readonly process: { readonly pid?: number };
  readonly logFile: string;
  readonly hasExited: boolean;
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>;
  /** Asks it to end, and insists after so many milliseconds. */
  end(patience: number): Promise<void>;
  /** The last lines it wrote. */
  logEnd(): string;
}

/** The children of one data folder. */
export declare class Processes {
  constructor(dir: string);
  spawn(name: string, launch: Launch): Child;
}
