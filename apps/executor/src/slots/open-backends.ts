/**
 * The PostgreSQL sessions that a worker has opened, so that their statements can be cancelled once it is killed: a
 * server does not notice that its client died while it computes.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { cancelBackend } from '@floe/database/target';
import type { TargetAddress } from '@floe/database/target';
import type { ProgressUpdate } from '@floe/tasks/run';
import type { Log } from '@floe/telemetry';

// More sessions than one attempt opens; a worker that invents some must not fill the memory.
const BACKENDS_MAX = 64;
// With the kill and the report it stays below the 2 s in which a cancel takes effect.
const CANCEL_WITHIN_MS = 1_500;

export class OpenBackends {
  readonly #addresses = new Map<string, TargetAddress>();
  /** Poolers lend server processes to others, so that a number alone does not tell whose session it is. */
  readonly #sessionNames: string;
  readonly #backends = new Map<string, { readonly connection: string; readonly pid: number }>();

  constructor(runId: string) {
    this.#sessionNames = `floe:${runId}:`;
  }

  /** Where a connection leads, as it was told to the worker. */
  learnAddress(connection: string, address: TargetAddress): void {
    this.#addresses.set(connection, address);
  }

  learnBackend({ connection, backendPid: pid }: ProgressUpdate): void {
    if (connection === undefined || pid === undefined) return;
    if (this.#backends.size < BACKENDS_MAX)
      this.#backends.set(`${connection} ${pid}`, { connection, pid });
  }

  /** Cancels what runs in all of them. Ends in time and does not throw: the target may be what is broken. */
  async cancelAll(log: Log): Promise<void> {
    const cancels = [...this.#backends.values()].map(async ({ connection, pid }) => {
      const address = this.#addresses.get(connection);
      if (address === undefined) return;
      await cancelBackend(address, pid, { name: this.#sessionNames }).catch((error: unknown) =>
        log.warn(
          { err: error, connection, backend_pid: pid },
          'a statement could not be cancelled',
        ),
      );
    });
    if (cancels.length === 0) return;
    const limit = new AbortController();
    const late = delay(CANCEL_WITHIN_MS, 'late', { signal: limit.signal }).catch(() => undefined);
    const first = await Promise.race([Promise.all(cancels), late]);
    limit.abort();
    if (first === 'late') log.warn('statements of a killed worker were not cancelled in time');
  }
}
