import { portions } from '#libs/domain/portions';

export const DUPLICATE = 11000;
/** Two writes of one document at the same moment. */
export const CONFLICT = 112;
const TRIES = 5;
/** Documents in one command: whoever else writes or reads waits for it to end, in the database and here. */
const AT_ONCE = 25;

export interface WriteError {
  code: number;
  /** Place of the operation. */
  index: number;
  errmsg?: string;
}

interface Sums {
  inserted: number;
  matched: number;
  errors: WriteError[];
}

interface Failed {
  code?: number;
  writeErrors?: WriteError | WriteError[];
  result?: { insertedCount: number; matchedCount: number };
}

const errorsOf = ({ writeErrors }: Failed): WriteError[] => [writeErrors ?? []].flat();

/** Not more than one command should hold, in their order. */
export const parts = <T>(items: readonly T[]): T[][] => portions(items, AT_ONCE);

/** One unordered bulk: its sums, and errors where their codes are among the expected; throws when anything else went wrong. */
export async function unordered(
  collection: { bulkWrite: unknown },
  operations: readonly object[],
  expected: readonly number[],
): Promise<Sums> {
  if (operations.length === 0) return { inserted: 0, matched: 0, errors: [] };
  const write = collection.bulkWrite as (
    ops: readonly object[],
    options: object,
  ) => Promise<{ insertedCount: number; matchedCount: number }>;
  try {
    const { insertedCount, matchedCount } = await write.call(collection, operations, { ordered: false });
    return { inserted: insertedCount, matched: matchedCount, errors: [] };
  } catch (error) {
    const { result } = error as Failed;
    const errors = errorsOf(error as Failed);
    if (errors.length === 0 || errors.some(({ code }) => !expected.includes(code))) throw error;
    return { inserted: result?.insertedCount ?? 0, matched: result?.matchedCount ?? 0, errors };
  }
}

/** A write that may be repeated is repeated when others have written the same at the same moment. */
export async function despiteConflicts<T>(write: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      const codes = [(error as Failed).code, ...errorsOf(error as Failed).map(({ code }) => code)];
      if (tries === TRIES || !codes.includes(CONFLICT)) throw error;
    }
  }
}
