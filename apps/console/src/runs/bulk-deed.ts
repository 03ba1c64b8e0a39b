/** One deed on many runs: on those that allow it, some at a time, and what became of each. */
import type { Run, RunState } from '@floe/client';
import { hasEnded } from '../state/state-mark.ts';

export type BulkDeed = 'cancel' | 'retry';

const GOOD: RunState = 'RUN_STATE_SUCCEEDED';
const CANCELLING: RunState = 'RUN_STATE_CANCELLING';

/** The runs on which the deed can be done. */
export function allowing(runs: readonly Run[], deed: BulkDeed): readonly Run[] {
  return runs.filter(({ state }) =>
    deed === 'cancel'
      ? !hasEnded(state) && state !== CANCELLING
      : hasEnded(state) && state !== GOOD,
  );
}

export type BulkProgress = {
  readonly total: number;
  readonly done: number;
  readonly failures: readonly { readonly run: Run; readonly error: unknown }[];
};

// So many calls at once leave connections for the rest of the page.
const AT_ONCE = 3;

/** Does it on each run, tells how far it is after each, and begins no more when the signal is aborted. */
export async function onEach(
  runs: readonly Run[],
  act: (run: Run) => Promise<unknown>,
  { signal, tell }: { readonly signal: AbortSignal; readonly tell: (now: BulkProgress) => void },
): Promise<void> {
  const waiting = runs.values();
  let progress: BulkProgress = { total: runs.length, done: 0, failures: [] };
  const work = async () => {
    for (const run of waiting) {
      if (signal.aborted) return;
      const failure = await act(run).then(
        () => [],
        (error: unknown) => [{ run, error }],
      );
      const failures = [...progress.failures, ...failure];
      progress = { ...progress, done: progress.done + 1, failures };
      tell(progress);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
