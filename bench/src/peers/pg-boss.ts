import { PgBoss } from 'pg-boss';
import { countdown } from './countdown.ts';
import type { JobPeer } from './graphile-worker.ts';

const QUEUE = 'nothing';
// The largest step of its own examples, fetched again at once while there is more.
const BATCH_SIZE = 500;
const POLL_SECONDS = 0.5;

/** pg-boss with batches: jobs are fetched and ended by the hundreds. It makes its tables in the database. */
export function pgBoss(connectionString: string): JobPeer {
  return {
    async timeJobs(count) {
      const boss = new PgBoss({ connectionString });
      boss.on('error', () => undefined);
      await boss.start();
      try {
        await boss.createQueue(QUEUE);
        const remaining = countdown(count);
        const begunAt = performance.now();
        await boss.insert(
          QUEUE,
          Array.from({ length: count }, () => ({})),
        );
        const options = {
          batchSize: BATCH_SIZE,
          pollingIntervalSeconds: POLL_SECONDS,
          burstWhenBatchFull: true,
        };
        await boss.work(QUEUE, options, (jobs) => Promise.resolve(remaining.count(jobs.length)));
        await remaining.done;
        return performance.now() - begunAt;
      } finally {
        await boss.stop({ graceful: true });
      }
    },
  };
}
