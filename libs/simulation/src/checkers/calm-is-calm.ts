import { attemptKey } from '../postgres/tables.ts';
import type { Checker } from './checker.ts';
import type { HonestEvidence } from './honest-outcome.ts';

// What was slow or lost before everything was whole may still be on its way.
const CALM_BEFORE_MS = 8_000;

/** Where nothing goes wrong, nothing is taken for dead. */
export function calmIsCalm({ wholeForMs, tables, workEnds, snapshots }: HonestEvidence): Checker {
  const claimedInCalm = new Set<string>();
  const leads = new Set<string>();
  return {
    name: 'calm-is-calm',
    promise: 'P4: only what is dead is taken for dead',
    onCommit({ batch }, fail) {
      for (const { runId, task, epoch, items } of batch.claims) {
        const key = attemptKey(runId, task, epoch);
        if (wholeForMs() > CALM_BEFORE_MS) claimedInCalm.add(key);
        // N1: no other attempt is claimed without an item.
        if (items === '') leads.add(key);
      }
      for (const { runId, task, epoch, state } of batch.ends) {
        const key = attemptKey(runId, task, epoch);
        if (state !== 'lost' || !claimedInCalm.has(key)) continue;
        if (!isEndedStage(runId, task, epoch) && !isEndedLead(runId, task, epoch))
          fail(`attempt ${key} was lost, and nothing was wrong`);
      }
    },
  };

  /** An attempt of several tasks that was ended counts as lost: nobody knows which of them it was. */
  function isEndedStage(runId: string, task: number, epoch: number): boolean {
    const { id, type } = tables.runs.get(runId)!.plan.workflow.tasks[task]!;
    return type === 'expression_transform' && workEnds.get(`${runId}/${id}/${epoch}`) === 'died';
  }

  /** A lead that was ended counts as lost when one of its partitions, which miss what it held, is heard of first. */
  function isEndedLead(runId: string, task: number, epoch: number): boolean {
    const { id } = tables.runs.get(runId)!.plan.workflow.tasks[task]!;
    return (
      leads.has(attemptKey(runId, task, epoch)) && !snapshots.isOpen(`${runId}/${id}/${epoch}`)
    );
  }
}
