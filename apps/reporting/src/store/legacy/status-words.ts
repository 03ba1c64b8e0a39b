/** The words of the replaced service for the states of runs; floe.old_status says the same in SQL. */
export const STATES_OF_WORD: Readonly<Record<string, readonly string[]>> = {
  Started: ['queued'],
  Running: ['running', 'paused', 'cancelling'],
  Completed: ['succeeded'],
  Failed: ['failed', 'timed_out'],
  Stopped: ['cancelled'],
};
