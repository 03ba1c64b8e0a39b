import type { Run } from '@floe/client';
import { floe } from '../api.ts';
import { lateSchedules, openFailures, waitingTasks } from './attention.ts';
import type { Attention, OpenTask } from './attention.ts';
import { serverNow } from '../server-clock.ts';

export type OverviewFacts = {
  readonly attention: readonly Attention[];
  /** The last runs of a week, newest first. */
  readonly runs: readonly Run[];
};

const WEEK_MS = 7 * 24 * 3_600_000;
// The most that the API gives at once: enough for bars and failures of some dozen workflows.
const RUNS_MAX = 500;
// Who waits longest is asked first; more open runs than that are a number in the strip above.
const OPEN_RUNS_MAX = 8;
const TASKS_MAX = 200;
const SCHEDULES_MAX = 500;

/** What happened in a week, and what of it needs a person. */
export async function loadOverview(): Promise<OverviewFacts> {
  const nowMs = serverNow();
  const fromTime = new Date(nowMs - WEEK_MS).toISOString();
  const [{ runs }, { schedules }, tasks] = await Promise.all([
    floe.listRuns({ pageSize: RUNS_MAX, fromTime }),
    floe.listSchedules({ pageSize: SCHEDULES_MAX }),
    loadOpenTasks(),
  ]);
  const attention = [
    ...waitingTasks(tasks),
    ...lateSchedules(schedules, nowMs),
    ...openFailures(runs),
  ];
  return { attention, runs };
}

async function loadOpenTasks(): Promise<readonly OpenTask[]> {
  const states = ['RUN_STATE_RUNNING', 'RUN_STATE_QUEUED'] as const;
  const { runs } = await floe.listRuns({ states, pageSize: RUNS_MAX });
  const oldest = runs.slice(-OPEN_RUNS_MAX);
  const pages = await Promise.all(
    oldest.map(async ({ runId, workflowName }) => {
      const { taskRuns } = await floe.listTaskRuns(runId, { pageSize: TASKS_MAX });
      return taskRuns.map((task) => ({ task, workflowName }));
    }),
  );
  return pages.flat();
}
