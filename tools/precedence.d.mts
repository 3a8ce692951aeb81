/** Leaves precedence to other processes where the machine has not enough for all; resolves also where that cannot be had. */
export declare function stepBack(pid: number): Promise<void>;
/** Who steps back, of a house that people use. */
export declare const BEHIND: {
  readonly services: readonly string[];
  readonly engines: readonly ('kafka' | 'mongo' | 'redis' | 'mail')[];
};
