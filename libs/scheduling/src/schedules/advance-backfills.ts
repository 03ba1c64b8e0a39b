/**
 * Carries backfills on.
 *
 *   K1. At most `max_active` slots of a backfill are under way, whatever schedulers die in between.
 *   K2. A slot is started once: its run is stored in the transaction that takes the slot, under the request id that the
 *       slot was given last.
 *   K3. A backfill ends when every slot of its range has ended, by the ledger, not because nothing happens to run.
 *   K4. After a cancel no slot begins; what goes on is cancelled, and only then the backfill has ended.
 */
import { toFloeError } from '@floe/errors';
import { slotsBetween, timetableOf, type Timetable } from '@floe/schedule';
import { BACKFILL_LOOK_SLOTS_MAX, BACKFILLS_OPEN_MAX } from './limits.ts';
import { BACKFILL_REQUEST_PREFIX, type SchedulePorts } from './ports.ts';
import type {
  OpenBackfill,
  OpenSlot,
  ReachedSlot,
  ScheduleTransaction,
  SlotRequest,
} from './schedule-store.ts';

/** What is to be done once a look is committed. */
type Next = {
  readonly start: readonly SlotRequest[];
  readonly cancel: readonly string[];
};

const NOTHING: Next = { start: [], cancel: [] };

export async function advanceBackfills(ports: SchedulePorts): Promise<void> {
  const open = await ports.store.openBackfills(BACKFILLS_OPEN_MAX);
  if (open.length === 0) return;
  const isFull = await ports.store.isFull();
  for (const id of open) await advance(ports, id, isFull);
}

async function advance(ports: SchedulePorts, id: string, isFull: boolean): Promise<void> {
  const found = await ports.store.transaction(async (tx) => {
    const backfill = await tx.lockBackfill(id);
    if (backfill === undefined) return undefined;
    await tx.settleBackfillSlots(id);
    return { backfill, next: await decide(ports, tx, { backfill, isFull }) };
  });
  if (found === undefined) return;
  const { backfill, next } = found;
  for (const runId of next.cancel) cancelRun(ports, runId);
  await Promise.all(next.start.map((one) => begin(ports, backfill, one)));
}

type Look = { readonly backfill: OpenBackfill; readonly isFull: boolean };

async function decide(
  ports: SchedulePorts,
  tx: ScheduleTransaction,
  { backfill, isFull }: Look,
): Promise<Next> {
  const { backfillId: id, state } = backfill;
  if (state === 'cancelling') return cancelAll(tx, id);
  const open = await tx.openBackfillSlots(id);
  if (state === 'paused' || isFull) return NOTHING;
  const reached = await reachMore(ports, tx, { backfill, open });
  const waiting = open.filter((slot) => slot.state === 'pending' && !slot.isRequested);
  const fresh = reached.slots.filter(({ isPresent }) => !isPresent).map(({ slot }) => slot);
  const start = [...waiting.map(({ slot }) => slot), ...fresh].map((slot) => ({
    slot,
    requestId: BACKFILL_REQUEST_PREFIX + ports.newId(),
  }));
  await tx.requestSlots(id, start);
  if (open.length === 0 && fresh.length === 0 && reached.isEnd) await end(tx, id);
  return { start, cancel: [] };
}

/** K4 */
async function cancelAll(tx: ScheduleTransaction, id: string): Promise<Next> {
  await tx.cancelPendingSlots(id);
  const open = await tx.openBackfillSlots(id);
  if (open.length === 0) await tx.endBackfill(id, 'cancelled');
  return { start: [], cancel: open.flatMap((slot) => slot.runId ?? []) };
}

/** K3 */
async function end(tx: ScheduleTransaction, id: string): Promise<void> {
  await tx.endBackfill(id, (await tx.countBadSlots(id)) > 0 ? 'failed' : 'succeeded');
}

/** K1: goes on through the range until as many slots are open as may be. */
async function reachMore(
  ports: SchedulePorts,
  tx: ScheduleTransaction,
  { backfill, open }: { readonly backfill: OpenBackfill; readonly open: readonly OpenSlot[] },
): Promise<{ readonly slots: readonly ReachedSlot[]; readonly isEnd: boolean }> {
  const free = backfill.maxActive - open.length;
  if (free <= 0) return { slots: [], isEnd: false };
  const timetable = timetableOf(backfill.definition, ports.zones);
  const limit = backfill.onlyMissing ? BACKFILL_LOOK_SLOTS_MAX : free;
  const candidates = timetable === undefined ? [] : take(timetable, backfill, limit);
  const present = backfill.onlyMissing
    ? await tx.findPresentSlots(backfill.scheduleId, candidates)
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
  tx: ScheduleTransaction,
  backfill: OpenBackfill,
  slots: readonly ReachedSlot[],
  isEnd: boolean,
): Promise<{ readonly slots: readonly ReachedSlot[]; readonly isEnd: boolean }> {
  await tx.reachSlots(backfill, slots);
  return { slots, isEnd };
}

function take(timetable: Timetable, backfill: OpenBackfill, limit: number): number[] {
  const range = { from: backfill.cursorAt, before: backfill.toAt };
  const slots: number[] = [];
  for (const slot of slotsBetween(timetable, range)) {
    slots.push(slot);
    if (slots.length === limit) break;
  }
  return slots;
}

function cancelRun({ committer, log }: SchedulePorts, runId: string): void {
  const reason = 'its backfill was cancelled';
  committer.submit(runId, { type: 'cancel', reason }).catch((error: unknown) => {
    // The next look finds the run going on, and cancels it again.
    log.warn({ err: toFloeError(error), run_id: runId }, 'a run was not cancelled');
  });
}

async function begin(
  ports: SchedulePorts,
  backfill: OpenBackfill,
  { slot, requestId }: SlotRequest,
): Promise<void> {
  const { workflowName, definition: schedule, backfillId } = backfill;
  try {
    const trigger = 'backfill';
    const wanted = { workflowName, schedule, slot, requestId, trigger } as const;
    await ports.committer.create(await ports.runOfSlot(wanted));
  } catch (thrown) {
    const error = toFloeError(thrown);
    if (error.isRetryable) throw error;
    ports.log.error({ err: error, backfill: backfillId, slot }, 'a slot cannot begin');
    const reason = `its run could not be made: ${error.message}`;
    await ports.store.failBackfillSlot({ backfillId, slot, requestId, reason });
  }
}
