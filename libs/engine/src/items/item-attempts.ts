import { assertNever } from '@floe/errors';
import type { Draft } from '../draft.ts';
import type { FailedItem, Outcome, Refusal } from '../input.ts';
import { LOSSES_MAX, LOSS_RETRY_DELAY_MS, TIMEOUT_GRACE_MS } from '../limits.ts';
import { retryDelayMs } from '../retry-delay.ts';
import type { StoredTask } from '../state.ts';
import type { Failure } from '../failure.ts';
import type { EpochMs } from '../epoch-ms.ts';
import { judgeMissing, recall } from '../transitions/recompute.ts';
import { isRetriedError } from '../transitions/retried-error.ts';
import { noteUnheard } from '../transitions/void-load.ts';
import { allFailed, closeChunk, putBack, splitLost } from './item-results.ts';
import type { ItemsState, LiveChunk } from './items-state.ts';
import { endLead, loseLead, SHARED_GONE_CODE } from './lead.ts';
import { continueItems, offerItems } from './offer-items.ts';
import { hasLead, isLead } from './partitions.ts';
import { beginUnderNewLead, countRows, reliesOnOldLead } from './remake-parts.ts';

type Named = { readonly task: number; readonly epoch: number };

/** C1, C2 for a chunk: it is held under the epoch that was offered, and the next one is offered. */
export function claimItems(draft: Draft, index: number, charged: Partial<StoredTask>): void {
  const { items, epoch } = draft.task(index);
  if (items?.offer === undefined) return;
  const { policy } = draft.graphTask(index);
  const deadlineAt = draft.world.now + policy.timeoutMs + TIMEOUT_GRACE_MS;
  const chunk = { ...items.offer, epoch, deadlineAt };
  draft.command({ type: 'attempt_claimed', task: index, epoch, items: chunk.items });
  draft.setTask(index, {
    ...charged,
    status: 'running',
    deadlineAt: undefined,
    items: { ...items, offer: undefined, live: [...items.live, chunk] },
  });
  offerItems(draft, index);
}

/** W4 */
export function stretchItems(
  draft: Draft,
  { task, epoch }: Named,
  deadlineAt: EpochMs,
): Refusal | undefined {
  const { items } = draft.task(task);
  if (!items?.live.some((chunk) => chunk.epoch === epoch)) return 'not_running';
  const stretch = (chunk: LiveChunk) => (chunk.epoch === epoch ? { ...chunk, deadlineAt } : chunk);
  draft.setTask(task, { items: { ...items, live: items.live.map(stretch) } });
  return undefined;
}

/** F1 for a chunk. */
export function finishItems(
  draft: Draft,
  input: Named & { readonly outcome: Outcome },
): Refusal | undefined {
  const chunk = liveChunk(draft, input);
  if (chunk === undefined) return 'not_running';
  applyOutcome(draft, input, chunk);
  continueItems(draft, input.task);
  return undefined;
}

/** L1 for a chunk. */
export function loseItems(draft: Draft, input: Named, failure: Failure): Refusal | undefined {
  const outcome = { kind: 'lost', failure } as const;
  // E3: an epoch that nobody holds is refused, and leaves no mark.
  if (liveChunk(draft, input) !== undefined) noteUnheard(draft, input.task);
  return finishItems(draft, { ...input, outcome });
}

function liveChunk(draft: Draft, { task, epoch }: Named): LiveChunk | undefined {
  return draft.task(task).items?.live.find((chunk) => chunk.epoch === epoch);
}

function applyOutcome(
  draft: Draft,
  { task: index, epoch, outcome }: Named & { readonly outcome: Outcome },
  chunk: LiveChunk,
): void {
  if (isLead(chunk)) return endLead(draft, index, { lead: chunk, outcome });
  const attempt = { task: index, epoch };
  switch (outcome.kind) {
    case 'succeeded': {
      draft.endAttempt(attempt, 'succeeded');
      countRows(draft, index, { chunk, rows: outcome.rows ?? 0 });
      return closeWith(draft, index, { chunk, failed: outcome.failedItems ?? [] });
    }
    case 'failed': {
      const { failure } = outcome;
      draft.endAttempt(attempt, 'failed', failure);
      if (reliesOnOldLead(draft, index)) return beginUnderNewLead(draft, index, { chunk, failure });
      if (failure.code === SHARED_GONE_CODE && hasLead(itemsOf(draft, index)))
        return loseShared(draft, index, { chunk, failure });
      return failChunk(draft, index, { chunk, outcome });
    }
    case 'timed_out':
      return timeOutChunk(draft, index, { chunk, failure: outcome.failure });
    case 'lost':
      draft.endAttempt(attempt, 'lost', outcome.failure);
      return loseChunk(draft, index, { chunk, failure: outcome.failure });
    case 'cancelled':
      return stopChunk(draft, index, chunk);
    case 'handed_back':
      return returnChunk(draft, index, chunk);
    default:
      return assertNever(outcome);
  }
}

/** M5: items that miss an input wait for it; the attempt is not charged. */
function failChunk(
  draft: Draft,
  index: number,
  { chunk, outcome }: { readonly chunk: LiveChunk; readonly outcome: Outcome & { kind: 'failed' } },
): void {
  const { failure, retryable } = outcome;
  const missing = judgeMissing(draft, index, { failure, items: chunk.items });
  if (missing.kind === 'none') {
    return closeWith(draft, index, { chunk, failed: allFailed(chunk, { failure, retryable }) });
  }
  if (missing.kind === 'hopeless') {
    const failed = allFailed(chunk, { failure: missing.failure, retryable: false });
    return closeWith(draft, index, { chunk, failed });
  }
  const { attempts } = draft.task(index);
  draft.setTask(index, { attempts: attempts - 1, items: putBack(itemsOf(draft, index), chunk) });
  if (missing.kind === 'recall') recall(draft, missing);
}

type FailedChunk = { readonly chunk: LiveChunk; readonly failure: Failure };

/** N2: the attempt is not to blame, and its partition begins again with all others. */
function loseShared(draft: Draft, index: number, { chunk, failure }: FailedChunk): void {
  draft.setTask(index, { items: putBack(itemsOf(draft, index), chunk) });
  loseLead(draft, index, failure);
}

/** An attempt took too long: all of its items failed in the same way, and may be tried again. */
export function timeOutChunk(draft: Draft, index: number, { chunk, failure }: FailedChunk): void {
  if (isLead(chunk)) {
    return endLead(draft, index, { lead: chunk, outcome: { kind: 'timed_out', failure } });
  }
  draft.endAttempt({ task: index, epoch: chunk.epoch }, 'timed_out', failure);
  closeWith(draft, index, { chunk, failed: allFailed(chunk, { failure, retryable: true }) });
}

function closeWith(
  draft: Draft,
  index: number,
  { chunk, failed }: { readonly chunk: LiveChunk; readonly failed: readonly FailedItem[] },
): void {
  const { policy } = draft.graphTask(index);
  const failures = chunk.failures + 1;
  const { random, now } = draft.world;
  const result = {
    failed,
    isRetried: ({ retryable, failure }: FailedItem) =>
      retryable && failures <= policy.retriesMax && isRetriedError(policy, failure), // R1–R4
    retryAt: now + retryDelayMs(policy, { failures, random }),
  };
  draft.setTask(index, { items: closeChunk(itemsOf(draft, index), chunk, result) });
}

/** L2, L3 */
function loseChunk(draft: Draft, index: number, { chunk, failure }: FailedChunk): void {
  const losses = chunk.losses + 1;
  draft.setTask(index, { losses: draft.task(index).losses + 1 });
  if (losses > LOSSES_MAX) {
    const failed = allFailed(chunk, { failure, retryable: false });
    return closeWith(draft, index, { chunk, failed });
  }
  const notBefore = draft.world.now + LOSS_RETRY_DELAY_MS * losses;
  draft.setTask(index, { items: splitLost(itemsOf(draft, index), chunk, notBefore) });
}

function stopChunk(draft: Draft, index: number, chunk: LiveChunk): void {
  const { id: taskId } = draft.graphTask(index);
  const { epoch } = chunk;
  if (draft.run.status !== 'cancelling') {
    const message = `the worker of task ${taskId} was stopped`;
    const failure = { code: 'ATTEMPT_LOST', message, taskId };
    draft.endAttempt({ task: index, epoch }, 'lost', failure);
    return loseChunk(draft, index, { chunk, failure });
  }
  draft.endAttempt({ task: index, epoch }, 'cancelled');
  draft.setTask(index, { items: putBack(itemsOf(draft, index), chunk) });
}

/** H1 for a chunk. */
function returnChunk(draft: Draft, index: number, chunk: LiveChunk): void {
  const message = 'the executor drained and handed the attempt back';
  const attempt = { task: index, epoch: chunk.epoch };
  draft.endAttempt(attempt, 'lost', { code: 'ATTEMPT_LOST', message });
  const { attempts } = draft.task(index);
  draft.setTask(index, { attempts: attempts - 1, items: putBack(itemsOf(draft, index), chunk) });
}

function itemsOf(draft: Draft, index: number): ItemsState {
  return draft.task(index).items!;
}
