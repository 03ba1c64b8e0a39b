export { decide } from './decide.ts';
export type { GraphTask, Lane, RunGraph, TaskPolicy } from './graph.ts';
export type { Applied, Command, Decision, Input, Outcome, Refusal, World } from './input.ts';
export { CANCEL_DEADLINE_MS, LOSSES_MAX, TIMEOUT_GRACE_MS } from './limits.ts';
export { openDraft } from './run-draft.ts';
export type { RunDraft } from './run-draft.ts';
export { newRunState, reviveRunState } from './state.ts';
export type {
  AttemptEnd,
  Cancel,
  EpochMs,
  Failure,
  RunHead,
  RunState,
  StoredRun,
  StoredTask,
  TaskState,
} from './state.ts';
export { isRunEnded, isTaskEnded, RUN_STATUSES, TASK_STATUSES } from './status.ts';
export type { RunStatus, StatusCounts, TaskStatus } from './status.ts';
export { wakeAt } from './wake-at.ts';
