import { startRepeating, type Repetition } from '../duties/repeat.ts';
import type { Timers } from '../ports.ts';
import { advanceBackfills } from './advance-backfills.ts';
import { fireSlots } from './fire-slots.ts';
import {
  BACKFILL_INTERVAL_MS,
  PASS_BATCHES_MAX,
  SCHEDULE_INTERVAL_MS,
  SCHEDULE_ROWS_MAX,
} from './limits.ts';
import type { SchedulePorts } from './ports.ts';
import { followDefinitions, recordDueSlots } from './record-due-slots.ts';

/** Follows schedules and backfills until it is stopped. Any number of schedulers may do so over the same store. */
export function startFollowing(ports: SchedulePorts, timers: Timers): Repetition {
  const start = (duty: string, everyMs: number, run: () => Promise<void>) =>
    startRepeating(timers, {
      everyMs,
      run,
      onError: (error) =>
        ports.log.warn(
          { err: error, duty },
          `duty failed and will be tried again: ${error.message}`,
        ),
    });
  const duties = [
    start('follow schedules', SCHEDULE_INTERVAL_MS, () => followSchedules(ports)),
    start('advance backfills', BACKFILL_INTERVAL_MS, () => advanceBackfills(ports)),
  ];
  return {
    async stop() {
      await Promise.all(duties.map((duty) => duty.stop()));
    },
  };
}

/** One look at all schedules: what changed, what is due, what ended, what may begin. */
async function followSchedules(ports: SchedulePorts): Promise<void> {
  await untilDone(() => followDefinitions(ports));
  await untilDone(() => recordDueSlots(ports));
  await untilDone(() => ports.store.settleSlots(SCHEDULE_ROWS_MAX));
  await untilDone(() => fireSlots(ports));
}

async function untilDone(batch: () => Promise<boolean>): Promise<void> {
  for (let batches = 0; batches < PASS_BATCHES_MAX; batches += 1) {
    if (!(await batch())) return;
  }
}
