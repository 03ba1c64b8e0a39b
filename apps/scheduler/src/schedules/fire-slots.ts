/**
 * Starts the runs of slots whose time has come.
 *
 *   F1. A slot fires in the transaction that stores its run. The database lets the run in only while the slot is pending
 *       under the request id of that run, so whoever decides last wins, and nobody fires it twice.
 *   F2. Overlap is judged by the holder of the schedule's claim. One that lost its claim stores no decision any more.
 *   F3. A slot whose run cannot be made ends as missed, with the reason; the others go on.
 */
import { randomUUID } from 'node:crypto';
import { toFloeError } from '@floe/errors';
import { decideOverlap } from '@floe/schedule';
import { ACTIVE_RUNS_MAX, SLOT_REQUEST_PREFIX } from '../limits.ts';
import { countActiveRuns } from '../store/find-run.ts';
import {
  claimSchedules,
  missSlot,
  releaseSchedules,
  storeDecisions,
  type ClaimedSchedule,
  type SlotChange,
} from '../store/schedules/claim-schedules.ts';
import type { ScheduleContext } from './context.ts';
import { CLAIMED_SCHEDULES_MAX, QUEUED_SLOTS_MAX } from './limits.ts';
import { slotRun } from './slot-run.ts';

type Decided = { readonly schedule: ClaimedSchedule; readonly changes: readonly SlotChange[] };

/** Decides about schedules that have slots to begin, and begins them. True when there may be more. */
export async function fireSlots(context: ScheduleContext): Promise<boolean> {
  const { db } = context;
  const claim = randomUUID();
  const schedules = await claimSchedules(db, claim);
  if (schedules.length === 0) return false;
  // At the bound of runs the slots wait, as callers of StartRun do.
  if ((await countActiveRuns(db)) >= ACTIVE_RUNS_MAX) return false;
  const decided = schedules.map((schedule) => decide(context, schedule));
  const fired = await storeDecisions(
    db,
    claim,
    decided.flatMap(({ changes }) => changes),
  );
  await Promise.all(decided.map((one) => begin(context, one, fired)));
  await releaseSchedules(db, claim);
  return schedules.length === CLAIMED_SCHEDULES_MAX;
}

function decide({ committer, log }: ScheduleContext, schedule: ClaimedSchedule): Decided {
  const { schedule_id: scheduleId, definition, due, active_runs: activeRuns } = schedule;
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
    ...(one.kind === 'fire' && { requestId: SLOT_REQUEST_PREFIX + randomUUID() }),
  }));
  return { schedule, changes };
}

async function begin(
  context: ScheduleContext,
  { schedule, changes }: Decided,
  fired: ReadonlySet<string>,
): Promise<void> {
  for (const { slot, requestId } of changes) {
    if (requestId === undefined || !fired.has(requestId)) continue;
    await beginOne(context, schedule, { slot, requestId });
  }
}

async function beginOne(
  context: ScheduleContext,
  { workflow_name: workflowName, definition, schedule_id }: ClaimedSchedule,
  { slot, requestId }: { readonly slot: number; readonly requestId: string },
): Promise<void> {
  const { committer, db, log } = context;
  try {
    const trigger = 'schedule';
    const wanted = { workflowName, schedule: definition, slot, requestId, trigger } as const;
    await committer.create(await slotRun(context, wanted));
  } catch (thrown) {
    const error = toFloeError(thrown);
    if (error.isRetryable) throw error;
    log.error({ err: error, schedule: schedule_id, slot }, 'a slot cannot begin');
    await missSlot(db, requestId, `its run could not be made: ${error.message}`);
  }
}
