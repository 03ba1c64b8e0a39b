export { decide } from './decide.ts';
export type { Command, Decision, Input, Outcome, Refusal, World } from './input.ts';
export { CANCEL_DEADLINE_MS, LOSSES_MAX, TIMEOUT_GRACE_MS } from './limits.ts';
export { isRunEnded, isTaskEnded, newRunState } from './state.ts';
export type {
  AttemptEnd,
  Cancel,
  EpochMs,
  Failure,
  GraphTask,
  RunGraph,
  RunState,
  RunStatus,
  TaskPolicy,
  TaskState,
  TaskStatus,
} from './state.ts';
export { wakeAt } from './wake-at.ts';
