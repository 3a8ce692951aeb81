/** A named thing a service stands on; throws with the reason while it does not hold. */
export type Check = () => Promise<void>;

export interface Readiness {
  ready: boolean;
  checks: Record<string, string>;
}

const PATIENCE_MS = 2000;

/** Readiness is asked anew each time: what goes away shows, what comes back shows, without a restart. */
export class Health {
  private readonly checks = new Map<string, Check>();
  private stopping = false;

  add(name: string, check: Check): void {
    this.checks.set(name, check);
  }

  stop(): void {
    this.stopping = true;
  }

  async readiness(): Promise<Readiness> {
    const results = await Promise.all([...this.checks].map(async ([name, check]) => [name, await state(check)] as const));
    const checks = Object.fromEntries(this.stopping ? [...results, ['service', 'stopping']] : results);
    return { ready: Object.values(checks).every((result) => result === 'ok'), checks };
  }
}

async function state(check: Check): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  try {
    await Promise.race([check(), tooLate]);
    return 'ok';
  } catch (error) {
    return (error as Error).message || String(error);
  } finally {
    clearTimeout(timer);
  }
}
