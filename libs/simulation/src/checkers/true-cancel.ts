import { isRunEnded } from '@floe/engine';
import type { MakeChecker } from './checker.ts';

// The promise is 2 s from the cancel to the end of all work; the rest is for the answers to be decided and stored.
const CANCEL_WITHIN_MS = 2_500;
// What was slow or lost before everything was whole may still be on its way.
const CALM_BEFORE_MS = 8_000;

/**
 * After a run is seen as ended nothing more of it is written, whoever was frozen or cut off meanwhile, save by tasks that
 * say themselves that nobody knows. What is not known is little: only while the target cannot be asked for long.
 */
export const trueCancel: MakeChecker = ({ tables, wholeForMs }) => {
  const ended = new Set<string>();
  /** When each cancel was stored, on the clock that counts from when everything is whole. */
  const cancelledAt = new Map<string, number>();
  return {
    name: 'true-cancel',
    promise:
      'P5: a cancel takes effect within 2 s, and after the end nothing more of the run is written',
    onCommit({ batch }, fail) {
      for (const { record } of batch.runs) {
        const { runId, state } = record;
        if (isRunEnded(state.status)) ended.add(runId);
        if (state.cancel === undefined || state.cancel.softUntil !== undefined) continue;
        const at = cancelledAt.get(runId) ?? wholeForMs();
        cancelledAt.set(runId, at);
        if (!isRunEnded(state.status)) continue;
        const tookMs = wholeForMs() - at;
        const isSlow = at > CALM_BEFORE_MS && tookMs > CANCEL_WITHIN_MS;
        // An attempt that its executor never heard of, as after a lost answer, has to run out.
        if (isSlow && !hasLostAttempt(runId)) fail(`the cancel of ${runId} took ${tookMs} ms`);
      }
    },
    onEffect({ runId, taskId, epoch }, fail) {
      if (ended.has(runId) && !isUncertain(runId, taskId))
        fail(`load ${runId}/${taskId} took effect after the end of the run, by epoch ${epoch}`);
    },
  };

  function isUncertain(runId: string, taskId: string): boolean {
    const { plan, state } = tables.runs.get(runId)!;
    const task = plan.taskIndexes.get(taskId)!;
    return state.tasks[task]!.failure?.code === 'LOAD_UNCERTAIN';
  }

  function hasLostAttempt(runId: string): boolean {
    for (const attempt of tables.attempts.values())
      if (
        isPartOf(attempt.runId, runId) &&
        (attempt.state === 'lost' || attempt.state === 'timed_out')
      )
        return true;
    return false;
  }
};

/** Of the run itself, or of one that a task of it started. */
function isPartOf(runId: string, whole: string): boolean {
  return runId === whole || runId.startsWith(`child.${whole}.`);
}
