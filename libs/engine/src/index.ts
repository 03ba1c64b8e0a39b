export { decide } from './decide.ts';
export { TRIGGERS } from './graph.ts';
export type {
  GraphTask,
  ItemSource,
  Lane,
  RunGraph,
  TaskPolicy,
  Trigger,
  Work,
  WorkKind,
} from './graph.ts';
export type {
  Applied,
  ApprovalAnswer,
  ChildEnd,
  Command,
  Decision,
  FailedItem,
  Input,
  InputType,
  Outcome,
  Refusal,
  World,
} from './input.ts';
export { listParameter } from './items/item-source.ts';
export type { Chunk, ItemFailure, ItemsState, LiveChunk } from './items/items-state.ts';
export { formatRanges, parseRanges } from './items/ranges.ts';
export {
  CANCEL_DEADLINE_MS,
  CANCEL_GRACE_MS_MAX,
  ITEMS_MAX,
  LOSSES_MAX,
  RECOMPUTES_MAX,
  TIMEOUT_GRACE_MS,
  VOID_WITHIN_MS,
} from './limits.ts';
export { retriedRunState } from './retry-run.ts';
export type { RetriedRun, RetryFrom } from './retry-run.ts';
export { openDraft } from './run-draft.ts';
export type { RunDraft } from './run-draft.ts';
export { newRunState, reviveRunState } from './new-run-state.ts';
export type {
  AttemptEnd,
  Cancel,
  CancelCause,
  RunHead,
  RunState,
  StoredRun,
  StoredTask,
  TaskState,
  Voiding,
} from './state.ts';
export type { NewRunOptions } from './new-run-state.ts';
export type { Failure } from './failure.ts';
export type { EpochMs } from './epoch-ms.ts';
export { isRunEnded, isTaskEnded, RUN_STATUSES, TASK_STATUSES } from './status.ts';
export type { RunStatus, StatusCounts, TaskStatus } from './status.ts';
export { wakeAt } from './wake-at.ts';
