/**
 * Ctrl-C (and SIGTERM) while a command waits. The first one aborts the signal, so that the command ends in its own
 * words; the second one ends the process at once.
 */
export type Interruption = Disposable & { readonly signal: AbortSignal };

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  const stop = (): void => {
    for (const name of SIGNALS) process.off(name, interrupt);
  };
  const interrupt = (): void => {
    stop();
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, interrupt);
  return { signal: controller.signal, [Symbol.dispose]: stop };
}
