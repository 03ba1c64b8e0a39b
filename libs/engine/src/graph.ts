/** What never changes during a run: the graph of its version and the policy of each task. Indexes are positions. */
export type RunGraph = { readonly tasks: readonly GraphTask[] };

/** Where an attempt runs: in a warm worker process of its own, or beside many others within the executor. */
export type Lane = 'slot' | 'light';

export type GraphTask = {
  readonly id: string;
  readonly lane: Lane;
  /** Tasks that it waits for. */
  readonly upstream: readonly number[];
  readonly downstream: readonly number[];
  readonly policy: TaskPolicy;
};

export type TaskPolicy = {
  /** Further attempts after a failure. */
  readonly retriesMax: number;
  readonly retryDelayMs: number;
  /** Each delay is the one before times this. */
  readonly retryBackoff: number;
  readonly retryDelayMsMax: number;
  /** Share of the delay that is random, 0 to 1. */
  readonly retryJitter: number;
  /** From claim to end of one attempt. */
  readonly timeoutMs: number;
  /** From ready to claim. */
  readonly queueTimeoutMs: number;
};
