import type { RunRecord } from '@floe/scheduling';
import { attemptKey } from '../postgres/tables.ts';
import type { Checker, Evidence } from './checker.ts';

export type HonestEvidence = Evidence & {
  /** How the work of each attempt really ended, by attempt; what never ended is absent. */
  readonly workEnds: ReadonlyMap<string, string>;
};

type Named = { readonly task: number; readonly epoch: number };

function isLead(record: RunRecord | undefined, { task, epoch }: Named): boolean {
  const live = record?.state.tasks[task]!.items?.live ?? [];
  return live.some((chunk) => chunk.epoch === epoch && chunk.items === '');
}

/** An attempt counts as succeeded or failed only when its own work did. Work that is stopped for its memory dies. */
export function honestOutcome({ workEnds, tables }: HonestEvidence): Checker {
  return {
    name: 'honest-outcome',
    promise: 'P2: an outcome is accepted only from the current epoch',
    onCommit({ before, batch }, fail) {
      for (const { runId, task, epoch, state } of batch.ends) {
        if (state !== 'succeeded' && state !== 'failed') continue;
        // N4: it is ended with the partitions that it has held together.
        if (state === 'succeeded' && isLead(before.get(runId), { task, epoch })) continue;
        const taskId = tables.runs.get(runId)!.plan.graph.tasks[task]!.id;
        const real = workEnds.get(`${runId}/${taskId}/${epoch}`);
        const isTrue =
          state === 'succeeded' ? real === state : real === 'failed' || real === 'died';
        if (!isTrue)
          fail(
            `attempt ${attemptKey(runId, task, epoch)} ${state}, but its work ${real ?? 'has not ended'}`,
          );
      }
    },
  };
}
