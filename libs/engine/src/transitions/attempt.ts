import { assertNever } from '@floe/errors';
import type { Draft } from '../draft.ts';
import type { Outcome, Refusal } from '../input.ts';
import { claimItems, finishItems, loseItems, stretchItems } from '../items/item-attempts.ts';
import { preferItems } from '../items/prefer-items.ts';
import { TIMEOUT_GRACE_MS } from '../limits.ts';
import type { EpochMs } from '../epoch-ms.ts';
import { markRunning } from './announce.ts';
import { awaitInput, judgeMissing, tryAgain } from './recompute.ts';
import { attemptTimeoutMs, followersOf, sharedFault } from './followers.ts';
import { failOrRetry, handBack, loseTask } from './retry.ts';
import { endStopped } from './stop-task.ts';
import { claimVoid, finishVoid, noteUnheard } from './void-load.ts';

export type Named = { readonly task: number; readonly epoch: number };

/** C1–C3: at most one claim of an epoch; the attempt is charged here, so that a task which kills its worker runs out. */
export function claimAttempt(
  draft: Draft,
  input: Named & { readonly since?: EpochMs; readonly prefers?: readonly number[] },
): Refusal | undefined {
  const { attempts, startedAt, readyAt, items, epoch, voiding } = draft.task(input.task);
  if (voiding !== undefined) return claimVoid(draft, input);
  const { status } = draft.run;
  if (status === 'cancelling' || status === 'paused') return status; // C3
  const { work, policy, lane } = draft.graphTask(input.task);
  const isOffered = work.kind !== 'items' || (items?.offer !== undefined && input.epoch === epoch);
  if (!isOffered) return 'not_ready';
  markRunning(draft);
  const { now } = draft.world;
  const { since } = input;
  const charged = { attempts: attempts + 1, startedAt: startedAt ?? since ?? now };
  if (work.kind === 'items') {
    preferItems(draft, input.task, input.prefers ?? []);
    claimItems(draft, input.task, charged);
    return undefined;
  }
  draft.command({ type: 'attempt_claimed', task: input.task, epoch: input.epoch });
  const followers = since === undefined ? followersOf(draft, input.task) : [];
  const awaitsBegin = lane === 'slot' && policy.startTimeoutMs !== undefined;
  const timeoutMs = attemptTimeoutMs(draft, [input.task, ...followers]);
  const allowedMs = (awaitsBegin ? policy.startTimeoutMs : undefined) ?? timeoutMs;
  draft.setTask(input.task, {
    ...charged,
    status: 'running',
    readyAt: since ?? readyAt,
    awaitsBegin,
    followers: followers.length > 0 ? followers : undefined,
    deadlineAt: now + allowedMs + TIMEOUT_GRACE_MS,
  });
  return undefined;
}

/** W4: the worker has begun, so its attempt has the time of an attempt, counted from now. */
export function beginAttempt(draft: Draft, input: Named): Refusal | undefined {
  const { work } = draft.graphTask(input.task);
  const { followers = [] } = draft.task(input.task);
  const timeoutMs = attemptTimeoutMs(draft, [input.task, ...followers]);
  const deadlineAt = draft.world.now + timeoutMs + TIMEOUT_GRACE_MS;
  if (work.kind === 'items') return stretchItems(draft, input, deadlineAt);
  draft.setTask(input.task, { awaitsBegin: false, deadlineAt });
  return undefined;
}

/** F1: only a current epoch, and only while it runs, can end an attempt. */
export function finishAttempt(
  draft: Draft,
  input: Named & { readonly outcome: Outcome },
): Refusal | undefined {
  if (draft.task(input.task).voiding !== undefined) {
    finishVoid(draft, input, input.outcome);
    return undefined;
  }
  if (draft.graphTask(input.task).work.kind === 'items') return finishItems(draft, input);
  applyOutcome(draft, input, input.outcome);
  return undefined;
}

/** L1: the lease of the attempt ran out, or its executor is gone. */
export function loseAttempt(
  draft: Draft,
  input: Named & { readonly reason: string },
): Refusal | undefined {
  const { id: taskId, work } = draft.graphTask(input.task);
  const failure = { code: 'ATTEMPT_LOST', message: input.reason, taskId };
  if (draft.task(input.task).voiding !== undefined) {
    finishVoid(draft, input, { kind: 'lost', failure });
    return undefined;
  }
  if (work.kind === 'items') return loseItems(draft, input, failure);
  noteUnheard(draft, input.task);
  loseTask(draft, input.task, failure);
  return undefined;
}

function applyOutcome(draft: Draft, attempt: Named, outcome: Outcome): void {
  const { task: index } = attempt;
  const fault = sharedFault(draft, index, outcome);
  if (fault !== undefined) return loseTask(draft, index, fault); // O3
  switch (outcome.kind) {
    case 'succeeded':
      draft.endAttempt(attempt, 'succeeded');
      if (outcome.rows !== undefined) draft.setTask(index, { rows: outcome.rows });
      if (outcome.hasUncountedRows === true) draft.setTask(index, { hasUncountedRows: true });
      return draft.endTask(index, 'succeeded');
    case 'failed':
      draft.endAttempt(attempt, 'failed', outcome.failure);
      return failAttempt(draft, index, outcome);
    case 'timed_out': {
      const { failure } = outcome;
      draft.endAttempt(attempt, 'timed_out', failure);
      return failOrRetry(draft, index, { failure, mayRetry: true, end: 'timed_out' });
    }
    case 'lost':
      return loseTask(draft, index, outcome.failure);
    case 'cancelled':
      return confirmStop(draft, attempt);
    case 'handed_back':
      return handBack(draft, index);
    default:
      return assertNever(outcome);
  }
}

/** What is missing is made again, where that is possible (M1); else the failure is one like any other. */
function failAttempt(draft: Draft, index: number, outcome: Outcome & { kind: 'failed' }): void {
  const { failure, retryable: mayRetry } = outcome;
  const missing = judgeMissing(draft, index, { failure });
  switch (missing.kind) {
    case 'none':
      return failOrRetry(draft, index, { failure, mayRetry });
    case 'hopeless':
      return failOrRetry(draft, index, { failure: missing.failure, mayRetry: false });
    case 'renewed':
      return tryAgain(draft, index);
    case 'recall':
      return awaitInput(draft, index, { missing, failure });
  }
}

/** The worker of a running attempt is gone for good. Outside a cancel this counts as a loss: nobody asked for it. */
function confirmStop(draft: Draft, attempt: Named): void {
  if (draft.run.status === 'cancelling') {
    draft.endAttempt(attempt, 'cancelled');
    return endStopped(draft, attempt.task);
  }
  const taskId = draft.graphTask(attempt.task).id;
  const message = `the worker of task ${taskId} was stopped`;
  loseTask(draft, attempt.task, { code: 'ATTEMPT_LOST', message, taskId });
}
