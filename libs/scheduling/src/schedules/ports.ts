import type { Schedule, Zones } from '@floe/schedule';
import type { RunCommitter } from '../commit/run-committer.ts';
import type { NewRun } from '../commit/rows.ts';
import type { Log } from '../ports.ts';
import type { ScheduleStore } from './schedule-store.ts';

// Request ids that only the runs of slots have: the store lets such a run in only with its slot.
export const SLOT_REQUEST_PREFIX = 'slot:';
export const BACKFILL_REQUEST_PREFIX = 'backfill:';

export type SlotRun = {
  readonly workflowName: string;
  readonly schedule: Schedule;
  readonly slot: number;
  readonly requestId: string;
  readonly trigger: 'schedule' | 'backfill';
};

/** What following schedules and backfills works with. */
export type SchedulePorts = {
  readonly store: ScheduleStore;
  readonly committer: Pick<RunCommitter, 'create' | 'submit'>;
  /** The run of a slot. Rejects with what makes it impossible. */
  readonly runOfSlot: (wanted: SlotRun) => Promise<NewRun>;
  /** An id that nobody else makes. */
  readonly newId: () => string;
  readonly zones: Zones;
  readonly log: Log;
};
