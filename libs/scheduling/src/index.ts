export type { Batch, ChangedRun } from './commit/batch.ts';
export type {
  CommitResult,
  FinishResult,
  FollowerEnd,
  SubmittedFinish,
  SubmittedInput,
} from './commit/commit-input.ts';
export type { ExchangeRequest, ExchangeResult, FinishedAttempt, Lease } from './commit/exchange.ts';
export type {
  AttemptEndRow,
  ClaimRow,
  NewRun,
  OutboxKind,
  OutboxRow,
  ResultRow,
  StoredOutboxRow,
} from './commit/rows.ts';
export { RunCommitter } from './commit/run-committer.ts';
export type { RunCommitterOptions } from './commit/run-committer.ts';
export { RunFault } from './commit/run-fault.ts';
export { eventContext, tasksOf } from './events/event-context.ts';
export { expandEvents } from './events/expand-events.ts';
export type { EventContext, EventTask, ExpandedEvent } from './events/expand-events.ts';
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
export { LANES, priorityWithin, rankAt } from './lane.ts';
export { CHILD_DEPTH_MAX, LEASE_GRACE_MS, LEASE_MS } from './limits.ts';
export type {
  Chance,
  Demand,
  ExpiredLease,
  Hint,
  KnownResult,
  LeaseVerdict,
  Locked,
  Log,
  OutboxWish,
  PlaceVerdict,
  PlaceWish,
  Publisher,
  ReadyAttempt,
  Relays,
  Ruling,
  Targets,
  UnclaimedVoid,
  Renewal,
  ResultWish,
  RunStore,
  RunTransaction,
  StopNote,
  Supply,
  Timers,
  Waiting,
} from './ports.ts';
export { CHILD_REQUEST_PREFIX, childRelays } from './runs/child-runs.ts';
export type { ChildPorts } from './runs/child-runs.ts';
export { labelsFit, labelsOfTask } from './runs/labels.ts';
export { toRunPlan } from './runs/run-plan.ts';
export type { PlanOf, RunPlan } from './runs/run-plan.ts';
export { countRowsLoaded, isOffered, laneOfTask } from './runs/run-record.ts';
export { retriedRecord } from './runs/retried-record.ts';
export type { RetriedRecord } from './runs/retried-record.ts';
export { placeOfRun, placeOfTask } from './runs/places.ts';
export type {
  Holder,
  LastEnd,
  Parent,
  RunRecord,
  StoredAnswer,
  TaskDetail,
} from './runs/run-record.ts';
export { attemptTraceparent, taskTraceparent } from './runs/traceparents.ts';
export { startScheduling } from './start-scheduling.ts';
export type { Scheduling, SchedulingPorts } from './start-scheduling.ts';
export { datasetOf, partOfDataset } from './runs/partitioned-dataset.ts';
export { startFollowing } from './schedules/follow-schedules.ts';
export {
  BACKFILLS_OPEN_MAX,
  CATCH_UPS_PER_SECOND,
  CLAIM_MS,
  CLAIMED_SCHEDULES_MAX,
  LATE_MS,
  QUEUED_SLOTS_MAX,
  WAIT_AGAIN_MS,
} from './schedules/limits.ts';
export { BACKFILL_REQUEST_PREFIX, SLOT_REQUEST_PREFIX } from './schedules/ports.ts';
export type { SchedulePorts, SlotRun } from './schedules/ports.ts';
export type {
  AdvancedSchedule,
  ChangedSchedule,
  ClaimedSchedule,
  DueSchedule,
  FollowedDefinition,
  NewSlot,
  OpenBackfill,
  OpenSlot,
  ReachedSlot,
  ScheduleStore,
  ScheduleTransaction,
  SlotChange,
  SlotRequest,
} from './schedules/schedule-store.ts';
