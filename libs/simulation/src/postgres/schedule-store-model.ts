import { isRunEnded } from '@floe/engine';
import {
  CLAIM_MS,
  CLAIMED_SCHEDULES_MAX,
  QUEUED_SLOTS_MAX,
  WAIT_AGAIN_MS,
  type ClaimedSchedule,
  type ScheduleStore,
  type ScheduleTransaction,
  type SlotChange,
  type SlotRequest,
} from '@floe/scheduling';
import { isOpen, ScheduleSession } from './schedule-session.ts';
import { slotKey, type SlotRow, type StateRow } from './schedule-tables.ts';
import { LostRace, type SessionContext } from './session.ts';
import { raceLost } from './transaction.ts';

/** Schedules and backfills as one scheduler process sees them. */
export class ScheduleStoreModel implements ScheduleStore {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  async transaction<Result>(work: (tx: ScheduleTransaction) => Promise<Result>): Promise<Result> {
    const session = new ScheduleSession(this.#context);
    try {
      const result = await work(session);
      await session.commit();
      return result;
    } catch (error) {
      session.abort();
      throw error instanceof LostRace ? raceLost() : error;
    }
  }

  /** Worlds are small. */
  isFull(): Promise<boolean> {
    return this.#ask('count active runs', () => false);
  }

  async claimSchedules(claim: string): Promise<readonly ClaimedSchedule[]> {
    const claimed = await this.#change('claim schedules', async (session) => {
      const free = this.#waiting().filter((row) => session.tryLockRow(`state ${row.scheduleId}`));
      const claimedUntil = this.#now + CLAIM_MS;
      for (const row of free)
        session.schedules.states.set(row.scheduleId, { ...row, claim, claimedUntil });
      return free;
    });
    if (claimed.length === 0) return [];
    const ids = claimed.map(({ scheduleId }) => scheduleId);
    const due = await this.#ask('due slots', () => ids.map((id) => this.#dueSlotsOf(id)));
    const active = await this.#ask('active runs', () => ids.map((id) => this.#activeRunsOf(id)));
    return claimed.map(({ scheduleId, workflowName, definition }, index) => ({
      scheduleId,
      workflowName,
      definition,
      due: due[index]!,
      activeRuns: active[index]!,
    }));
  }

  storeDecisions(claim: string, changes: readonly SlotChange[]): Promise<ReadonlySet<string>> {
    return this.#change('store decisions', async (session) => {
      const stored = new Set<string>();
      for (const scheduleId of await this.#lockClaimed(session, claim)) {
        const own = changes.filter((change) => change.scheduleId === scheduleId);
        for (const { slot } of own) await session.lockRow(`slot ${slotKey(scheduleId, slot)}`);
        for (const change of this.#unlessBegun(session, own)) {
          const key = slotKey(scheduleId, change.slot);
          const row = session.schedules.slots.get(key)!;
          session.schedules.slots.set(key, this.#decided(row, change));
          if (change.requestId !== undefined) stored.add(change.requestId);
        }
      }
      return stored;
    });
  }

  /** All of one schedule, or none. */
  #unlessBegun(session: ScheduleSession, changes: readonly SlotChange[]): readonly SlotChange[] {
    const isPending = ({ scheduleId, slot }: SlotChange): boolean =>
      session.schedules.slots.get(slotKey(scheduleId, slot))?.state === 'pending';
    return changes.every(isPending) ? changes : [];
  }

  missSlot(requestId: string, reason: string): Promise<void> {
    return this.#change('miss slot', async (session) => {
      const found = session.schedules.slots.values().find((row) => row.requestId === requestId);
      if (found === undefined) return;
      const key = slotKey(found.scheduleId, found.slot);
      await session.lockRow(`slot ${key}`);
      const row = session.schedules.slots.get(key)!;
      if (row.state !== 'pending' || row.requestId !== requestId) return;
      const decidedAt = this.#now;
      session.schedules.slots.set(key, { ...row, state: 'missed', reason, decidedAt });
    });
  }

  releaseSchedules(claim: string): Promise<void> {
    return this.#change('release schedules', async (session) => {
      for (const scheduleId of await this.#lockClaimed(session, claim)) {
        const { claim: _by, claimedUntil: _at, ...row } = session.schedules.states.get(scheduleId)!;
        session.schedules.states.set(scheduleId, row);
      }
    });
  }

  settleSlots(limit: number): Promise<boolean> {
    return this.#change('settle slots', async (session) => {
      const ended = session.schedules.slots
        .values()
        .filter((row) => row.isOpen && this.#hasEnded(row.runId))
        .slice(0, limit)
        .filter((row) => session.tryLockRow(`slot ${slotKey(row.scheduleId, row.slot)}`));
      for (const row of ended)
        session.schedules.slots.set(slotKey(row.scheduleId, row.slot), { ...row, isOpen: false });
      return ended.length === limit;
    });
  }

  openBackfills(limit: number): Promise<readonly string[]> {
    return this.#ask('open backfills', () => {
      const rows = [...this.#tables.backfills.values()].filter(isOpen);
      return rows.slice(0, limit).map(({ backfillId }) => backfillId);
    });
  }

  failBackfillSlot({ backfillId, slot, requestId }: FailedSlot): Promise<void> {
    return this.#change('fail backfill slot', async (session) => {
      const key = slotKey(backfillId, slot);
      await session.lockRow(`backfill slot ${key}`);
      const row = session.schedules.backfillSlots.get(key);
      if (row?.state !== 'pending' || row.requestId !== requestId) return;
      session.schedules.backfillSlots.set(key, { ...row, state: 'failed' });
    });
  }

  get #now(): number {
    return this.#context.server.now();
  }

  get #tables() {
    return this.#context.server.tables.schedules;
  }

  /** States of schedules that have slots to begin and are claimed by nobody, the longest waiting first. */
  #waiting(): StateRow[] {
    const since = new Map<string, number>();
    for (const { scheduleId, state, startAt } of this.#tables.slots.values()) {
      if (state !== 'pending' || startAt > this.#now) continue;
      since.set(scheduleId, Math.min(since.get(scheduleId) ?? startAt, startAt));
    }
    return [...since]
      .toSorted(([, left], [, right]) => left - right)
      .flatMap(([scheduleId]) => this.#tables.states.get(scheduleId) ?? [])
      .filter(({ claimedUntil }) => claimedUntil === undefined || claimedUntil < this.#now)
      .slice(0, CLAIMED_SCHEDULES_MAX);
  }

  #dueSlotsOf(scheduleId: string): number[] {
    return [...this.#tables.slots.values()]
      .filter((row) => {
        const isDue = row.startAt <= this.#now || row.reason !== '';
        return row.scheduleId === scheduleId && row.state === 'pending' && isDue;
      })
      .map(({ slot }) => slot)
      .toSorted((left, right) => left - right)
      .slice(0, QUEUED_SLOTS_MAX + 1);
  }

  #activeRunsOf(scheduleId: string): string[] {
    return [...this.#tables.slots.values()]
      .filter((row) => row.scheduleId === scheduleId && row.isOpen && !this.#hasEnded(row.runId))
      .toSorted((left, right) => left.slot - right.slot)
      .flatMap(({ runId }) => runId ?? []);
  }

  #hasEnded(runId = ''): boolean {
    const record = this.#context.server.tables.runs.get(runId);
    return record !== undefined && isRunEnded(record.state.status);
  }

  async #lockClaimed(session: ScheduleSession, claim: string): Promise<string[]> {
    const claimed = [...this.#tables.states.values()].filter((row) => row.claim === claim);
    const held: string[] = [];
    for (const { scheduleId } of claimed.toSorted(byId)) {
      await session.lockRow(`state ${scheduleId}`);
      if (this.#tables.states.get(scheduleId)?.claim === claim) held.push(scheduleId);
    }
    return held;
  }

  #decided(row: SlotRow, change: SlotChange): SlotRow {
    const { requestId: _before, ...rest } = row;
    const decided = change.kind === 'skip' ? { decidedAt: this.#now } : {};
    return {
      ...rest,
      ...decided,
      state: change.kind === 'skip' ? 'skipped' : 'pending',
      reason: change.kind === 'fire' ? '' : change.reason,
      startAt: change.kind === 'wait' ? this.#now + WAIT_AGAIN_MS : row.startAt,
      ...(change.requestId !== undefined && { requestId: change.requestId }),
    };
  }

  #ask<Answer>(what: string, statement: () => Answer): Promise<Answer> {
    const { server, process } = this.#context;
    return server.ask(process, statement, { what });
  }

  /** One statement that is a transaction of its own. */
  async #change<Answer>(
    what: string,
    body: (session: ScheduleSession) => Promise<Answer>,
  ): Promise<Answer> {
    const { server, process } = this.#context;
    const run = async () => {
      const session = new ScheduleSession(this.#context);
      try {
        const answer = await body(session);
        session.end();
        return answer;
      } finally {
        session.abort();
      }
    };
    try {
      return await server.ask(process, run, { what });
    } catch (error) {
      throw error instanceof LostRace ? raceLost() : error;
    }
  }
}

type FailedSlot = SlotRequest & { readonly backfillId: string; readonly reason: string };

function byId(left: StateRow, right: StateRow): number {
  return left.scheduleId < right.scheduleId ? -1 : 1;
}
