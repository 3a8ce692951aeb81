/** Waits out the time since the last wait: once per fetch, however many partitions it brought. */
export function paced(paceMs: number): () => Promise<void> {
  let last = 0;
  return async () => {
    const now = Date.now();
    if (now - last < paceMs || paceMs === 0) return;
    await new Promise((resolve) => setTimeout(resolve, paceMs));
    last = Date.now();
  };
}

/** A topic made a moment ago has no leader yet on every broker: the client gives up on that too early. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 50 || !(error as { retriable?: boolean }).retriable) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
