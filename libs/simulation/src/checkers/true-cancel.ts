import { CANCEL_DEADLINE_MS, isRunEnded } from '@floe/engine';
import type { MakeChecker } from './checker.ts';

// The promise is 2 s from the cancel to the end of all work; the rest is for the answers to be decided and stored.
const CANCEL_WITHIN_MS = 2_500;
// What was slow or lost before everything was whole may still be on its way.
const CALM_BEFORE_MS = 8_000;

/**
 * After a run is seen as cancelled nothing more of it is written. Where the engine had to stop waiting, because the
 * executor was frozen or cut off, the fence of the target holds older attempts off, not the last one.
 */
export const trueCancel: MakeChecker = ({ tables, now, wholeForMs }) => {
  const confirmed = new Set<string>();
  /** When each cancel was stored, on the clock that counts from when everything is whole. */
  const cancelledAt = new Map<string, number>();
  return {
    name: 'true-cancel',
    promise:
      'P5: a cancel takes effect within 2 s, and after it nothing more of the run is written',
    onCommit({ batch }, fail) {
      for (const { record } of batch.runs) {
        const { runId, state } = record;
        if (state.cancel === undefined || state.cancel.softUntil !== undefined) continue;
        const at = cancelledAt.get(runId) ?? wholeForMs();
        cancelledAt.set(runId, at);
        if (!isRunEnded(state.status)) continue;
        const tookMs = wholeForMs() - at;
        const isSlow = at > CALM_BEFORE_MS && tookMs > CANCEL_WITHIN_MS;
        // An attempt that its executor never heard of, as after a lost answer, has to run out.
        if (isSlow && !hasLostAttempt(runId)) fail(`the cancel of ${runId} took ${tookMs} ms`);
        if (
          now() - (state.cancel.stoppedAt ?? state.cancel.at) < CANCEL_DEADLINE_MS &&
          !hasLostAttempt(runId)
        )
          confirmed.add(runId);
      }
    },
    onEffect({ runId, taskId, epoch }, fail) {
      if (confirmed.has(runId))
        fail(`load ${runId}/${taskId} took effect after the cancel, by epoch ${epoch}`);
    },
  };

  function hasLostAttempt(runId: string): boolean {
    for (const attempt of tables.attempts.values())
      if (attempt.runId === runId && (attempt.state === 'lost' || attempt.state === 'timed_out'))
        return true;
    return false;
  }
};
