import { sql } from 'kysely';
import type { ControlDatabase } from '@floe/database';
import {
  CLAIM_MS,
  CLAIMED_SCHEDULES_MAX,
  QUEUED_SLOTS_MAX,
  WAIT_AGAIN_MS,
  type ClaimedSchedule,
  type SlotChange,
} from '@floe/scheduling';

type Db = ControlDatabase['db'];

/**
 * Claims schedules that have slots to begin, the longest waiting first. A claim keeps other schedulers away for a while;
 * that nothing is done twice does not depend on it.
 */
export async function claimSchedules(db: Db, claim: string): Promise<ClaimedSchedule[]> {
  const claimed = await sql<Omit<ClaimedSchedule, 'due' | 'activeRuns'>>`
    /* scheduler.claim_schedules */
    with waiting as (
      select schedule_id, min(start_at) as start_at from schedule_slot
      where state = 'pending' and start_at <= clock_timestamp()
      group by schedule_id
    ), free as (
      select s.schedule_id from schedule_state s join waiting w on w.schedule_id = s.schedule_id
      where s.claimed_until is null or s.claimed_until < clock_timestamp()
      order by w.start_at limit ${CLAIMED_SCHEDULES_MAX}
      for update of s skip locked
    )
    update schedule_state s
    set claim = ${claim}, claimed_until = clock_timestamp() + make_interval(secs => ${CLAIM_MS / 1_000})
    from free where s.schedule_id = free.schedule_id
    returning s.schedule_id as "scheduleId", s.workflow_name as "workflowName", s.definition`.execute(
    db,
  );
  if (claimed.rows.length === 0) return [];
  const ids = claimed.rows.map((row) => row.scheduleId);
  const [due, active] = [await dueSlotsOf(db, ids), await activeRunsOf(db, ids)];
  return claimed.rows.map((row) => ({
    ...row,
    due: due.get(row.scheduleId) ?? [],
    activeRuns: active.get(row.scheduleId) ?? [],
  }));
}

async function dueSlotsOf(db: Db, ids: readonly string[]): Promise<Map<string, number[]>> {
  // Slots that wait already, and so have a reason, are before all others, however soon they wanted to look again.
  // One more than may wait, so that `queue` sees that it is full.
  const rows = await sql<{ schedule_id: string; slots: string[] }>`
    /* scheduler.due_slots */
    select s.schedule_id, array_agg(s.slot_at order by s.slot_at) as slots
    from unnest(${ids}::text[]) as wanted(schedule_id)
    cross join lateral (
      select schedule_id, slot_at from schedule_slot
      where schedule_id = wanted.schedule_id and state = 'pending' and (start_at <= clock_timestamp() or reason <> '')
      order by slot_at limit ${QUEUED_SLOTS_MAX + 1}
    ) s
    group by s.schedule_id`.execute(db);
  return new Map(
    rows.rows.map((row) => [row.schedule_id, row.slots.map((slot) => new Date(slot).getTime())]),
  );
}

async function activeRunsOf(db: Db, ids: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await sql<{ schedule_id: string; runs: string[] }>`
    /* scheduler.active_runs_of_schedules */
    select s.schedule_id, array_agg(s.run_id order by s.slot_at) as runs
    from schedule_slot s join run r on r.run_id = s.run_id
    where s.schedule_id = any(${ids}::text[]) and s.is_open and r.ended_at is null
    group by s.schedule_id`.execute(db);
  return new Map(rows.rows.map((row) => [row.schedule_id, row.runs]));
}

/**
 * Stores what was decided, as far as the claim still holds: schedules that another scheduler took over in the meantime
 * are left to it, and so are those of which a slot has been begun since they were read. Gives the request ids of the slots
 * that fire. A slot that waits loses the request id that an earlier holder may have given it.
 */
export async function storeDecisions(
  db: Db,
  claim: string,
  changes: readonly SlotChange[],
): Promise<ReadonlySet<string>> {
  const rows = changes.map((change) => ({
    schedule_id: change.scheduleId,
    slot_at: new Date(change.slot).toISOString(),
    state: change.kind === 'skip' ? 'skipped' : 'pending',
    reason: change.kind === 'fire' ? '' : change.reason,
    is_waiting: change.kind === 'wait',
    request_id: change.requestId ?? null,
  }));
  const stored = await sql<{ request_id: string | null }>`
    /* scheduler.store_decisions */
    with change as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(
        schedule_id text, slot_at timestamptz, state text, reason text, is_waiting boolean, request_id text)
    ), held as (
      select s.schedule_id from schedule_state s
      where s.claim = ${claim} and s.schedule_id in (select schedule_id from change)
      order by s.schedule_id
      for update of s
    ), slots as (
      select slot.schedule_id, slot.state from schedule_slot slot
      join change on change.schedule_id = slot.schedule_id and change.slot_at = slot.slot_at
      join held on held.schedule_id = slot.schedule_id
      order by slot.schedule_id, slot.slot_at
      for update of slot
    ), unchanged as (
      select schedule_id from slots group by schedule_id having bool_and(state = 'pending')
    )
    update schedule_slot slot set
      state = change.state, reason = change.reason, request_id = change.request_id,
      decided_at = case when change.state = 'skipped' then clock_timestamp() end,
      start_at = case when change.is_waiting
        then clock_timestamp() + make_interval(secs => ${WAIT_AGAIN_MS / 1_000}) else slot.start_at end
    from change join unchanged on unchanged.schedule_id = change.schedule_id
    where slot.schedule_id = change.schedule_id and slot.slot_at = change.slot_at and slot.state = 'pending'
    returning slot.request_id`.execute(db);
  return new Set(stored.rows.flatMap(({ request_id }) => request_id ?? []));
}

/** Ends a slot whose run cannot be made. */
export async function missSlot(db: Db, requestId: string, reason: string): Promise<void> {
  await sql`
    /* scheduler.miss_slot */
    update schedule_slot set state = 'missed', reason = ${reason}, decided_at = clock_timestamp()
    where request_id = ${requestId} and state = 'pending'`.execute(db);
}

export async function releaseSchedules(db: Db, claim: string): Promise<void> {
  await sql`
    /* scheduler.release_schedules */
    update schedule_state set claim = null, claimed_until = null where claim = ${claim}`.execute(
    db,
  );
}

/** Notes which runs of slots have ended. True when there may be more. */
export async function settleSlots(db: Db, limit: number): Promise<boolean> {
  const settled = await sql`
    /* scheduler.settle_slots */
    with ended as (
      select s.schedule_id, s.slot_at from schedule_slot s join run r on r.run_id = s.run_id
      where s.is_open and r.ended_at is not null
      order by s.schedule_id, s.slot_at limit ${limit}
      for update of s skip locked
    )
    update schedule_slot s set is_open = false from ended
    where s.schedule_id = ended.schedule_id and s.slot_at = ended.slot_at
    returning s.slot_at`.execute(db);
  return settled.rows.length === limit;
}

/** Forgets slots that nobody will look up any more. */
export async function clearSlots(db: Db, keepDays: number, limit: number): Promise<void> {
  await sql`
    /* scheduler.clear_slots */
    delete from schedule_slot where (schedule_id, slot_at) in (
      select schedule_id, slot_at from schedule_slot
      where slot_at < clock_timestamp() - make_interval(days => ${keepDays}) and state <> 'pending' and not is_open
      limit ${limit})`.execute(db);
}
