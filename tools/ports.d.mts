export declare function isFree(port: number): Promise<boolean>;
export declare function freePorts(count: number): Promise<number[]>;
export declare function keptPorts(names: string[], remembered: Record<string, number>): Promise<Record<string, number>>;
export declare function demandFree(first: number, count: number): Promise<void>;
