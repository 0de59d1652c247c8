/** Runs work. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets so much work run at once; the rest waits, and runs in the order in which it came. */
export function createGate(limit: number): Gate {
  const waiting: (() => void)[] = [];
  let free = limit;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // The place is handed on, so that nobody who comes now overtakes who has waited.
      if (next === undefined) free += 1;
      else next();
    }
  };
}
