export type InTurn = {
  /** How many are under way at once. */
  readonly parallel: number;
  readonly signal: AbortSignal;
};

/**
 * Does something with each of many, several at once; what comes of it is given in the order of the many. When one fails
 * the others are aborted, and have ended before it throws.
 */
export async function* inTurn<Item, Result>(
  items: AsyncIterable<Item>,
  { parallel, signal }: InTurn,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
): AsyncGenerator<Result, void> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const underWay: Promise<Result>[] = [];
  try {
    for await (const item of items) {
      if (underWay.length >= parallel) yield await underWay.shift()!;
      const working = work(item, either);
      // It is looked at in its turn, and may have failed long before.
      working.catch(() => undefined);
      underWay.push(working);
    }
    while (underWay.length > 0) yield await underWay.shift()!;
  } finally {
    stop.abort();
    await Promise.allSettled(underWay);
  }
}
