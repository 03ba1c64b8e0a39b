/**
 * Starts the runs of slots whose time has come.
 *
 *   F1. A slot fires in the transaction that stores its run. The database lets the run in only while the slot is pending
 *       under the request id of that run, so whoever decides last wins, and nobody fires it twice.
 *   F2. Overlap is judged by the holder of the schedule's claim. One that lost its claim stores no decision any more, and
 *       none is stored of a schedule of which an earlier holder has begun a slot since it was looked at.
 *   F3. A slot whose run cannot be made ends as missed, with the reason; the others go on.
 */
import { toFloeError } from '@floe/errors';
import { decideOverlap } from '@floe/schedule';
import { CLAIMED_SCHEDULES_MAX, QUEUED_SLOTS_MAX } from './limits.ts';
import { SLOT_REQUEST_PREFIX, type SchedulePorts } from './ports.ts';
import type { ClaimedSchedule, SlotChange, SlotRequest } from './schedule-store.ts';

type Decided = { readonly schedule: ClaimedSchedule; readonly changes: readonly SlotChange[] };

/** Decides about schedules that have slots to begin, and begins them. True when there may be more. */
export async function fireSlots(ports: SchedulePorts): Promise<boolean> {
  const { store, newId } = ports;
  const claim = newId();
  const schedules = await store.claimSchedules(claim);
  if (schedules.length === 0) return false;
  // At the bound of runs the slots wait, as callers of StartRun do.
  if (await store.isFull()) return false;
  const decided = schedules.map((schedule) => decide(ports, schedule));
  const fired = await store.storeDecisions(
    claim,
    decided.flatMap(({ changes }) => changes),
  );
  await Promise.all(decided.map((one) => begin(ports, one, fired)));
  await store.releaseSchedules(claim);
  return schedules.length === CLAIMED_SCHEDULES_MAX;
}

function decide(ports: SchedulePorts, schedule: ClaimedSchedule): Decided {
  const { committer, log, newId } = ports;
  const { scheduleId, definition, due, activeRuns } = schedule;
  const decision = decideOverlap(definition.overlap, due, {
    activeRuns,
    queueMax: QUEUED_SLOTS_MAX,
  });
  for (const runId of decision.cancel) {
    const reason = `schedule ${scheduleId} was due again`;
    committer.submit(runId, { type: 'cancel', reason }).catch((error: unknown) => {
      // The slot waits for the run to end, and the next look cancels it again.
      log.warn({ err: toFloeError(error), run_id: runId }, 'a run was not cancelled');
    });
  }
  const changes = decision.slots.map((one) => ({
    ...one,
    scheduleId,
    ...(one.kind === 'fire' && { requestId: SLOT_REQUEST_PREFIX + newId() }),
  }));
  return { schedule, changes };
}

async function begin(
  ports: SchedulePorts,
  { schedule, changes }: Decided,
  fired: ReadonlySet<string>,
): Promise<void> {
  for (const { slot, requestId } of changes) {
    if (requestId === undefined || !fired.has(requestId)) continue;
    await beginOne(ports, schedule, { slot, requestId });
  }
}

async function beginOne(
  ports: SchedulePorts,
  { workflowName, definition, scheduleId }: ClaimedSchedule,
  { slot, requestId }: SlotRequest,
): Promise<void> {
  const { committer, store, log, runOfSlot } = ports;
  try {
    const trigger = 'schedule';
    const wanted = { workflowName, schedule: definition, slot, requestId, trigger } as const;
    await committer.create(await runOfSlot(wanted));
  } catch (thrown) {
    const error = toFloeError(thrown);
    if (error.isRetryable) throw error;
    log.error({ err: error, schedule: scheduleId, slot }, 'a slot cannot begin');
    await store.missSlot(requestId, `its run could not be made: ${error.message}`);
  }
}
