import { setTimeout as sleep } from 'node:timers/promises';

// Short enough to add nothing to a test that one notices.
const DEFAULT_EVERY_MS = 20;

/**
 * Calls `check` until it neither throws nor gives false, and returns what it gave. After `withinMs` the last error is
 * thrown, or one that says that the condition stayed false.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  options: { withinMs: number; everyMs?: number },
): Promise<Exclude<T, false>> {
  const { withinMs, everyMs = DEFAULT_EVERY_MS } = options;
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      const result = await check();
      if (result !== false) return result as Exclude<T, false>;
      if (performance.now() >= deadline) {
        throw new Error(`the condition stayed false for ${withinMs} ms`);
      }
    } catch (error) {
      if (performance.now() >= deadline) throw error;
    }
    await sleep(everyMs);
  }
}
