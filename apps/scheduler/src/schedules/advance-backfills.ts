/**
 * Carries backfills on.
 *
 *   K1. At most `max_active` slots of a backfill are under way, whatever schedulers die in between.
 *   K2. A slot is started once: its run is stored in the transaction that takes the slot, under the request id that the
 *       slot was given last.
 *   K3. A backfill ends when every slot of its range has ended, by the ledger, not because nothing happens to run.
 *   K4. After a cancel no slot begins; what goes on is cancelled, and only then the backfill has ended.
 */
import { randomUUID } from 'node:crypto';
import { toFloeError } from '@floe/errors';
import { slotsBetween, timetableOf, type Timetable } from '@floe/schedule';
import { ACTIVE_RUNS_MAX, BACKFILL_REQUEST_PREFIX } from '../limits.ts';
import { countActiveRuns } from '../store/find-run.ts';
import {
  cancelPendingSlots,
  endBackfill,
  failBackfillSlot,
  findPresentSlots,
  openBackfillSlots,
  reachSlots,
  requestSlots,
  settleBackfillSlots,
  type OpenSlot,
  type ReachedSlot,
} from '../store/schedules/backfill-slots.ts';
import {
  findBackfill,
  lockBackfill,
  openBackfills,
  type BackfillRow,
} from '../store/schedules/backfills.ts';
import type { ScheduleContext } from './context.ts';
import { BACKFILL_LOOK_SLOTS_MAX, BACKFILLS_OPEN_MAX } from './limits.ts';
import { slotRun } from './slot-run.ts';

type Tx = Parameters<typeof lockBackfill>[0];

/** What is to be done once a look is committed. */
type Next = {
  readonly start: readonly { readonly slot: number; readonly requestId: string }[];
  readonly cancel: readonly string[];
};

const NOTHING: Next = { start: [], cancel: [] };

export async function advanceBackfills(context: ScheduleContext): Promise<void> {
  const open = await openBackfills(context.db, BACKFILLS_OPEN_MAX);
  if (open.length === 0) return;
  const isFull = (await countActiveRuns(context.db)) >= ACTIVE_RUNS_MAX;
  for (const id of open) await advance(context, id, isFull);
}

async function advance(context: ScheduleContext, id: string, isFull: boolean): Promise<void> {
  const found = await context.db.transaction().execute(async (tx) => {
    const backfill = await lockBackfill(tx, id);
    if (backfill === undefined) return undefined;
    await settleBackfillSlots(tx, id);
    return { backfill, next: await decide(context, tx, { backfill, isFull }) };
  });
  if (found === undefined) return;
  const { backfill, next } = found;
  for (const runId of next.cancel) cancelRun(context, runId);
  await Promise.all(next.start.map((one) => begin(context, backfill, one)));
}

type Look = { readonly backfill: BackfillRow; readonly isFull: boolean };

async function decide(context: ScheduleContext, tx: Tx, { backfill, isFull }: Look): Promise<Next> {
  const { backfill_id: id, state } = backfill;
  if (state === 'cancelling') return cancelAll(tx, id);
  const open = await openBackfillSlots(tx, id);
  if (state === 'paused' || isFull) return NOTHING;
  const reached = await reachMore(context, tx, { backfill, open });
  const waiting = open.filter((slot) => slot.state === 'pending' && !slot.is_requested);
  const fresh = reached.slots.filter(({ isPresent }) => !isPresent).map(({ slot }) => slot);
  const start = [...waiting.map((slot) => slot.slot_at), ...fresh].map((slot) => ({
    slot,
    requestId: BACKFILL_REQUEST_PREFIX + randomUUID(),
  }));
  await requestSlots(tx, id, start);
  if (open.length === 0 && fresh.length === 0 && reached.isEnd) await end(tx, id);
  return { start, cancel: [] };
}

/** K4 */
async function cancelAll(tx: Tx, id: string): Promise<Next> {
  await cancelPendingSlots(tx, id);
  const open = await openBackfillSlots(tx, id);
  if (open.length === 0) await endBackfill(tx, id, 'cancelled');
  return { start: [], cancel: open.flatMap((slot) => slot.run_id ?? []) };
}

/** K3 */
async function end(tx: Tx, id: string): Promise<void> {
  const backfill = await findBackfill(tx, id);
  const { failed_slots = 0, cancelled_slots = 0 } = backfill ?? {};
  await endBackfill(tx, id, failed_slots + cancelled_slots > 0 ? 'failed' : 'succeeded');
}

/** K1: goes on through the range until as many slots are open as may be. */
async function reachMore(
  context: ScheduleContext,
  tx: Tx,
  { backfill, open }: { readonly backfill: BackfillRow; readonly open: readonly OpenSlot[] },
): Promise<{ readonly slots: readonly ReachedSlot[]; readonly isEnd: boolean }> {
  const free = backfill.max_active - open.length;
  if (free <= 0) return { slots: [], isEnd: false };
  const timetable = timetableOf(backfill.definition, context.zones);
  const limit = backfill.only_missing ? BACKFILL_LOOK_SLOTS_MAX : free;
  const candidates = timetable === undefined ? [] : take(timetable, backfill, limit);
  const present = backfill.only_missing
    ? await findPresentSlots(tx, backfill.schedule_id, candidates)
    : new Set<number>();
  const slots: ReachedSlot[] = [];
  let pending = 0;
  for (const slot of candidates) {
    const isPresent = present.has(slot);
    if (!isPresent && pending === free) return finish(tx, backfill, slots, false);
    if (!isPresent) pending += 1;
    slots.push({ slot, isPresent });
  }
  return finish(tx, backfill, slots, candidates.length < limit);
}

async function finish(
  tx: Tx,
  backfill: BackfillRow,
  slots: readonly ReachedSlot[],
  isEnd: boolean,
): Promise<{ readonly slots: readonly ReachedSlot[]; readonly isEnd: boolean }> {
  await reachSlots(tx, backfill, slots);
  return { slots, isEnd };
}

function take(timetable: Timetable, backfill: BackfillRow, limit: number): number[] {
  const range = { from: backfill.cursor_at, before: backfill.to_at };
  const slots: number[] = [];
  for (const slot of slotsBetween(timetable, range)) {
    slots.push(slot);
    if (slots.length === limit) break;
  }
  return slots;
}

function cancelRun({ committer, log }: ScheduleContext, runId: string): void {
  const reason = 'its backfill was cancelled';
  committer.submit(runId, { type: 'cancel', reason }).catch((error: unknown) => {
    // The next look finds the run going on, and cancels it again.
    log.warn({ err: toFloeError(error), run_id: runId }, 'a run was not cancelled');
  });
}

async function begin(
  context: ScheduleContext,
  backfill: BackfillRow,
  { slot, requestId }: { readonly slot: number; readonly requestId: string },
): Promise<void> {
  const { workflow_name: workflowName, definition: schedule, backfill_id: backfillId } = backfill;
  try {
    const trigger = 'backfill';
    const wanted = { workflowName, schedule, slot, requestId, trigger } as const;
    await context.committer.create(await slotRun(context, wanted));
  } catch (thrown) {
    const error = toFloeError(thrown);
    if (error.isRetryable) throw error;
    context.log.error({ err: error, backfill: backfillId, slot }, 'a slot cannot begin');
    const reason = `its run could not be made: ${error.message}`;
    await failBackfillSlot(context.db, { backfillId, requestId, reason });
  }
}
