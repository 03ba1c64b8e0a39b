import type { Lane } from './lane.ts';

/** "Work is ready in this lane": a wake-up, which says not which. It may be lost, late or repeated. */
export type Hint = {
  /** An exchange has looked for the work since. */
  ack(): void;
  /** This executor has no room for it: others may have it, and it again after a moment. */
  release(): void;
};

export type HintSource = {
  /** Waits a while for a hint; undefined when none came or the signal was aborted. Does not reject. */
  next(lane: Lane, signal: AbortSignal): Promise<Hint | undefined>;
};
