/** The tables of schedules and backfills. Instants are those of the clock of the server. */
import type { Schedule } from '@floe/schedule';
import { Overlay } from './overlay.ts';

/** What metadata and people say of a schedule. */
export type ScheduleRow = {
  readonly scheduleId: string;
  readonly workflowName: string;
  readonly definition: Schedule;
  readonly revision: number;
  readonly isPaused: boolean;
  readonly changedAt: number;
};

export type StateRow = {
  readonly scheduleId: string;
  readonly workflowName: string;
  readonly revision: number;
  readonly definition: Schedule;
  readonly isActive: boolean;
  readonly cursorAt: number;
  readonly lookAt?: number;
  readonly lastStartAt: number;
  readonly claim?: string;
  readonly claimedUntil?: number;
};

export type SlotRow = {
  readonly scheduleId: string;
  readonly slot: number;
  readonly state: 'pending' | 'fired' | 'skipped' | 'missed';
  readonly dueAt: number;
  readonly startAt: number;
  readonly reason: string;
  readonly requestId?: string;
  readonly runId?: string;
  readonly isOpen: boolean;
  readonly decidedAt?: number;
};

export type BackfillRow = {
  readonly backfillId: string;
  readonly scheduleId: string;
  readonly workflowName: string;
  readonly definition: Schedule;
  readonly state: 'running' | 'paused' | 'cancelling' | 'succeeded' | 'failed' | 'cancelled';
  readonly onlyMissing: boolean;
  readonly maxActive: number;
  readonly fromAt: number;
  readonly toAt: number;
  readonly cursorAt: number;
  readonly createdAt: number;
  readonly endedAt?: number;
};

export type BackfillSlotRow = {
  readonly backfillId: string;
  readonly scheduleId: string;
  readonly slot: number;
  readonly state: 'pending' | 'started' | 'succeeded' | 'failed' | 'cancelled' | 'present';
  readonly requestId?: string;
  readonly requestedAt?: number;
  readonly runId?: string;
};

export class ScheduleTables {
  readonly schedules = new Map<string, ScheduleRow>();
  readonly states = new Map<string, StateRow>();
  readonly slots = new Map<string, SlotRow>();
  readonly backfills = new Map<string, BackfillRow>();
  readonly backfillSlots = new Map<string, BackfillSlotRow>();
  /** When the next turn of catch-up is, for all schedules together. */
  pace = 0;
}

/** What a transaction has changed of them. */
export type ScheduleCommit = {
  readonly slots: readonly Change<SlotRow>[];
  readonly backfills: readonly Change<BackfillRow>[];
  readonly backfillSlots: readonly Change<BackfillSlotRow>[];
};

export type Change<Row> = { readonly before: Row | undefined; readonly after: Row };

/** The tables as one transaction sees and changes them. */
export class ScheduleView {
  readonly states: Overlay<StateRow>;
  readonly slots: Overlay<SlotRow>;
  readonly backfills: Overlay<BackfillRow>;
  readonly backfillSlots: Overlay<BackfillSlotRow>;
  pace: number | undefined;
  readonly #tables: ScheduleTables;

  constructor(tables: ScheduleTables) {
    this.#tables = tables;
    this.states = new Overlay(tables.states);
    this.slots = new Overlay(tables.slots);
    this.backfills = new Overlay(tables.backfills);
    this.backfillSlots = new Overlay(tables.backfillSlots);
  }

  apply(): ScheduleCommit {
    if (this.pace !== undefined) this.#tables.pace = this.pace;
    this.states.apply();
    return {
      slots: this.slots.apply(),
      backfills: this.backfills.apply(),
      backfillSlots: this.backfillSlots.apply(),
    };
  }
}

export function slotKey(of: string, slot: number): string {
  return `${of} ${slot}`;
}
