// A task whose worker or executor dies this often is taken to be the one that kills it.
export const LOSSES_MAX = 5;
// The executor enforces an attempt's timeout; the engine steps in this much later, when the executor did not.
export const TIMEOUT_GRACE_MS = 10_000;
// A cancel is promised within two seconds; after this the engine stops waiting for the workers to confirm it.
export const CANCEL_DEADLINE_MS = 10_000;
// A lost attempt is tried again at once, but not in a tight loop.
export const LOSS_RETRY_DELAY_MS = 250;
// The state of all items of a task is one value of its row: larger ones would make each change of it slow.
export const ITEMS_MAX = 10_000;
// Failures are kept for people; nobody reads more of one task, and the count tells the rest.
export const ITEM_FAILURES_KEPT_MAX = 100;
// A dataset that goes missing this often is not lost by chance: making it again would go on for ever.
export const RECOMPUTES_MAX = 3;
// A soft cancel is a cancel: what has not ended after this is stopped.
export const CANCEL_GRACE_MS_MAX = 24 * 3_600_000;
// A target database that answers at all does so well within this; a run whose loads cannot be ruled out ends all the same.
export const VOID_WITHIN_MS = 30_000;
// Where the document does not say: enough attempts to share among executors, and few enough to cost little each.
export const ITEM_ATTEMPTS_AIM = 100;
