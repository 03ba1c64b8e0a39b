import { useState } from 'react';
import type { Run } from '@floe/client';

export type Selection = {
  readonly runs: readonly Run[];
  readonly has: (run: Run) => boolean;
  readonly toggle: (run: Run) => void;
  readonly set: (runs: readonly Run[]) => void;
};

/** Which runs are marked, as they are now; a run that left the list keeps its mark as it was last seen. */
export function useSelection(listed: readonly Run[]): Selection {
  const [marked, setMarked] = useState<ReadonlyMap<string, Run>>(new Map());
  const now = new Map(listed.map((run) => [run.runId, run]));
  const toggle = (run: Run) => {
    const next = new Map(marked);
    if (!next.delete(run.runId)) next.set(run.runId, run);
    setMarked(next);
  };
  return {
    runs: [...marked.values()].map((run) => now.get(run.runId) ?? run),
    has: ({ runId }) => marked.has(runId),
    toggle,
    set: (runs) => setMarked(new Map(runs.map((run) => [run.runId, run]))),
  };
}
