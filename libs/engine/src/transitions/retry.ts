import type { Draft } from '../draft.ts';
import { LOSSES_MAX, LOSS_RETRY_DELAY_MS } from '../limits.ts';
import { retryDelayMs } from '../retry-delay.ts';
import type { Failure } from '../failure.ts';
import { announce } from './announce.ts';
import { isRetriedError } from './retried-error.ts';
import { endStopped } from './stop-task.ts';
import { endOrVoid } from './void-load.ts';

export type TaskEnding = { readonly failure: Failure; readonly end?: 'failed' | 'timed_out' };

/** L2, L3: a lost attempt is tried again, but not for ever. */
export function loseTask(draft: Draft, index: number, failure: Failure): void {
  const { losses: before, epoch } = draft.task(index);
  const losses = before + 1;
  draft.endAttempt({ task: index, epoch }, 'lost', failure);
  draft.setTask(index, { losses });
  if (draft.run.status === 'cancelling') return endStopped(draft, index);
  if (losses > LOSSES_MAX) return endOrVoid(draft, index, { end: 'failed', failure });
  waitForRetry(draft, index, { failure, delayMs: LOSS_RETRY_DELAY_MS * losses });
}

/** R1–R3: within the budget of the policy the task waits for its next attempt; else it fails. */
export function failOrRetry(
  draft: Draft,
  index: number,
  ending: TaskEnding & { readonly mayRetry: boolean },
): void {
  if (draft.run.status === 'cancelling') return endStopped(draft, index);
  const { attempts, losses } = draft.task(index);
  const { policy } = draft.graphTask(index);
  const { failure, end = 'failed' } = ending;
  const failures = attempts - losses;
  const mayRetry = ending.mayRetry && isRetriedError(policy, failure);
  if (!mayRetry || failures > policy.retriesMax) return endOrVoid(draft, index, { end, failure });
  const delayMs = retryDelayMs(policy, { failures, random: draft.world.random });
  waitForRetry(draft, index, { failure, delayMs });
}

/** H1: what a draining executor hands back is not charged. */
export function handBack(draft: Draft, index: number): void {
  const { attempts, epoch } = draft.task(index);
  const message = 'the executor drained and handed the attempt back';
  draft.endAttempt({ task: index, epoch }, 'lost', { code: 'ATTEMPT_LOST', message });
  if (draft.run.status === 'cancelling') return endStopped(draft, index);
  draft.setTask(index, { attempts: attempts - 1 });
  announce(draft, index);
}

function waitForRetry(
  draft: Draft,
  index: number,
  wait: { readonly failure: Failure; readonly delayMs: number },
): void {
  draft.setTask(index, {
    status: 'retrying',
    failure: wait.failure,
    nextAttemptAt: draft.world.now + wait.delayMs,
    deadlineAt: undefined,
  });
}
