import type { Run, TaskRun } from '@floe/client';
import { floe } from '../api.ts';
import { useNow } from '../clock.ts';
import { formatDuration } from '../format/duration.ts';
import { formatRate } from '../format/quantity.ts';
import { useAnswer } from '../use-answer.ts';
import { itemsLeftMs, rowsPerSecond, runLeftMs } from './progress.ts';

/** About how long a run has still to go, by how long runs of its workflow take. */
export function RunTimeLeft({ run }: { readonly run: Run }) {
  const { workflowName } = run;
  const usual = useAnswer({
    key: `usual ${workflowName}`,
    call: async () =>
      Number((await floe.getWorkflowReport(workflowName)).durationP50Ms) || undefined,
  }).value;
  return <Left ms={runLeftMs(run, usual, useNow('live'))} />;
}

/** About how long the items of a task have still to go. */
export function ItemsTimeLeft({ task }: { readonly task: TaskRun }) {
  return <Left ms={itemsLeftMs(task, useNow(task.endTime === undefined ? 'live' : 'still'))} />;
}

function Left({ ms }: { readonly ms: number | undefined }) {
  return ms === undefined ? null : <span className="muted">about {formatDuration(ms)} left</span>;
}

/** Rows for each second, as long as the task runs or as it ran. Empty where that cannot be said. */
export function Rate({ task }: { readonly task: TaskRun }) {
  const rate = rowsPerSecond(task, useNow(task.endTime === undefined ? 'live' : 'still'));
  return rate === undefined ? null : <span title="Rows for each second">{formatRate(rate)}</span>;
}
