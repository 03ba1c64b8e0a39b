import { settleSlots, clearSlots } from '../store/schedules/claim-schedules.ts';
import type { ScheduleContext } from './context.ts';
import { fireSlots } from './fire-slots.ts';
import { PASS_BATCHES_MAX, SCHEDULE_ROWS_MAX, SLOT_KEEP_DAYS } from './limits.ts';
import { followDefinitions, recordDueSlots } from './record-due-slots.ts';

/** One look at all schedules: what changed, what is due, what ended, what may begin. */
export async function followSchedules(context: ScheduleContext): Promise<void> {
  await untilDone(() => followDefinitions(context));
  await untilDone(() => recordDueSlots(context));
  await untilDone(() => settleSlots(context.db, SCHEDULE_ROWS_MAX));
  await untilDone(() => fireSlots(context));
}

async function untilDone(batch: () => Promise<boolean>): Promise<void> {
  for (let batches = 0; batches < PASS_BATCHES_MAX; batches += 1) {
    if (!(await batch())) return;
  }
}

export async function clearLedger({ db }: ScheduleContext): Promise<void> {
  await clearSlots(db, SLOT_KEEP_DAYS, SCHEDULE_ROWS_MAX * PASS_BATCHES_MAX);
}
