import type { Schedule } from '@floe/schedule';
import type { Workflow } from '@floe/workflow';
import type { ChanceFault, PlannedFault } from '../faults/fault-kinds.ts';

export type ExecutorSpec = { readonly slots: number; readonly light: number };

/** Something that a client does to its run. */
export type Act = { readonly at: number } & (
  | { readonly type: 'cancel'; readonly graceMs: number | undefined }
  | { readonly type: 'pause' | 'resume' }
  | {
      readonly type: 'answer';
      readonly taskId: string;
      readonly approved: boolean;
      readonly by: string;
    }
);

/** A run that a client wants, and what it does to it. */
export type RunWish = {
  readonly at: number;
  readonly workflow: Workflow;
  readonly requestId: string;
  /** The same request comes a second time, from elsewhere. */
  readonly isAskedTwice: boolean;
  readonly acts: readonly Act[];
  /** How often it is run again at most, each time once it has ended. */
  readonly retries?: number;
};

/** A schedule as documents define it, one after the other, until it is paused. */
export type ScheduleWish = {
  readonly scheduleId: string;
  readonly workflow: Workflow;
  readonly definitions: readonly { readonly at: number; readonly definition: Schedule }[];
  readonly pausedAt: number;
};

/** A backfill up to when it is asked for. */
export type BackfillWish = {
  readonly at: number;
  readonly backfillId: string;
  readonly scheduleId: string;
  readonly workflowName: string;
  readonly definition: Schedule;
  readonly reachesBackMs: number;
  readonly onlyMissing: boolean;
  readonly maxActive: number;
  readonly cancelsAt?: number;
  readonly pausesAt?: number;
  readonly resumesAt?: number;
};

/** Something that goes wrong at a time, and for how long. `which` chooses among those that it can strike. */
export type PlannedStrike = {
  readonly kind: PlannedFault;
  readonly at: number;
  readonly forMs: number;
  readonly which: number;
};

/** A world and all that happens in it, drawn from a seed. */
export type Scenario = {
  readonly seed: number;
  readonly schedulers: number;
  readonly executors: readonly ExecutorSpec[];
  readonly wishes: readonly RunWish[];
  readonly rates: Readonly<Partial<Record<ChanceFault, number>>>;
  readonly planned: readonly PlannedStrike[];
  /** Workflows that tasks can start. */
  readonly library: readonly Workflow[];
  readonly schedules: readonly ScheduleWish[];
  readonly backfills: readonly BackfillWish[];
  /** The share of attempts whose work takes longer than a lease. */
  readonly longShare: number;
  /** When everything is mended. */
  readonly healAt: number;
};
