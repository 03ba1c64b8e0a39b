/**
 * The numbers of a run and of its tasks, worked out from the rows that the scheduler keeps anyway. The names that the
 * service before Floe used stay: total_rows_processed, total_execution_time, total_nodes_executed,
 * node_rows_processed, node_execution_time.
 */
export type RunTotals = {
  readonly createdAt: number;
  readonly endedAt: number | null;
  readonly rows: number;
  readonly bytes: number;
  readonly peakMemoryBytes: number;
  readonly executedTasks: number;
  readonly attempts: number;
};

export type TaskNumbers = {
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly readyAt: number | null;
  readonly rows: number;
  readonly bytes: number;
  readonly peakMemoryBytes: number;
  readonly attempts: number;
};

export type NamedNumber = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly type: 'performance' | 'resource_usage';
  /** When it became what it is. */
  readonly at: number;
};

/** In the order of their names. */
export function metricsOfRun(run: RunTotals, now: number): NamedNumber[] {
  const at = run.endedAt ?? now;
  return [
    { name: 'attempt_count', value: run.attempts, unit: 'attempts', type: 'performance', at },
    { name: 'peak_memory', value: run.peakMemoryBytes, unit: 'bytes', type: 'resource_usage', at },
    { name: 'total_bytes_processed', value: run.bytes, unit: 'bytes', type: 'resource_usage', at },
    {
      name: 'total_execution_time',
      value: seconds(run.createdAt, at),
      unit: 'seconds',
      type: 'performance',
      at,
    },
    {
      name: 'total_nodes_executed',
      value: run.executedTasks,
      unit: 'tasks',
      type: 'performance',
      at,
    },
    { name: 'total_rows_processed', value: run.rows, unit: 'rows', type: 'performance', at },
  ];
}

/** In the order of their names; none for a task that nobody has begun. */
export function metricsOfTask(task: TaskNumbers, now: number): NamedNumber[] {
  if (task.startedAt === null) return [];
  const at = task.endedAt ?? now;
  const numbers: NamedNumber[] = [
    { name: 'node_attempt_count', value: task.attempts, unit: 'attempts', type: 'performance', at },
    { name: 'node_bytes', value: task.bytes, unit: 'bytes', type: 'resource_usage', at },
    {
      name: 'node_execution_time',
      value: seconds(task.startedAt, at),
      unit: 'seconds',
      type: 'performance',
      at,
    },
    {
      name: 'node_peak_memory',
      value: task.peakMemoryBytes,
      unit: 'bytes',
      type: 'resource_usage',
      at,
    },
    { name: 'node_rows_processed', value: task.rows, unit: 'rows', type: 'performance', at },
  ];
  if (task.readyAt !== null && task.readyAt <= task.startedAt) {
    const value = seconds(task.readyAt, task.startedAt);
    numbers.splice(4, 0, {
      name: 'node_queue_time',
      value,
      unit: 'seconds',
      type: 'performance',
      at,
    });
  }
  return numbers;
}

/** Clocks of two machines may disagree: never below 0. */
function seconds(from: number, to: number): number {
  return Math.max(0, to - from) / 1_000;
}
