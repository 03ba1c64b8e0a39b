/** What every task did when: each attempt waited, then ran. */
import type { AttemptState, TaskRun } from '@floe/client';

export type Segment = {
  readonly kind: 'queue' | 'run';
  readonly attempt: number;
  readonly state: AttemptState;
  readonly startMs: number;
  readonly endMs: number;
};

export type TimelineRow = { readonly task: TaskRun; readonly segments: readonly Segment[] };

/** The rows in the order in which tasks became ready; those that never did come last, as the workflow has them. */
export function timelineRows(tasks: readonly TaskRun[], nowMs: number): readonly TimelineRow[] {
  const rows = tasks.map((task) => ({
    task,
    segments: task.attempts.flatMap((attempt): readonly Segment[] => {
      const { number, state, readyTime, claimTime, endTime } = attempt;
      if (readyTime === undefined) return [];
      const end = endTime === undefined ? nowMs : Date.parse(endTime);
      const claim = claimTime === undefined ? end : Date.parse(claimTime);
      const shared = { attempt: number, state };
      const queue = {
        ...shared,
        kind: 'queue',
        startMs: Date.parse(readyTime),
        endMs: claim,
      } as const;
      if (claimTime === undefined) return [queue];
      return [queue, { ...shared, kind: 'run', startMs: claim, endMs: end }];
    }),
  }));
  const startOf = (row: TimelineRow) => row.segments[0]?.startMs ?? Infinity;
  return rows.toSorted((a, b) => Math.sign(startOf(a) - startOf(b)) || 0);
}

export type TimeSpan = { readonly startMs: number; readonly endMs: number };

/** From the first to the last instant of all, never empty. */
export function spanOf(rows: readonly TimelineRow[], createMs: number, nowMs: number): TimeSpan {
  let endMs = createMs + 1;
  for (const { segments } of rows) {
    for (const segment of segments) endMs = Math.max(endMs, segment.endMs);
  }
  return { startMs: createMs, endMs: Number.isFinite(endMs) ? endMs : nowMs };
}

// So that it can be seen where the attempt begins and ends.
const MARGIN = 0.05;

/** From the wait to the end of one attempt and a little around it; undefined where there is none such. */
export function spanOfAttempt(
  rows: readonly TimelineRow[],
  { taskId, attempt }: { readonly taskId: string; readonly attempt: number },
): TimeSpan | undefined {
  const segments = rows.find(({ task }) => task.taskId === taskId)?.segments ?? [];
  const own = segments.filter((segment) => segment.attempt === attempt);
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const margin = Math.max(1, (last.endMs - first.startMs) * MARGIN);
  return { startMs: first.startMs - margin, endMs: last.endMs + margin };
}

// About that many marks can be read beside each other.
const TICKS = 6;
const STEPS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1.5e4, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5,
  18e5, 36e5, 72e5, 216e5, 432e5, 864e5,
];

/** Round distances from the start at which a line helps. */
export function ticksOf({ startMs, endMs }: TimeSpan): readonly number[] {
  const length = endMs - startMs;
  const step = STEPS_MS.find((one) => length / one <= TICKS) ?? length / TICKS;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step);
}
