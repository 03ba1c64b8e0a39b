/** Bounds of schedules and backfills that are no matter of deciding, each with its reason. Those are in libs/scheduling. */

// Slots of one backfill: a range that holds more is split by people, who then see where they are.
export const BACKFILL_SLOTS_MAX = 100_000;
export const BACKFILL_ACTIVE_DEFAULT = 16;
export const BACKFILL_ACTIVE_MAX = 100;
// What a list gives when the caller does not say, and at most.
export const PAGE_SIZE_DEFAULT = 50;
export const PAGE_SIZE_MAX = 500;
// What became of a slot can be looked up for this long: a year, and time to notice.
export const SLOT_KEEP_DAYS = 400;
// How often the ledger is cleared of older slots.
export const LEDGER_CLEAR_INTERVAL_MS = 600_000;
// Slots that one clearing of the ledger takes.
export const LEDGER_CLEAR_SLOTS_MAX = 10_000;
