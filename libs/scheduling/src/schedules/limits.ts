/** Every bound of following schedules and backfills, with its reason. */

// How often schedules are looked at: a slot begins at most this much after it is due.
export const SCHEDULE_INTERVAL_MS = 250;
// Rows that one transaction takes; a pass makes as many transactions as there are rows.
export const SCHEDULE_ROWS_MAX = 500;
// A pass that goes on for longer lets its duty breathe: the next one goes on where it stopped.
export const PASS_BATCHES_MAX = 20;
// Slots of one schedule that one look judges: a schedule of every second must not keep the others waiting.
export const SLOTS_PER_LOOK_MAX = 500;
// A slot that is not later than this begins at once: schedulers are slow at times, and a restart takes this long.
export const PROMPT_MS = 5_000;
// Without catch-up a slot may still begin this much later: long enough for a deployment, short enough to be in time.
export const LATE_MS = 60_000;
// Slots that are made up for begin at this rate, all schedules together.
export const CATCH_UPS_PER_SECOND = 20;
// Turns are given out this far ahead; who comes later looks again. So no schedule takes all turns.
export const CATCH_UP_AHEAD_MS = 10_000;
// How soon a schedule that found no turn looks again.
export const CATCH_UP_AGAIN_MS = 1_000;
// Slots of one schedule that one look may give turns to.
export const CATCH_UPS_PER_LOOK_MAX = 20;
// Deciding and starting takes milliseconds; whoever takes longer has died or sleeps, and another decides.
export const CLAIM_MS = 10_000;
// Schedules that one scheduler decides about at once.
export const CLAIMED_SCHEDULES_MAX = 200;
// Waiting slots of one schedule that are looked at together, and that `queue` keeps at most.
export const QUEUED_SLOTS_MAX = 100;
// How soon a slot that waits for a run looks again whether it has ended.
export const WAIT_AGAIN_MS = 500;
// Backfills that go on at once; each costs a look every second.
export const BACKFILLS_OPEN_MAX = 100;
// Slots that one look at a backfill passes over, for those that need no run.
export const BACKFILL_LOOK_SLOTS_MAX = 1_000;
// How often backfills are looked at: with 16 runs at once it lets short ones go by at 80 a second.
export const BACKFILL_INTERVAL_MS = 200;
