import { useMemo } from 'react';
import {
  readPastRuns,
  runLeftMs,
  taskLeft,
  type Run,
  type RunProgress,
  type TaskRun,
} from '@floe/client';
import { floe } from '../api.ts';
import { useNow } from '../clock.ts';
import { formatDuration } from '../format/duration.ts';
import { formatRate } from '../format/quantity.ts';
import { useAnswer } from '../use-answer.ts';
import { rowsPerSecond } from './progress.ts';

type RunTimeLeftProps = { readonly run: Run; readonly tasks: readonly TaskRun[] };

/** About how long a run has still to go. */
export function RunTimeLeft({ run, tasks }: RunTimeLeftProps) {
  return <Left ms={runLeftMs(useProgress(run, tasks), useNow('live'))} />;
}

type TaskTimeLeftProps = RunTimeLeftProps & { readonly task: TaskRun };

/** About how long a task has still to go. */
export function TaskTimeLeft({ run, tasks, task }: TaskTimeLeftProps) {
  const now = useNow(task.endTime === undefined ? 'live' : 'still');
  return <Left ms={taskLeft(task, useProgress(run, tasks), now).ms} />;
}

function useProgress(run: Run, all: readonly TaskRun[]): RunProgress {
  const { workflowName } = run;
  const past = useAnswer({
    key: `past ${workflowName}`,
    call: () => readPastRuns(floe, workflowName),
  }).value;
  const tasks = useMemo(() => new Map(all.map((task) => [task.taskId, task])), [all]);
  return { run, tasks, ...(past !== undefined && { past }) };
}

function Left({ ms }: { readonly ms: number | undefined }) {
  return ms === undefined ? null : <span className="muted">about {formatDuration(ms)} left</span>;
}

/** Rows for each second, as long as the task runs or as it ran. Empty where that cannot be said. */
export function Rate({ task }: { readonly task: TaskRun }) {
  const rate = rowsPerSecond(task, useNow(task.endTime === undefined ? 'live' : 'still'));
  return rate === undefined ? null : <span title="Rows for each second">{formatRate(rate)}</span>;
}
