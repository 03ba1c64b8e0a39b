import { sql, type Transaction } from 'kysely';
import type { ControlDatabase, FloeTables } from '@floe/database';
import { CLAIM_MS, type OpenSlot, type ReachedSlot, type SlotRequest } from '@floe/scheduling';

type Tx = Transaction<FloeTables>;

/** Takes over how runs of a backfill ended, slot by slot, and counts them in its row. */
export async function settleBackfillSlots(tx: Tx, id: string): Promise<void> {
  await sql`
    /* scheduler.settle_backfill_slots */
    with ended as (
      update backfill_slot s set state = case r.state
        when 'succeeded' then 'succeeded' when 'cancelled' then 'cancelled' else 'failed' end
      from run r
      where s.backfill_id = ${id} and s.state = 'started' and r.run_id = s.run_id and r.ended_at is not null
      returning s.state
    )
    update backfill b set
      succeeded_slots = b.succeeded_slots + (select count(*) from ended where state = 'succeeded'),
      failed_slots = b.failed_slots + (select count(*) from ended where state = 'failed'),
      cancelled_slots = b.cancelled_slots + (select count(*) from ended where state = 'cancelled')
    where b.backfill_id = ${id} and exists (select from ended)`.execute(tx);
}

/** Slots that are under way, or about to be: at most as many as may be active. */
export async function openBackfillSlots(tx: Tx, id: string): Promise<OpenSlot[]> {
  const open = await sql<Omit<OpenSlot, 'runId'> & { readonly runId: string | null }>`
    /* scheduler.open_backfill_slots */
    select slot_at as slot, state, run_id as "runId",
      coalesce(requested_at > clock_timestamp() - make_interval(secs => ${CLAIM_MS / 1_000}), false) as "isRequested"
    from backfill_slot where backfill_id = ${id} and state in ('pending', 'started')
    order by slot_at`.execute(tx);
  return open.rows.map(({ runId, ...slot }) => (runId === null ? slot : { ...slot, runId }));
}

/** Which of the slots have a run of the schedule, or of a backfill of it, that succeeded. */
export async function findPresentSlots(
  tx: Tx,
  scheduleId: string,
  slots: readonly number[],
): Promise<ReadonlySet<number>> {
  const instants = slots.map((slot) => new Date(slot).toISOString());
  const present = await sql<{ slot_at: number }>`
    /* scheduler.find_present_slots */
    select s.slot_at from schedule_slot s join run r on r.run_id = s.run_id
    where s.schedule_id = ${scheduleId} and s.slot_at = any(${instants}::timestamptz[]) and r.state = 'succeeded'
    union
    select slot_at from backfill_slot
    where schedule_id = ${scheduleId} and slot_at = any(${instants}::timestamptz[]) and state = 'succeeded'`.execute(
    tx,
  );
  return new Set(present.rows.map((row) => row.slot_at));
}

/** Gives the slots that a backfill has come to a row each, and moves its cursor behind the last. */
export async function reachSlots(
  tx: Tx,
  backfill: { readonly backfillId: string; readonly scheduleId: string },
  reached: readonly ReachedSlot[],
): Promise<void> {
  if (reached.length === 0) return;
  const rows = reached.map(({ slot, isPresent }) => ({
    slot_at: new Date(slot).toISOString(),
    state: isPresent ? 'present' : 'pending',
  }));
  await sql`
    /* scheduler.reach_backfill_slots */
    insert into backfill_slot (backfill_id, schedule_id, slot_at, state)
    select ${backfill.backfillId}, ${backfill.scheduleId}, slot_at, state
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(slot_at timestamptz, state text)`.execute(
    tx,
  );
  const cursor = new Date(reached.at(-1)!.slot + 1);
  const present = reached.filter(({ isPresent }) => isPresent).length;
  await sql`
    /* scheduler.advance_backfill */
    update backfill set cursor_at = ${cursor}, present_slots = present_slots + ${present}
    where backfill_id = ${backfill.backfillId}`.execute(tx);
}

/** Says with which request ids the runs of these slots will come. */
export async function requestSlots(
  tx: Tx,
  id: string,
  requests: readonly SlotRequest[],
): Promise<void> {
  if (requests.length === 0) return;
  const rows = requests.map(({ slot, requestId }) => ({
    slot_at: new Date(slot).toISOString(),
    request_id: requestId,
  }));
  await sql`
    /* scheduler.request_backfill_slots */
    update backfill_slot s set request_id = x.request_id, requested_at = clock_timestamp()
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(slot_at timestamptz, request_id text)
    where s.backfill_id = ${id} and s.slot_at = x.slot_at and s.state = 'pending'`.execute(tx);
}

/** Slots that wait begin no more: nobody can take them without their request id. */
export async function cancelPendingSlots(tx: Tx, id: string): Promise<void> {
  await sql`
    /* scheduler.cancel_pending_backfill_slots */
    with cancelled as (
      update backfill_slot set state = 'cancelled', request_id = null, reason = 'the backfill was cancelled'
      where backfill_id = ${id} and state = 'pending'
      returning slot_at
    )
    update backfill set cancelled_slots = cancelled_slots + (select count(*) from cancelled)
    where backfill_id = ${id} and exists (select from cancelled)`.execute(tx);
}

/** A slot whose run cannot be made has failed. */
export async function failBackfillSlot(
  db: ControlDatabase['db'],
  slot: { readonly backfillId: string; readonly requestId: string; readonly reason: string },
): Promise<void> {
  await sql`
    /* scheduler.fail_backfill_slot */
    with failed as (
      update backfill_slot set state = 'failed', reason = ${slot.reason}
      where request_id = ${slot.requestId} and state = 'pending'
      returning slot_at
    )
    update backfill set failed_slots = failed_slots + (select count(*) from failed)
    where backfill_id = ${slot.backfillId} and exists (select from failed)`.execute(db);
}

export async function endBackfill(tx: Tx, id: string, state: string): Promise<void> {
  await sql`
    /* scheduler.end_backfill */
    update backfill set state = ${state}, ended_at = clock_timestamp() where backfill_id = ${id}`.execute(
    tx,
  );
}
