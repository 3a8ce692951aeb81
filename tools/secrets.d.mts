/** The keys of a house, made once per folder. */
export declare function secretsIn(dir: string): { BY_KEY: string; SECRETS_KEY: string; BOOTSTRAP_KEY: string };
