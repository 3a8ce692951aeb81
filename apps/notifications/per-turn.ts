/** However often it is asked in one turn of the event loop, the work is done once, after the last of them has asked. */
export function oncePerTurn<T>(work: () => Promise<T>): () => Promise<T> {
  let turn: Promise<T> | null = null;
  return () => {
    turn ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      turn = null;
      return work();
    });
    return turn;
  };
}
