/**
 * The spans of a run as far as Floe keeps them itself: the run, its tasks, their attempts. They are those that are
 * exported once the run has ended, and here they stand while it goes on.
 *
 * 1. A span lies below its parent, spans beside each other in the order in which they began.
 * 2. What has not begun has no span.
 * 3. Waits are no spans but gaps before an attempt: until a slot is free, and until it is tried again.
 */
import type { Attempt, AttemptState, RunState, TaskRun, TaskState } from '@floe/client';
import type { RunModel } from '../run/run-model.ts';
import type { TimeSpan } from '../timeline/timeline-rows.ts';

export type Wait = TimeSpan & { readonly kind: 'slot' | 'again' };

export type TraceSpan = TimeSpan & {
  readonly kind: 'run' | 'task' | 'attempt';
  readonly name: string;
  /** Of a task or an attempt. */
  readonly taskId: string;
  /** Of an attempt, from 1. */
  readonly attempt: number;
  readonly state: RunState | TaskState | AttemptState;
  readonly waits: readonly Wait[];
  readonly childCount: number;
  /** The attempt that this one links to, as it came after it; 0 for none. */
  readonly after: number;
};

/** All spans whose parents are open; `isOpen` is asked for tasks. */
export function traceSpans(
  { run, tasks }: RunModel,
  nowMs: number,
  isOpen: (task: TaskRun) => boolean,
): readonly TraceSpan[] {
  const startMs = timeOf(run.createTime) ?? nowMs;
  const begun = tasks
    .flatMap((task) => {
      const span = taskSpan(task, nowMs);
      return span === undefined ? [] : [{ task, span }];
    })
    .toSorted((a, b) => a.span.startMs - b.span.startMs);
  const root: TraceSpan = {
    ...PLAIN,
    kind: 'run',
    name: run.workflowName,
    state: run.state,
    startMs,
    endMs: timeOf(run.endTime) ?? nowMs,
    childCount: begun.length,
  };
  return [
    root,
    ...begun.flatMap(({ task, span }) =>
      isOpen(task) ? [span, ...attemptSpans(task, nowMs)] : [span],
    ),
  ];
}

const PLAIN = { taskId: '', attempt: 0, waits: [], childCount: 0, after: 0 } as const;

function taskSpan(task: TaskRun, nowMs: number): TraceSpan | undefined {
  const { taskId, state, startTime, readyTime, endTime, attempts } = task;
  const starts = [startTime, readyTime, attempts[0]?.readyTime, endTime].flatMap(
    (time) => timeOf(time) ?? [],
  );
  if (starts.length === 0) return undefined;
  return {
    ...PLAIN,
    kind: 'task',
    name: taskId,
    taskId,
    state,
    startMs: Math.min(...starts),
    endMs: timeOf(endTime) ?? nowMs,
    childCount: attempts.length,
  };
}

function attemptSpans(task: TaskRun, nowMs: number): readonly TraceSpan[] {
  return task.attempts.map((attempt, index) => {
    const before = task.attempts[index - 1];
    const waits = waitsOf({ attempt, before, nowMs });
    const endMs = timeOf(attempt.endTime) ?? nowMs;
    return {
      ...PLAIN,
      kind: 'attempt',
      name: `attempt ${attempt.number}`,
      taskId: task.taskId,
      attempt: attempt.number,
      state: attempt.state,
      startMs: timeOf(attempt.claimTime) ?? endMs,
      endMs,
      waits,
      after: before?.number ?? 0,
    };
  });
}

type Pair = {
  readonly attempt: Attempt;
  readonly before: Attempt | undefined;
  readonly nowMs: number;
};

function waitsOf({ attempt, before, nowMs }: Pair): readonly Wait[] {
  const readyMs = timeOf(attempt.readyTime);
  if (readyMs === undefined) return [];
  const claimMs = timeOf(attempt.claimTime) ?? timeOf(attempt.endTime) ?? nowMs;
  const beforeMs = timeOf(before?.endTime);
  const again: Wait | undefined =
    beforeMs === undefined ? undefined : { kind: 'again', startMs: beforeMs, endMs: readyMs };
  const slot: Wait = { kind: 'slot', startMs: readyMs, endMs: claimMs };
  // Attempts of items and partitions run beside each other: there is nothing between them.
  return [again, slot].filter((wait) => wait !== undefined && wait.endMs > wait.startMs) as Wait[];
}

function timeOf(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time);
}

export const lengthOf = ({ startMs, endMs }: TimeSpan): number => endMs - startMs;

/** How long an attempt waited before it began. */
export function waitedMs({ waits }: TraceSpan): number {
  return waits.reduce((sum, wait) => sum + lengthOf(wait), 0);
}

/** From the first to the last instant of all, never empty. */
export function wholeOf(spans: readonly TraceSpan[]): TimeSpan {
  let startMs = Infinity;
  let endMs = -Infinity;
  for (const span of spans) {
    startMs = Math.min(startMs, span.startMs, span.waits[0]?.startMs ?? Infinity);
    endMs = Math.max(endMs, span.endMs);
  }
  return { startMs, endMs: Math.max(endMs, startMs + 1) };
}
