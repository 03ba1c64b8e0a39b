import { laneOfTask } from '@floe/scheduling';
import type { Lane } from '@floe/execution';
import { attemptKey } from '../postgres/tables.ts';
import type { Fail, MakeChecker } from './checker.ts';

// An answer that was lost before leaves room taken for as long as a lease, and its end has to be told.
const CALM_BEFORE_MS = 12_000;

/** An executor is given what it has room for: what it has offered in two places counts once. */
export const roomOnce: MakeChecker = ({ scenario, tables, wholeForMs }) => {
  // Long work that was given twice over while things went wrong may still go on.
  const claimedInCalm = new Set<string>();

  /** Executors are named by their place and their life, as `executor-2.5`. */
  function specOf(executorId: string) {
    const [, place] = /-(\d+)\./.exec(executorId) ?? [];
    return scenario.executors[Number(place) - 1]!;
  }

  function check(executorId: string, fail: Fail): void {
    const used: Record<Lane, number> = { slot: 0, light: 0 };
    for (const row of tables.runningAttempts())
      if (row.executorId === executorId && claimedInCalm.has(keyOf(row)))
        used[laneOfTask(tables.runs.get(row.runId)!, row.task)] += 1;
    const { slots, light } = specOf(executorId);
    if (used.slot > slots) fail(`${executorId} holds ${used.slot} attempts and has ${slots} slots`);
    if (used.light > light) fail(`${executorId} holds ${used.light} light attempts, not ${light}`);
  }

  return {
    name: 'room-once',
    promise: 'P4: an executor is given no more than it has room for',
    onCommit({ batch }, fail) {
      if (wholeForMs() < CALM_BEFORE_MS) return;
      for (const row of batch.claims) claimedInCalm.add(keyOf(row));
      for (const { executorId } of batch.claims) check(executorId, fail);
    },
  };
};

type Row = { readonly runId: string; readonly task: number; readonly epoch: number };

function keyOf({ runId, task, epoch }: Row): string {
  return attemptKey(runId, task, epoch);
}
