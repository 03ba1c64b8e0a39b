/** A transaction about schedules and backfills. */
import { isRunEnded } from '@floe/engine';
import {
  CATCH_UPS_PER_SECOND,
  CLAIM_MS,
  type AdvancedSchedule,
  type ChangedSchedule,
  type DueSchedule,
  type FollowedDefinition,
  type NewSlot,
  type OpenBackfill,
  type OpenSlot,
  type ReachedSlot,
  type RunRecord,
  type ScheduleTransaction,
  type SlotRequest,
} from '@floe/scheduling';
import {
  slotKey,
  type BackfillRow,
  type BackfillSlotRow,
  type ScheduleRow,
  type StateRow,
} from './schedule-tables.ts';
import { Session } from './session.ts';

export class ScheduleSession extends Session implements ScheduleTransaction {
  get #now(): number {
    return this.context.server.now();
  }

  lockChangedSchedules(limit: number): Promise<readonly ChangedSchedule[]> {
    return this.statement('lock changed schedules', async () => {
      const { schedules } = this.context.server.tables.schedules;
      for (const schedule of schedules.values()) await this.#meet(schedule);
      const changed = [...schedules.values()].filter(({ scheduleId, revision }) => {
        return this.schedules.states.get(scheduleId)?.revision !== revision;
      });
      return changed
        .slice(0, limit)
        .filter(({ scheduleId }) => this.tryLockRow(`state ${scheduleId}`))
        .map((schedule) => changeOf(schedule, this.schedules.states.get(schedule.scheduleId)!));
    });
  }

  async #meet({ scheduleId, workflowName, definition, changedAt }: ScheduleRow): Promise<void> {
    const { states } = this.schedules;
    if (states.get(scheduleId) !== undefined) return;
    await this.lockRow(`state ${scheduleId}`);
    if (states.get(scheduleId) !== undefined) return;
    const row = { scheduleId, workflowName, definition, cursorAt: changedAt };
    states.set(scheduleId, { ...row, revision: 0, isActive: false, lastStartAt: 0 });
  }

  writeFollowed(rows: readonly FollowedDefinition[]): Promise<void> {
    return this.statement('write followed', async () => {
      const { states, slots } = this.schedules;
      for (const { scheduleId, lookAt, ...row } of rows) {
        const { lookAt: _before, ...state } = states.get(scheduleId)!;
        states.set(scheduleId, { ...state, ...row, ...(lookAt !== undefined && { lookAt }) });
      }
      const inactive = rows.filter(({ isActive }) => !isActive).map(({ scheduleId }) => scheduleId);
      const waiting = slots.values().filter((slot) => {
        return slot.state === 'pending' && inactive.includes(slot.scheduleId);
      });
      for (const { scheduleId, slot } of waiting) await this.#skip(slotKey(scheduleId, slot));
    });
  }

  async #skip(key: string): Promise<void> {
    await this.lockRow(`slot ${key}`);
    const row = this.schedules.slots.get(key)!;
    if (row.state !== 'pending') return;
    const reason = 'the schedule was paused or removed before it could begin';
    this.schedules.slots.set(key, { ...row, state: 'skipped', reason, decidedAt: this.#now });
  }

  lockDueSchedules(
    limit: number,
  ): Promise<{ readonly schedules: readonly DueSchedule[]; readonly now: number }> {
    return this.statement('lock due schedules', async () => {
      const { schedules } = this.context.server.tables.schedules;
      const due = this.schedules.states
        .values()
        .filter(({ scheduleId, revision, isActive, lookAt }) => {
          const isFollowed = schedules.get(scheduleId)?.revision === revision;
          return isFollowed && isActive && lookAt !== undefined && lookAt <= this.#now;
        })
        .toSorted((left, right) => left.lookAt! - right.lookAt!)
        .slice(0, limit)
        .filter(({ scheduleId }) => this.tryLockRow(`state ${scheduleId}`));
      return { schedules: due, now: this.#now };
    });
  }

  paceAheadMs(): Promise<number> {
    return this.statement('pace ahead', async () =>
      Math.max(0, this.context.server.tables.schedules.pace - this.#now),
    );
  }

  takeTurns(count: number): Promise<number> {
    return this.statement('take turns', async () => {
      await this.lockRow('pace');
      const first = Math.max(this.context.server.tables.schedules.pace, this.#now);
      this.schedules.pace = first + (count * 1_000) / CATCH_UPS_PER_SECOND;
      return first;
    });
  }

  insertSlots(added: readonly NewSlot[]): Promise<void> {
    return this.statement('insert slots', async () => {
      const { slots } = this.schedules;
      for (const slot of added) {
        const key = slotKey(slot.scheduleId, slot.slot);
        if (slots.get(key) !== undefined) continue;
        const decided = slot.state === 'missed' ? { decidedAt: this.#now } : {};
        slots.set(key, { ...slot, isOpen: false, ...decided });
      }
    });
  }

  advanceSchedules(rows: readonly AdvancedSchedule[]): Promise<void> {
    return this.statement('advance schedules', async () => {
      const { states } = this.schedules;
      for (const { scheduleId, cursorAt, lookAt, lastStartAt } of rows) {
        const { lookAt: _before, ...state } = states.get(scheduleId)!;
        const moved = { cursorAt, lastStartAt: Math.max(state.lastStartAt, lastStartAt) };
        states.set(scheduleId, { ...state, ...moved, ...(lookAt !== undefined && { lookAt }) });
      }
    });
  }

  lockBackfill(backfillId: string): Promise<OpenBackfill | undefined> {
    return this.statement('lock backfill', async () => {
      const row = this.schedules.backfills.get(backfillId);
      if (row === undefined || !isOpen(row)) return undefined;
      return this.tryLockRow(`backfill ${backfillId}`) ? row : undefined;
    });
  }

  settleBackfillSlots(backfillId: string): Promise<void> {
    return this.statement('settle backfill slots', async () => {
      for (const row of this.#slotsOf(backfillId)) {
        const run = row.state === 'started' ? this.#run(row.runId) : undefined;
        if (run === undefined || !isRunEnded(run.state.status)) continue;
        const { status } = run.state;
        const isSaid = status === 'succeeded' || status === 'cancelled';
        this.#setSlot({ ...row, state: isSaid ? status : 'failed' });
      }
    });
  }

  openBackfillSlots(backfillId: string): Promise<readonly OpenSlot[]> {
    return this.statement('open backfill slots', async () =>
      this.#slotsOf(backfillId).flatMap(({ slot, state, runId, requestedAt = -CLAIM_MS }) => {
        if (state !== 'pending' && state !== 'started') return [];
        const isRequested = requestedAt > this.#now - CLAIM_MS;
        return [{ slot, state, isRequested, ...(runId !== undefined && { runId }) }];
      }),
    );
  }

  findPresentSlots(scheduleId: string, wanted: readonly number[]): Promise<ReadonlySet<number>> {
    return this.statement('find present slots', async () => {
      const { slots, backfillSlots } = this.schedules;
      const own = slots.values().filter((row) => {
        return row.scheduleId === scheduleId && this.#run(row.runId)?.state.status === 'succeeded';
      });
      const made = backfillSlots.values().filter((row) => {
        return row.scheduleId === scheduleId && row.state === 'succeeded';
      });
      const present = [...own, ...made].map(({ slot }) => slot);
      return new Set(present.filter((slot) => wanted.includes(slot)));
    });
  }

  reachSlots(backfill: OpenBackfill, reached: readonly ReachedSlot[]): Promise<void> {
    return this.statement('reach slots', async () => {
      const { backfillId, scheduleId } = backfill;
      for (const { slot, isPresent } of reached) {
        if (this.schedules.backfillSlots.get(slotKey(backfillId, slot)) !== undefined)
          throw new Error(`duplicate key: slot ${slot} of backfill ${backfillId}`);
        const state = isPresent ? 'present' : 'pending';
        this.#setSlot({ backfillId, scheduleId, slot, state });
      }
      const last = reached.at(-1);
      if (last !== undefined) this.#change(backfillId, { cursorAt: last.slot + 1 });
    });
  }

  requestSlots(backfillId: string, requests: readonly SlotRequest[]): Promise<void> {
    return this.statement('request slots', async () => {
      for (const { slot, requestId } of requests) {
        const row = await this.#lockPending(slotKey(backfillId, slot));
        if (row !== undefined) this.#setSlot({ ...row, requestId, requestedAt: this.#now });
      }
    });
  }

  cancelPendingSlots(backfillId: string): Promise<void> {
    return this.statement('cancel pending slots', async () => {
      for (const { slot, state } of this.#slotsOf(backfillId)) {
        if (state !== 'pending') continue;
        const row = await this.#lockPending(slotKey(backfillId, slot));
        if (row === undefined) continue;
        const { requestId: _taken, ...rest } = row;
        this.#setSlot({ ...rest, state: 'cancelled' });
      }
    });
  }

  countBadSlots(backfillId: string): Promise<number> {
    return this.statement('count bad slots', async () => {
      const bad = ['failed', 'cancelled'];
      return this.#slotsOf(backfillId).filter(({ state }) => bad.includes(state)).length;
    });
  }

  endBackfill(backfillId: string, state: 'succeeded' | 'failed' | 'cancelled'): Promise<void> {
    return this.statement('end backfill', async () => {
      this.#change(backfillId, { state, endedAt: this.#now });
    });
  }

  async #lockPending(key: string): Promise<BackfillSlotRow | undefined> {
    await this.lockRow(`backfill slot ${key}`);
    const row = this.schedules.backfillSlots.get(key);
    return row?.state === 'pending' ? row : undefined;
  }

  #slotsOf(backfillId: string): BackfillSlotRow[] {
    const rows = this.schedules.backfillSlots.values();
    return rows
      .filter((row) => row.backfillId === backfillId)
      .toSorted((left, right) => left.slot - right.slot);
  }

  #setSlot(row: BackfillSlotRow): void {
    this.schedules.backfillSlots.set(slotKey(row.backfillId, row.slot), row);
  }

  #change(backfillId: string, change: Partial<BackfillRow>): void {
    const { backfills } = this.schedules;
    backfills.set(backfillId, { ...backfills.get(backfillId)!, ...change });
  }

  #run(runId = ''): RunRecord | undefined {
    return this.context.server.tables.runs.get(runId);
  }
}

function changeOf(schedule: ScheduleRow, state: StateRow): ChangedSchedule {
  const { scheduleId, revision, definition, isPaused, changedAt } = schedule;
  const followed = { followedDefinition: state.definition, wasActive: state.isActive };
  const { cursorAt } = state;
  return {
    scheduleId,
    revision,
    definition,
    isActive: !isPaused,
    changedAt,
    cursorAt,
    ...followed,
  };
}

export function isOpen(row: BackfillRow): row is BackfillRow & OpenBackfill {
  return row.endedAt === undefined;
}
