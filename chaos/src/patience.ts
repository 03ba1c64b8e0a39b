import { setTimeout as delay } from 'node:timers/promises';
import { toFloeError } from '@floe/errors';

/** Asks again while the answer is an error, until it is one that no repetition mends or the time is over. */
export async function persist<Result>(
  ask: () => Promise<Result>,
  options: { readonly withinMs: number; readonly everyMs: number },
): Promise<Result> {
  const deadline = performance.now() + options.withinMs;
  for (;;) {
    try {
      return await ask();
    } catch (thrown) {
      const error = toFloeError(thrown);
      if (performance.now() >= deadline) throw error;
    }
    await delay(options.everyMs);
  }
}
