export { Attempt } from './attempt.ts';
export { backoffMs } from './clock.ts';
export type { Clock, Random } from './clock.ts';
export { decideOutcome, describeStop, describeUse } from './decide-outcome.ts';
export { Execution } from './execution.ts';
export type { ExecutionPorts, ExecutionState } from './execution.ts';
export type { Hint, HintSource } from './hint-source.ts';
export { LANES, NO_CAPACITY } from './lane.ts';
export type { Capacity, Lane } from './lane.ts';
export type { Log } from './log.ts';
export type {
  AttemptFailure,
  AttemptResult,
  FailedItem,
  FailureCause,
  FollowerOutcome,
  Outcome,
  Settlement,
} from './outcome.ts';
export type {
  AttemptName,
  ExchangeAnswer,
  ExchangeRequest,
  OfferCall,
  OfferWait,
  Finish,
  Lease,
  LeaseProof,
  Progress,
  Renewal,
  Scheduler,
  Verdict,
} from './scheduler.ts';
export type { RunningWork, StopReason, WorkEnd, WorkListener, Worker } from './worker.ts';
