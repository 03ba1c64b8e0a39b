import type { TaskRun } from '@floe/client';
import { hasTaskEnded } from '../render/states.ts';
import { elapsedMs, type RunView } from './run-view.ts';

/** Of a task that runs: how much of it is done, from 0 to 1, and how long the rest takes; what nobody can say is absent. */
export type TaskLeft = { readonly done?: number; readonly ms?: number };

// Progress of fewer rows says more about the start of a task than about its speed.
const ROWS_TO_GO_BY = 1_000;

/** How far a running task is: by its rows where somebody knows how many they will be, else by the time it took last. */
export function taskLeft(task: TaskRun, view: RunView, now: number): TaskLeft {
  const elapsed = elapsedMs(task, now);
  if (task.state !== 'TASK_STATE_RUNNING' || elapsed === undefined) return {};
  const rows = Number(task.rows);
  const expected = expectedRows(task, view);
  // More rows than expected: nothing is known any more.
  if (expected !== undefined && rows >= ROWS_TO_GO_BY && rows < expected) {
    return { done: rows / expected, ms: (elapsed * (expected - rows)) / rows };
  }
  const past = view.past?.get(task.taskId);
  return past !== undefined && rows === 0 && elapsed < past.ms ? { ms: past.ms - elapsed } : {};
}

const TAKES_ALL_ROWS: readonly string[] = ['postgres_load', 'file_load'];

/** A load takes the rows that its task has made; of others the last run knows. */
function expectedRows({ type, taskId, upstreamTaskIds }: TaskRun, view: RunView) {
  const [upstreamId = '', ...others] = upstreamTaskIds;
  const upstream = view.tasks.get(upstreamId);
  const isKnown = upstream?.state === 'TASK_STATE_SUCCEEDED' && !upstream.rowsUncounted;
  if (TAKES_ALL_ROWS.includes(type) && others.length === 0 && isKnown) return Number(upstream.rows);
  return view.past?.get(taskId)?.rows;
}

/** About how long the run has still to go: the longest way through what is left of it; undefined where nobody can say. */
export function leftMs(view: RunView, now: number): number | undefined {
  if (view.run.endTime !== undefined) return undefined;
  const untilEnd = new Map<string, number>();
  let longest = 0;
  // A workflow lists its tasks as people write them; `chain` goes behind what each waits for.
  for (const task of view.tasks.values()) {
    const ms = chain(task, { view, now, untilEnd });
    if (Number.isNaN(ms)) return undefined;
    longest = Math.max(longest, ms);
  }
  // Past what was expected, all that can be said is that it takes longer.
  return longest > 0 ? longest : undefined;
}

type Walk = {
  readonly view: RunView;
  readonly now: number;
  readonly untilEnd: Map<string, number>;
};

/** From now to the end of this task; NaN where nobody can say. */
function chain(task: TaskRun, walk: Walk): number {
  const stack = [task];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const missing = hasTaskEnded(top.state) ? undefined : unseenUpstream(top, walk);
    if (missing !== undefined) {
      stack.push(missing);
      continue;
    }
    stack.pop();
    walk.untilEnd.set(top.taskId, endOf(top, walk));
  }
  return walk.untilEnd.get(task.taskId) ?? 0;
}

function unseenUpstream({ upstreamTaskIds }: TaskRun, { view, untilEnd }: Walk) {
  const unseen = upstreamTaskIds.find((id) => !untilEnd.has(id) && view.tasks.has(id));
  return unseen === undefined ? undefined : view.tasks.get(unseen);
}

function endOf(task: TaskRun, { view, now, untilEnd }: Walk): number {
  if (hasTaskEnded(task.state)) return 0;
  const waits = task.upstreamTaskIds.map((id) => untilEnd.get(id) ?? 0);
  return Math.max(0, ...waits) + ownMs(task, view, now);
}

function ownMs(task: TaskRun, view: RunView, now: number): number {
  const past = view.past?.get(task.taskId)?.ms ?? NaN;
  if (task.state !== 'TASK_STATE_RUNNING') return past;
  // One that takes longer than it took is about to end, for all that is known.
  return taskLeft(task, view, now).ms ?? (Number.isNaN(past) ? NaN : 0);
}
