/** Where an input lies is absent when the same attempt makes it. */
export type Recipe = {
  readonly taskId: string;
  readonly text: string;
  readonly inputs: readonly { readonly taskId: string; readonly uri: string | undefined }[];
};

/** What a simulated worker needs to know of an attempt: the `Work` of its lease. */
export type SimulatedTask = {
  readonly type: string;
  readonly runId: string;
  readonly taskId: string;
  readonly epoch: number;
  /** Nothing is to be run: what earlier attempts may still commit is to be ruled out. */
  readonly isVoiding: boolean;
  /** Of a task that goes through items: those of this attempt. */
  readonly items?: readonly number[];
  /** Of partitions: whether it leads them, and what the lead has handed out. */
  readonly partition?: { readonly isLead: boolean; readonly snapshot: string | undefined };
  /** Tasks that its attempt carries out besides, each for the first time. */
  readonly followers: readonly string[];
  /** How long it may go on without a word; 0: as long as it wants. */
  readonly progressTimeoutMs: number;
  /** What it and its followers make, and of what; none where no results are kept. */
  readonly recipes: readonly Recipe[];
  /** The tasks before it. */
  readonly upstream: readonly string[];
};
