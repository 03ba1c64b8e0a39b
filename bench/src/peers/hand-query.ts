import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { assert } from '@floe/errors';
import type { HandQuery } from './query-process.ts';

const ENTRY = fileURLToPath(new URL('query-process.ts', import.meta.url));
// Far above what the slowest machine needs for a query of seconds.
const WITHIN_MS = 120_000;

/**
 * Seconds of a query in a process of its own, which has loaded Polars and run nothing yet. That is what a script by hand
 * is, and a worker after a large task: it is replaced, because it keeps memory.
 */
export async function timeByHand(query: HandQuery): Promise<number> {
  const child = fork(ENTRY, { serialization: 'advanced' });
  try {
    const signal = AbortSignal.timeout(WITHIN_MS);
    await once(child, 'message', { signal });
    child.send(query);
    const [seconds] = (await once(child, 'message', { signal })) as readonly unknown[];
    assert(typeof seconds === 'number', 'the process says how long it took');
    return seconds;
  } finally {
    child.kill('SIGKILL');
  }
}
