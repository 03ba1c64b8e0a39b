import type { Draft } from '../draft.ts';
import { LOSSES_MAX, LOSS_RETRY_DELAY_MS } from '../limits.ts';
import { retryDelayMs } from '../retry-delay.ts';
import type { Failure } from '../state.ts';
import { endCancelled, failTask, type TaskEnding } from './end-task.ts';
import { makeReady } from './ready.ts';

/** L2, L3: a lost attempt is tried again, but not for ever. */
export function loseTask(draft: Draft, index: number, failure: Failure): void {
  const losses = draft.task(index).losses + 1;
  draft.endAttempt(index, 'lost', failure);
  draft.setTask(index, { losses });
  if (draft.run.status === 'cancelling') return endCancelled(draft, index);
  if (losses > LOSSES_MAX) return failTask(draft, index, { failure });
  waitForRetry(draft, index, { failure, delayMs: LOSS_RETRY_DELAY_MS * losses });
}

/** R1–R3: within the budget of the policy the task waits for its next attempt; else it fails. */
export function failOrRetry(
  draft: Draft,
  index: number,
  ending: TaskEnding & { readonly mayRetry: boolean },
): void {
  if (draft.run.status === 'cancelling') return endCancelled(draft, index);
  const task = draft.task(index);
  const { policy } = draft.graphTask(index);
  const failures = task.attempts - task.losses;
  if (!ending.mayRetry || failures > policy.retriesMax) return failTask(draft, index, ending);
  const delayMs = retryDelayMs(policy, { failures, random: draft.world.random });
  waitForRetry(draft, index, { failure: ending.failure, delayMs });
}

/** H1: what a draining executor hands back is not charged. */
export function handBack(draft: Draft, index: number): void {
  const message = 'the executor drained and handed the attempt back';
  draft.endAttempt(index, 'lost', { code: 'ATTEMPT_LOST', message });
  if (draft.run.status === 'cancelling') return endCancelled(draft, index);
  draft.setTask(index, { attempts: draft.task(index).attempts - 1 });
  makeReady(draft, index);
}

type RetryWait = { readonly failure: Failure; readonly delayMs: number };

function waitForRetry(draft: Draft, index: number, wait: RetryWait): void {
  draft.setTask(index, {
    status: 'retrying',
    failure: wait.failure,
    nextAttemptAt: draft.world.now + wait.delayMs,
    deadlineAt: undefined,
  });
}
