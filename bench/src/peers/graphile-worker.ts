import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { countdown } from './countdown.ts';

export type JobPeer = {
  /** Milliseconds from handing over the jobs, as one batch, to the end of the last. */
  timeJobs(count: number): Promise<number>;
};

const TASK = 'nothing';
// As its documentation measures itself: as many at once as a core keeps busy.
const CONCURRENT_JOBS = 24;
// A line for each job would be measured with it, and stand in the result.
const SILENT = new Logger(() => () => undefined);

/** graphile-worker as it comes: each job is fetched and ended by itself. It makes its tables in the database. */
export function graphileWorker(connectionString: string): JobPeer {
  return {
    async timeJobs(count) {
      const utils = await makeWorkerUtils({ connectionString, logger: SILENT });
      await utils.migrate();
      const remaining = countdown(count);
      const runner = await run({
        connectionString,
        logger: SILENT,
        concurrency: CONCURRENT_JOBS,
        noHandleSignals: true,
        taskList: { [TASK]: () => remaining.count() },
      });
      try {
        const begunAt = performance.now();
        await utils.addJobs(
          Array.from({ length: count }, () => ({ identifier: TASK, payload: {} })),
        );
        await remaining.done;
        return performance.now() - begunAt;
      } finally {
        await runner.stop();
        await utils.release();
      }
    },
  };
}
