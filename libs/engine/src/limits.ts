// A task whose worker or executor dies this often is taken to be the one that kills it.
export const LOSSES_MAX = 5;
// The executor enforces an attempt's timeout; the engine steps in this much later, when the executor did not.
export const TIMEOUT_GRACE_MS = 10_000;
// A cancel is promised within two seconds; after this the engine stops waiting for the workers to confirm it.
export const CANCEL_DEADLINE_MS = 10_000;
// A lost attempt is tried again at once, but not in a tight loop.
export const LOSS_RETRY_DELAY_MS = 250;
