/**
 * Runs several works at the same time. The first that fails aborts `failing`, which is to end the others; its error is
 * thrown once all have ended.
 */
export async function runTogether(
  works: readonly ((signal: AbortSignal) => Promise<void>)[],
  failing: AbortController,
): Promise<void> {
  await Promise.all(
    works.map(async (work) => {
      try {
        await work(failing.signal);
      } catch (thrown) {
        failing.abort(thrown);
      }
    }),
  );
  if (failing.signal.aborted) throw failing.signal.reason;
}
