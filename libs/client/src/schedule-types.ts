import type { PageOptions } from './page-options.ts';
import type { JsonObject } from './json.ts';

/** What happens to a slot in an hour that the clock leaps over. */
export type DstGap = 'DST_GAP_UNSPECIFIED' | 'DST_GAP_RUN_AFTER' | 'DST_GAP_SKIP';

/** What happens to a slot in an hour that the clock shows twice. */
export type DstOverlap =
  | 'DST_OVERLAP_UNSPECIFIED'
  | 'DST_OVERLAP_FIRST'
  | 'DST_OVERLAP_LAST'
  | 'DST_OVERLAP_BOTH';

/** Schedules and backfills as the gateway writes them: 64-bit integers are text, instants RFC 3339. */
export type Schedule = {
  readonly scheduleId: string;
  readonly workflowName: string;
  readonly name: string;
  readonly description: string;
  /** Empty with an interval. */
  readonly cron: string;
  /** 0 with a cron line. */
  readonly intervalSeconds: string;
  readonly timezone: string;
  readonly overlap: OverlapPolicy;
  readonly catchupSeconds: string;
  readonly jitterSeconds: string;
  readonly dstGap: DstGap;
  readonly dstOverlap: DstOverlap;
  readonly paused: boolean;
  readonly parameters?: JsonObject;
  /** Absent while it is paused. */
  readonly nextFireTime?: string;
  readonly createTime?: string;
  readonly updateTime?: string;
};

/** What happens to a slot while a run of the schedule goes on. */
export type OverlapPolicy =
  | 'OVERLAP_POLICY_SKIP'
  | 'OVERLAP_POLICY_QUEUE'
  | 'OVERLAP_POLICY_CANCEL_PREVIOUS'
  | 'OVERLAP_POLICY_ALLOW';

/** What became of a slot. */
export type ScheduleSlotState =
  | 'SCHEDULE_SLOT_STATE_PENDING'
  | 'SCHEDULE_SLOT_STATE_FIRED'
  | 'SCHEDULE_SLOT_STATE_SKIPPED'
  | 'SCHEDULE_SLOT_STATE_MISSED';

/** An instant at which a schedule was due, and what became of it. */
export type ScheduleSlot = {
  readonly scheduleId: string;
  readonly slotTime?: string;
  readonly dueTime?: string;
  readonly state: ScheduleSlotState;
  readonly reason: string;
  /** Empty when it started none. */
  readonly runId: string;
  readonly decideTime?: string;
  readonly tzdataVersion: string;
};

/** Where a backfill stands. */
export type BackfillState =
  | 'BACKFILL_STATE_RUNNING'
  | 'BACKFILL_STATE_PAUSED'
  | 'BACKFILL_STATE_CANCELLING'
  | 'BACKFILL_STATE_SUCCEEDED'
  | 'BACKFILL_STATE_FAILED'
  | 'BACKFILL_STATE_CANCELLED';

/** Runs of a schedule for a range of the past. */
export type Backfill = {
  readonly backfillId: string;
  readonly workflowName: string;
  readonly scheduleId: string;
  readonly fromTime?: string;
  readonly toTime?: string;
  readonly onlyMissing: boolean;
  readonly maxActive: number;
  readonly state: BackfillState;
  readonly totalSlots: number;
  readonly activeSlots: number;
  readonly waitingSlots: number;
  readonly succeededSlots: number;
  readonly failedSlots: number;
  readonly cancelledSlots: number;
  /** Left out, because they had a run that succeeded. */
  readonly presentSlots: number;
  readonly createTime?: string;
  readonly endTime?: string;
};

/** When a schedule is due next. */
export type SchedulePreview = {
  readonly schedule: Schedule;
  readonly slotTimes: readonly string[];
  readonly tzdataVersion: string;
};

/** The schedule and the range of a backfill. */
export type StartBackfillOptions = {
  readonly workflowName: string;
  /** May be left out where the workflow has one schedule. */
  readonly scheduleId?: string;
  /** RFC 3339; the range holds its first instant and not its last. */
  readonly fromTime: string;
  readonly toTime: string;
  readonly onlyMissing?: boolean;
  readonly maxActive?: number;
  /** The same id again answers the first backfill. A random one is sent when absent. */
  readonly requestId?: string;
};

type OfWorkflow = PageOptions & { readonly workflowName?: string };

export type ScheduleClient = {
  listSchedules(
    options?: OfWorkflow,
  ): Promise<{ readonly schedules: readonly Schedule[]; readonly nextPageToken: string }>;
  getSchedule(scheduleId: string): Promise<Schedule>;
  previewSchedule(
    scheduleId: string,
    options?: { readonly fromTime?: string; readonly count?: number },
  ): Promise<SchedulePreview>;
  listScheduleSlots(
    scheduleId: string,
    options?: PageOptions,
  ): Promise<{ readonly slots: readonly ScheduleSlot[]; readonly nextPageToken: string }>;
  pauseSchedule(scheduleId: string): Promise<Schedule>;
  resumeSchedule(scheduleId: string): Promise<Schedule>;

  startBackfill(
    options: StartBackfillOptions,
  ): Promise<{ readonly backfill: Backfill; readonly alreadyStarted: boolean }>;
  listBackfills(
    options?: OfWorkflow,
  ): Promise<{ readonly backfills: readonly Backfill[]; readonly nextPageToken: string }>;
  getBackfill(backfillId: string): Promise<Backfill>;
  pauseBackfill(backfillId: string): Promise<Backfill>;
  resumeBackfill(backfillId: string): Promise<Backfill>;
  cancelBackfill(backfillId: string): Promise<Backfill>;
};
