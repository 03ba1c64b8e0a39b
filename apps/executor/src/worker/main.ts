/**
 * A worker process: runs one attempt after the other for its supervisor, and dies with it.
 *
 * It has no credentials of Floe. Importing the runners loads Polars, so that the first attempt finds it warm.
 */
import { writeFileSync } from 'node:fs';
import { taskPackagesIn, useTaskRunners } from '@floe/tasks/run';
import { openChannel } from './channel.ts';
import { runJob } from './run-job.ts';
import { showDataset } from './show-dataset.ts';

// When the machine runs out of memory the kernel shall end a worker, which is replaced, before a supervisor.
const OOM_SCORE_ADJUSTMENT = '500';

offerToOomKiller();
await useTaskRunners(taskPackagesIn(process.env));
const channel = openChannel({
  onJob: (job) => void runJob(job, channel),
  onShow: (dataset) => void showDataset(dataset, channel),
});
channel.send({ kind: 'ready' });

function offerToOomKiller(): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/oom_score_adj', OOM_SCORE_ADJUSTMENT);
  } catch {
    // Sandboxes forbid it. It only orders the victims of a case that the memory limit should prevent.
  }
}
