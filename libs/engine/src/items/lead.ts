import { assertNever } from '@floe/errors';
import type { Draft } from '../draft.ts';
import type { Outcome, Refusal } from '../input.ts';
import { LOSSES_MAX, LOSS_RETRY_DELAY_MS } from '../limits.ts';
import { retryDelayMs } from '../retry-delay.ts';
import type { Failure } from '../failure.ts';
import { isRetriedError } from '../transitions/retried-error.ts';
import { newItems, type LiveChunk, type WaitingChunk } from './items-state.ts';
import { offerItems } from './offer-items.ts';
import { eachAlone, failPartitions, isLead } from './partitions.ts';
import { resetFollowers } from './remake-parts.ts';
import { stopItems } from './stop-items.ts';

/** What a partition says that does not find what its lead holds. */
export const SHARED_GONE_CODE = 'SNAPSHOT_GONE';

type Named = { readonly task: number; readonly epoch: number };

/** N1: the partitions may begin. */
export function handOut(
  draft: Draft,
  { task: index, epoch, handout }: Named & { readonly handout: string },
): Refusal | undefined {
  const { items } = draft.task(index);
  const lead = items?.live.find((chunk) => chunk.epoch === epoch);
  if (items === undefined || lead === undefined || !isLead(lead)) return 'not_running';
  if (items.handout !== undefined) return 'not_running';
  const waiting = eachAlone(items.total);
  draft.setTask(index, { items: { ...items, handout, waiting } });
  offerItems(draft, index);
  return undefined;
}

type Ended = { readonly lead: LiveChunk; readonly outcome: Outcome };

/** N2, N3: the attempt of a lead has ended before those of its partitions. */
export function endLead(draft: Draft, index: number, { lead, outcome }: Ended): void {
  const attempt = { task: index, epoch: lead.epoch };
  switch (outcome.kind) {
    case 'failed':
    case 'timed_out': {
      draft.endAttempt(attempt, outcome.kind, outcome.failure);
      const isRetryable = outcome.kind === 'timed_out' || outcome.retryable;
      return leadFailed(draft, index, { lead, failure: outcome.failure, isRetryable });
    }
    case 'lost':
      draft.endAttempt(attempt, 'lost', outcome.failure);
      return leadLost(draft, index, { lead, failure: outcome.failure });
    case 'handed_back': {
      const failure = { code: 'ATTEMPT_LOST', message: 'its executor drained' };
      draft.endAttempt(attempt, 'lost', failure);
      draft.setTask(index, { attempts: draft.task(index).attempts - 1 });
      return beginAgain(draft, index, { lead, failure, again: lead });
    }
    case 'succeeded':
    case 'cancelled': {
      const isCancelling = draft.run.status === 'cancelling';
      const failure = { code: 'ATTEMPT_LOST', message: 'it ended before its partitions' };
      draft.endAttempt(attempt, isCancelling ? 'cancelled' : 'lost', failure);
      return leadLost(draft, index, { lead, failure });
    }
    default:
      return assertNever(outcome);
  }
}

/** The lead of a partition that does not find what it shares has lost it, whether it knows of that or not. */
export function loseLead(draft: Draft, index: number, failure: Failure): void {
  const lead = draft.task(index).items?.live.find(isLead);
  // It is gone already: everything has begun again.
  if (lead === undefined) return;
  draft.command({ type: 'stop_attempt', task: index, epoch: lead.epoch });
  draft.endAttempt({ task: index, epoch: lead.epoch }, 'lost', failure);
  leadLost(draft, index, { lead, failure });
}

type Gone = { readonly lead: LiveChunk; readonly failure: Failure };

function leadLost(draft: Draft, index: number, { lead, failure }: Gone): void {
  const losses = lead.losses + 1;
  draft.setTask(index, { losses: draft.task(index).losses + 1 });
  dropLive(draft, index, lead);
  if (losses > LOSSES_MAX) return failPartitions(draft, index, failure);
  const notBefore = draft.world.now + LOSS_RETRY_DELAY_MS * losses;
  beginAgain(draft, index, { lead, failure, again: { ...lead, losses, notBefore } });
}

function leadFailed(
  draft: Draft,
  index: number,
  { lead, failure, isRetryable }: Gone & { readonly isRetryable: boolean },
): void {
  const { policy } = draft.graphTask(index);
  const failures = lead.failures + 1;
  dropLive(draft, index, lead);
  const isRetried = isRetryable && failures <= policy.retriesMax && isRetriedError(policy, failure);
  if (!isRetried) return failPartitions(draft, index, failure);
  const { random, now } = draft.world;
  const notBefore = now + retryDelayMs(policy, { failures, random });
  beginAgain(draft, index, { lead, failure, again: { ...lead, failures, notBefore } });
}

/** N2: what ran under the lead is stopped, what it has done is forgotten, and a new lead waits for its turn. */
function beginAgain(
  draft: Draft,
  index: number,
  { lead, failure, again }: Gone & { readonly again: WaitingChunk },
): void {
  dropLive(draft, index, lead);
  stopItems(draft, index, { end: 'cancelled', failure });
  const { total } = draft.task(index).items!;
  const { items, failures, losses, notBefore } = again;
  const waiting = [{ items, failures, losses, ...(notBefore !== undefined && { notBefore }) }];
  draft.setTask(index, {
    rows: undefined,
    deadlineAt: undefined,
    items: { ...newItems(total), next: total, waiting },
  });
  resetFollowers(draft, index, failure); // N8
}

function dropLive(draft: Draft, index: number, { epoch }: LiveChunk): void {
  const items = draft.task(index).items!;
  const live = items.live.filter((chunk) => chunk.epoch !== epoch);
  draft.setTask(index, { items: { ...items, live } });
}
