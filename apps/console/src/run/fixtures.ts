import type { Run, RunState, TaskRun, TaskState } from '@floe/client';

/** A run for tests. */
export function someRun(state: RunState, sequence: string): Run {
  return {
    runId: 'run-1',
    workflowName: 'late-flights',
    workflowVersion: 1,
    state,
    trigger: 'TRIGGER_KIND_MANUAL',
    rowsLoaded: '0',
    traceId: '',
    traceUrl: '',
    sequence,
    generation: 1,
    retryOfRunId: '',
    parentRunId: '',
  };
}

/** A task run for tests. */
export function someTask(
  taskId: string,
  state: TaskState,
  upstream: readonly string[] = [],
): TaskRun {
  return {
    runId: 'run-1',
    taskId,
    type: 'noop',
    state,
    upstreamTaskIds: upstream,
    attemptCount: 1,
    recomputeCount: 0,
    cachedFromRunId: '',
    rows: '0',
    bytes: '0',
    peakMemoryBytes: '0',
    attempts: [],
    rowsUncounted: false,
  };
}
