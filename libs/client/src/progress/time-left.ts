/**
 * How far a run is and about how long it has still to go. Pure: the time is an argument.
 *
 *   T1. A task goes by what it has done of what it has to do, where both are known: items, or rows at the speed of now.
 *       Else by the time that it took last, until it takes longer.
 *   T2. A run goes by the longest way through what is left of it. Where some task on it is not known, by how long runs of
 *       its workflow usually take.
 *   T3. What nobody can say is not said: past what was expected, while a run is paused, while it waits for a person.
 */
import type { Run, TaskRun, TaskState } from '../run-types.ts';
import type { PastRuns } from './past-runs.ts';

export type RunProgress = {
  readonly run: Run;
  readonly tasks: ReadonlyMap<string, TaskRun>;
  readonly past?: PastRuns;
};

/** Of a task that runs: how much of it is done, from 0 to 1, and how long the rest takes; what nobody can say is absent. */
export type TaskLeft = { readonly done?: number; readonly ms?: number };

// Progress of fewer rows says more about the start of a task than about its speed.
const ROWS_TO_GO_BY = 1_000;

const TAKES_ALL_ROWS: readonly string[] = ['postgres_load', 'file_load'];

/** T1 */
export function taskLeft(task: TaskRun, progress: RunProgress, nowMs: number): TaskLeft {
  if (task.state !== 'TASK_STATE_RUNNING' || task.startTime === undefined) return {};
  const { done, of, sinceMs } = amounts(task, progress);
  if (done > 0 && of !== undefined) {
    // More than expected: nothing is known any more.
    return done < of ? { done: done / of, ms: (since(sinceMs, nowMs) * (of - done)) / done } : {};
  }
  const past = progress.past?.tasks.get(task.taskId);
  const elapsed = since(Date.parse(task.startTime), nowMs);
  const isUnlike = past === undefined || Number(task.rows) > 0 || elapsed >= past.ms;
  return isUnlike ? {} : { ms: past.ms - elapsed };
}

type Amounts = {
  readonly done: number;
  readonly of?: number | undefined;
  /** When the first of it was begun. */
  readonly sinceMs: number;
};

function amounts(task: TaskRun, progress: RunProgress): Amounts {
  const { items, startTime = '', attempts } = task;
  const sinceMs = Date.parse(startTime);
  if (items !== undefined) {
    // Some of a run that does another again were done in that, in nobody knows what time.
    const isAgain = progress.run.retryOfRunId !== '';
    return { done: items.succeeded + items.failed, of: isAgain ? undefined : items.total, sinceMs };
  }
  const rows = Number(task.rows);
  const claimed = attempts.at(-1)?.claimTime;
  return {
    done: rows < ROWS_TO_GO_BY ? 0 : rows,
    of: expectedRows(task, progress),
    // The rows are those of the newest attempt.
    sinceMs: claimed === undefined ? sinceMs : Date.parse(claimed),
  };
}

/** A load takes the rows that its task has made; of others the last run knows. */
function expectedRows(
  { type, taskId, upstreamTaskIds }: TaskRun,
  { tasks, past }: RunProgress,
): number | undefined {
  const [upstreamId = '', ...others] = upstreamTaskIds;
  const upstream = tasks.get(upstreamId);
  const isKnown = upstream?.state === 'TASK_STATE_SUCCEEDED' && !upstream.rowsUncounted;
  if (TAKES_ALL_ROWS.includes(type) && others.length === 0 && isKnown) return Number(upstream.rows);
  return past?.tasks.get(taskId)?.rows;
}

/** T2, T3 */
export function runLeftMs(progress: RunProgress, nowMs: number): number | undefined {
  const { run, tasks, past } = progress;
  const goesOn = run.state === 'RUN_STATE_RUNNING' || run.state === 'RUN_STATE_QUEUED';
  if (run.endTime !== undefined || !goesOn) return undefined;
  let longest = 0;
  const untilEnd = new Map<string, number>();
  // A workflow lists its tasks as people write them; `chain` goes behind what each waits for.
  for (const task of tasks.values()) {
    if (task.type === 'approval' && !hasEnded(task)) return undefined;
    longest = Math.max(longest, chain(task, { progress, nowMs, untilEnd }));
  }
  if (!Number.isNaN(longest)) return longest > 0 ? longest : undefined;
  // What it has kept of another run takes no time again.
  return run.retryOfRunId === '' ? usualLeft(run, past?.usualMs, nowMs) : undefined;
}

function usualLeft(
  { createTime }: Run,
  usualMs: number | undefined,
  nowMs: number,
): number | undefined {
  if (createTime === undefined || usualMs === undefined) return undefined;
  const left = usualMs - since(Date.parse(createTime), nowMs);
  return left > 0 ? left : undefined;
}

type Walk = {
  readonly progress: RunProgress;
  readonly nowMs: number;
  readonly untilEnd: Map<string, number>;
};

/** From now to the end of this task; NaN where nobody can say. */
function chain(task: TaskRun, walk: Walk): number {
  const { tasks } = walk.progress;
  const stack = [task];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const waitsFor = hasEnded(top) ? [] : top.upstreamTaskIds;
    const missing = waitsFor.find((id) => !walk.untilEnd.has(id) && tasks.has(id));
    if (missing !== undefined) {
      stack.push(tasks.get(missing)!);
      continue;
    }
    stack.pop();
    walk.untilEnd.set(top.taskId, untilEndOf(top, walk));
  }
  return walk.untilEnd.get(task.taskId) ?? 0;
}

function untilEndOf(task: TaskRun, { progress, nowMs, untilEnd }: Walk): number {
  if (hasEnded(task)) return 0;
  const waits = task.upstreamTaskIds.map((id) => untilEnd.get(id) ?? 0);
  return Math.max(0, ...waits) + ownMs(task, progress, nowMs);
}

function ownMs(task: TaskRun, progress: RunProgress, nowMs: number): number {
  const past = progress.past?.tasks.get(task.taskId)?.ms ?? NaN;
  if (task.state !== 'TASK_STATE_RUNNING') return past;
  // One that takes longer than it took is about to end, for all that is known.
  return taskLeft(task, progress, nowMs).ms ?? (Number.isNaN(past) ? NaN : 0);
}

const GOES_ON: readonly TaskState[] = [
  'TASK_STATE_PENDING',
  'TASK_STATE_READY',
  'TASK_STATE_RUNNING',
  'TASK_STATE_RETRYING',
];

function hasEnded({ state }: TaskRun): boolean {
  return !GOES_ON.includes(state);
}

function since(fromMs: number, nowMs: number): number {
  return Math.max(0, nowMs - fromMs);
}
