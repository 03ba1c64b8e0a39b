/**
 * What following schedules and backfills needs of the control database. Times are those of its own clock; instants are
 * milliseconds since 1970.
 */
import type { Schedule, SlotDecision } from '@floe/schedule';

/** A schedule whose definition is newer than the one that is followed. */
export type ChangedSchedule = {
  readonly scheduleId: string;
  readonly revision: number;
  readonly definition: Schedule;
  readonly isActive: boolean;
  readonly changedAt: number;
  readonly followedDefinition: Schedule;
  readonly wasActive: boolean;
  readonly cursorAt: number;
};

export type FollowedDefinition = {
  readonly scheduleId: string;
  readonly revision: number;
  readonly definition: Schedule;
  readonly isActive: boolean;
  readonly cursorAt: number;
  /** When to look again; absent: never. */
  readonly lookAt?: number;
};

export type DueSchedule = {
  readonly scheduleId: string;
  readonly definition: Schedule;
  readonly cursorAt: number;
  /** The slots of a schedule begin in their order, so none may begin before this. */
  readonly lastStartAt: number;
};

export type NewSlot = {
  readonly scheduleId: string;
  readonly slot: number;
  readonly state: 'pending' | 'missed';
  readonly dueAt: number;
  readonly startAt: number;
  readonly reason: string;
};

export type AdvancedSchedule = {
  readonly scheduleId: string;
  readonly cursorAt: number;
  readonly lookAt?: number;
  readonly lastStartAt: number;
};

/** A schedule that this scheduler decides about, with its due slots and the runs that go on. */
export type ClaimedSchedule = {
  readonly scheduleId: string;
  readonly workflowName: string;
  readonly definition: Schedule;
  readonly due: readonly number[];
  readonly activeRuns: readonly string[];
};

export type SlotChange = SlotDecision & {
  readonly scheduleId: string;
  /** Of a slot that fires: only the run of this request id can take it. */
  readonly requestId?: string;
};

/** A backfill that has not ended. */
export type OpenBackfill = {
  readonly backfillId: string;
  readonly scheduleId: string;
  readonly workflowName: string;
  /** As it was when the backfill began. */
  readonly definition: Schedule;
  readonly state: 'running' | 'paused' | 'cancelling';
  readonly onlyMissing: boolean;
  readonly maxActive: number;
  /** Slots before this have been reached. */
  readonly cursorAt: number;
  readonly toAt: number;
};

/** A slot of a backfill that is under way, or about to be. */
export type OpenSlot = {
  readonly slot: number;
  readonly state: 'pending' | 'started';
  readonly runId?: string;
  /** A scheduler is about to start its run. */
  readonly isRequested: boolean;
};

/** `isPresent`: left out, because it has a run that succeeded. */
export type ReachedSlot = { readonly slot: number; readonly isPresent: boolean };

export type SlotRequest = { readonly slot: number; readonly requestId: string };

/** One transaction. What it locks nobody else looks at until it ends. */
export type ScheduleTransaction = {
  /** Schedules whose definition changed, but those that another scheduler sees to at this moment. */
  lockChangedSchedules(limit: number): Promise<readonly ChangedSchedule[]>;
  /** Follows the new definitions. The slots that wait of a schedule that is paused or gone begin no more. */
  writeFollowed(rows: readonly FollowedDefinition[]): Promise<void>;
  /** Active schedules that are due for a look, the most overdue first, but those that another scheduler looks at. */
  lockDueSchedules(
    limit: number,
  ): Promise<{ readonly schedules: readonly DueSchedule[]; readonly now: number }>;
  /** How far ahead of now turns have been given out. */
  paceAheadMs(): Promise<number>;
  /** Takes this many turns of catch-up; gives the first. */
  takeTurns(count: number): Promise<number>;
  /** Adds slots to the ledger. A slot that is there already stays as it is. */
  insertSlots(slots: readonly NewSlot[]): Promise<void>;
  advanceSchedules(rows: readonly AdvancedSchedule[]): Promise<void>;

  /** Undefined when it has ended, or another scheduler sees to it at this moment. */
  lockBackfill(backfillId: string): Promise<OpenBackfill | undefined>;
  /** Takes over how runs of a backfill ended, slot by slot. */
  settleBackfillSlots(backfillId: string): Promise<void>;
  openBackfillSlots(backfillId: string): Promise<readonly OpenSlot[]>;
  /** Which of the slots have a run of the schedule, or of a backfill of it, that succeeded. */
  findPresentSlots(scheduleId: string, slots: readonly number[]): Promise<ReadonlySet<number>>;
  /** Gives the slots that a backfill has come to a row each, and moves its cursor behind the last. */
  reachSlots(backfill: OpenBackfill, reached: readonly ReachedSlot[]): Promise<void>;
  /** Says with which request ids the runs of these slots will come. */
  requestSlots(backfillId: string, requests: readonly SlotRequest[]): Promise<void>;
  /** Slots that wait begin no more: nobody can take them without their request id. */
  cancelPendingSlots(backfillId: string): Promise<void>;
  /** How many of its slots ended badly. */
  countBadSlots(backfillId: string): Promise<number>;
  endBackfill(backfillId: string, state: 'succeeded' | 'failed' | 'cancelled'): Promise<void>;
};

export type ScheduleStore = {
  transaction<Result>(work: (tx: ScheduleTransaction) => Promise<Result>): Promise<Result>;

  /** True when no more runs may be accepted at present. */
  isFull(): Promise<boolean>;
  /**
   * Claims schedules that have slots to begin, the longest waiting first. A claim keeps other schedulers away for a
   * while; that nothing is done twice does not depend on it.
   */
  claimSchedules(claim: string): Promise<readonly ClaimedSchedule[]>;
  /**
   * Stores what was decided, as far as the claim still holds, and of a schedule only while all of its slots
   * wait. Gives the request ids of the slots that fire. A slot that waits loses the request id that an earlier holder may
   * have given it.
   */
  storeDecisions(claim: string, changes: readonly SlotChange[]): Promise<ReadonlySet<string>>;
  /** Ends a slot whose run cannot be made. */
  missSlot(requestId: string, reason: string): Promise<void>;
  releaseSchedules(claim: string): Promise<void>;
  /** Notes which runs of slots have ended. True when there may be more. */
  settleSlots(limit: number): Promise<boolean>;

  /** Backfills that have not ended, the oldest first. */
  openBackfills(limit: number): Promise<readonly string[]>;
  /** A slot whose run cannot be made has failed. */
  failBackfillSlot(
    slot: SlotRequest & { readonly backfillId: string; readonly reason: string },
  ): Promise<void>;
};
