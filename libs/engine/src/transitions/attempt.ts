import { assertNever } from '@floe/errors';
import type { Draft } from '../draft.ts';
import type { Outcome, Refusal } from '../input.ts';
import { TIMEOUT_GRACE_MS } from '../limits.ts';
import type { TaskStatus } from '../status.ts';
import { confirmStop } from './cancel.ts';
import { endRunIfDone } from './end-run.ts';
import { succeedTask } from './end-task.ts';
import { failOrRetry, handBack, loseTask } from './retry.ts';

type Named = { readonly task: number; readonly epoch: number };

/** C1–C3: at most one claim of an epoch; the attempt is charged here, so that a task which kills its worker runs out. */
export function claimAttempt(draft: Draft, input: Named): Refusal | undefined {
  const refusal = refuseUnless(draft, input, 'ready');
  if (refusal !== undefined) return refusal;
  if (draft.run.status === 'cancelling') return 'cancelling';
  const task = draft.task(input.task);
  const { now } = draft.world;
  if (draft.run.status === 'queued') draft.setRun({ status: 'running', startedAt: now });
  draft.command({ type: 'attempt_claimed', task: input.task, epoch: input.epoch });
  draft.setTask(input.task, {
    status: 'running',
    attempts: task.attempts + 1,
    startedAt: task.startedAt ?? now,
    deadlineAt: now + draft.graphTask(input.task).policy.timeoutMs + TIMEOUT_GRACE_MS,
  });
  return undefined;
}

/** F1: only the current epoch, and only while it runs, can end an attempt. */
export function finishAttempt(
  draft: Draft,
  input: Named & { readonly outcome: Outcome },
): Refusal | undefined {
  const refusal = refuseUnless(draft, input, 'running');
  if (refusal !== undefined) return refusal;
  applyOutcome(draft, input.task, input.outcome);
  endRunIfDone(draft);
  return undefined;
}

/** L1: the lease of the attempt ran out, or its executor is gone. */
export function loseAttempt(
  draft: Draft,
  input: Named & { readonly reason: string },
): Refusal | undefined {
  const refusal = refuseUnless(draft, input, 'running');
  if (refusal !== undefined) return refusal;
  const taskId = draft.graphTask(input.task).id;
  loseTask(draft, input.task, { code: 'ATTEMPT_LOST', message: input.reason, taskId });
  endRunIfDone(draft);
  return undefined;
}

function applyOutcome(draft: Draft, index: number, outcome: Outcome): void {
  switch (outcome.kind) {
    case 'succeeded':
      draft.endAttempt(index, 'succeeded');
      return succeedTask(draft, index);
    case 'failed':
      draft.endAttempt(index, 'failed', outcome.failure);
      return failOrRetry(draft, index, { failure: outcome.failure, mayRetry: outcome.retryable });
    case 'timed_out': {
      const { failure } = outcome;
      draft.endAttempt(index, 'timed_out', failure);
      return failOrRetry(draft, index, { failure, mayRetry: true, end: 'timed_out' });
    }
    case 'lost':
      return loseTask(draft, index, outcome.failure);
    case 'cancelled':
      return confirmStop(draft, index);
    case 'handed_back':
      return handBack(draft, index);
    default:
      return assertNever(outcome);
  }
}

function refuseUnless(draft: Draft, input: Named, status: TaskStatus): Refusal | undefined {
  if (draft.graph.tasks[input.task] === undefined) return 'unknown_task';
  const task = draft.task(input.task);
  if (task.epoch !== input.epoch) return 'stale_epoch';
  if (task.status !== status) return status === 'ready' ? 'not_ready' : 'not_running';
  return undefined;
}
