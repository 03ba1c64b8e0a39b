import type { MakeChecker } from './checker.ts';

// What a word may take to come, the look for it, and the kill, on an executor that was frozen until everything was mended.
const ENDS_WITHIN_MS = 4_000;
// A word that was held up by a frozen executor or worker was not told in time.
const CALM_BEFORE_MS = 8_000;

/** Work that says nothing is ended well before its timeout, and work that says how far it is goes on. */
export const stalledWorkEnds: MakeChecker = ({
  stalled,
  mendedForMs,
  wholeForMs,
  runningWork,
}) => ({
  name: 'stalled-work-ends',
  promise: 'P6: work that makes no progress is ended, and only that',
  onLook(fail) {
    if (mendedForMs() < ENDS_WITHIN_MS) return;
    for (const { worker, work } of runningWork())
      if (stalled.has(`${work.runId}/${work.taskId}/${work.epoch}`))
        fail(`${worker} makes no progress, and still runs`);
  },
  onCommit({ batch }, fail) {
    if (wholeForMs() < CALM_BEFORE_MS) return;
    for (const { record, tasks } of batch.runs)
      for (const task of tasks) {
        const { failure, epoch, endedAt } = record.state.tasks[task]!;
        if (failure?.code !== 'PROGRESS_TIMEOUT' || endedAt === undefined) continue;
        const { id } = record.plan.graph.tasks[task]!;
        if (!stalled.has(`${record.runId}/${id}/${epoch}`))
          fail(`${record.runId}/${id} epoch ${epoch} was ended as stalled, and made progress`);
      }
  },
});
