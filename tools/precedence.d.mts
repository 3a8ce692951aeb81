/** Leaves precedence to other processes where the machine has not enough for all; resolves also where that cannot be had. */
export declare function stepBack(pid: number): Promise<void>;
