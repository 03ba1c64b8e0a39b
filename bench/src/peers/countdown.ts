export type Countdown = { count(by?: number): void; readonly done: Promise<void> };

/** Resolves when as many have been counted. */
export function countdown(total: number): Countdown {
  let left = total;
  const { promise: done, resolve } = Promise.withResolvers<void>();
  return {
    done,
    count(by = 1) {
      left -= by;
      if (left <= 0) resolve();
    },
  };
}
