import type { DatasetStore } from '@floe/datasets';
import { startDuty, type Duty } from '@floe/service';
import type { Log } from '@floe/telemetry';

const HOUR_MS = 3_600_000;
// Old datasets are a matter of days.
const CLEAN_INTERVAL_MS = HOUR_MS;

type Cleaning = {
  readonly datasets: DatasetStore;
  readonly keepHours: number;
  readonly log: Log;
};

export function startCleaning({ datasets, keepHours, log }: Cleaning): Duty {
  return startDuty({
    name: 'remove old datasets',
    everyMs: CLEAN_INTERVAL_MS,
    async run(signal) {
      const collecting = datasets.collect(Date.now() - keepHours * HOUR_MS);
      const removed = (await unlessStopped(collecting, signal)) ?? 0;
      if (removed > 0) log.info({ removed }, 'removed datasets that nobody has used for long');
    },
    onError: (error) => log.warn({ err: error }, 'old datasets could not be removed'),
  });
}

/** A store may take minutes to fail; who stops does not wait for it. */
async function unlessStopped<Result>(
  work: Promise<Result>,
  signal: AbortSignal,
): Promise<Result | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const stop = () => resolve(undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
