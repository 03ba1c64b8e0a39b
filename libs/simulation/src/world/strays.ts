/**
 * Errors that nobody in the code under test caught: its processes would die of them. Node.js tells of them only when no
 * promise has anything left to do, which is when a world has ended; worlds that ran beside it would hear of them too.
 */
import { setImmediate } from 'node:timers/promises';

type Hear = (error: Error) => void;

/** Does the work and waits until whatever it left unhandled has been told. */
export async function catchingStrays(work: () => Promise<void>, hear: Hear): Promise<void> {
  const onStray = (thrown: unknown): void =>
    hear(thrown instanceof Error ? thrown : new Error(String(thrown)));
  process.on('unhandledRejection', onStray);
  try {
    await work();
    await setImmediate();
  } finally {
    process.off('unhandledRejection', onStray);
  }
}
