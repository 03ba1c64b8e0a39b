import type { Terminal } from '../terminal.ts';

type Stoppable = { stop(): Promise<void> };

/**
 * Starts what takes some seconds. Ctrl-C meanwhile is answered at once, and obeyed when the start has come to its end:
 * undefined then, and nothing is left.
 */
export async function startUnlessInterrupted<Started extends Stoppable>(
  start: () => Promise<Started>,
  { signal, terminal }: { readonly signal: AbortSignal; readonly terminal: Terminal },
): Promise<Started | undefined> {
  const answer = (): void => terminal.say('Stopping …');
  signal.addEventListener('abort', answer, { once: true });
  try {
    const started = await start();
    if (!signal.aborted) return started;
    await started.stop();
  } catch (thrown) {
    // The programs that are started hear Ctrl-C as well, and fail in words of their own.
    if (!signal.aborted) throw thrown;
  } finally {
    signal.removeEventListener('abort', answer);
  }
  terminal.say('Stopped before it was up.');
  return undefined;
}
