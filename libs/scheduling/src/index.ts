export type { Batch, ChangedRun } from './commit/batch.ts';
export type {
  AttemptEndRow,
  ClaimRow,
  NewRun,
  OutboxKind,
  OutboxRow,
  StoredOutboxRow,
} from './commit/rows.ts';
export { lastSequence } from './events/run-event.ts';
export type {
  EventBatch,
  RecordedEvents,
  RunChangeEvent,
  RunEvent,
  RunFacts,
  TaskEvent,
  TaskFacts,
} from './events/run-event.ts';
export { LANES, rankAt } from './lane.ts';
export type { Lane } from './lane.ts';
export type {
  Chance,
  Demand,
  ExpiredLease,
  Hint,
  LeaseVerdict,
  Locked,
  Log,
  OutboxWish,
  Publisher,
  ReadyAttempt,
  Renewal,
  RunStore,
  RunTransaction,
  StopNote,
  Supply,
  Timers,
} from './ports.ts';
export { toRunPlan } from './runs/run-plan.ts';
export type { PlanOf, RunPlan } from './runs/run-plan.ts';
export { countRowsLoaded, countTasks } from './runs/run-record.ts';
export type { LastEnd, RunRecord, TaskCounts, TaskDetail } from './runs/run-record.ts';
export { attemptTraceparent, taskTraceparent } from './runs/traceparents.ts';
