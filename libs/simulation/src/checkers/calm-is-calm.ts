import { attemptKey } from '../postgres/tables.ts';
import type { Checker } from './checker.ts';
import type { HonestEvidence } from './honest-outcome.ts';

// What was slow or lost before everything was whole may still be on its way.
const CALM_BEFORE_MS = 8_000;

/** Where nothing goes wrong, nothing is taken for dead. */
export function calmIsCalm({ wholeForMs, tables, workEnds }: HonestEvidence): Checker {
  const claimedInCalm = new Set<string>();
  return {
    name: 'calm-is-calm',
    promise: 'P4: only what is dead is taken for dead',
    onCommit({ batch }, fail) {
      for (const { runId, task, epoch } of batch.claims)
        if (wholeForMs() > CALM_BEFORE_MS) claimedInCalm.add(attemptKey(runId, task, epoch));
      for (const { runId, task, epoch, state } of batch.ends) {
        const key = attemptKey(runId, task, epoch);
        if (state === 'lost' && claimedInCalm.has(key) && !isEndedStage(runId, task, epoch))
          fail(`attempt ${key} was lost, and nothing was wrong`);
      }
    },
  };

  /** An attempt of several tasks that was ended counts as lost: nobody knows which of them it was. */
  function isEndedStage(runId: string, task: number, epoch: number): boolean {
    const { id, type } = tables.runs.get(runId)!.plan.workflow.tasks[task]!;
    return type === 'expression_transform' && workEnds.get(`${runId}/${id}/${epoch}`) === 'died';
  }
}
