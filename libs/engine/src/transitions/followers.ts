import type { Draft } from '../draft.ts';
import type { Outcome } from '../input.ts';
import type { Failure } from '../failure.ts';

/**
 * O1: the tasks that a first attempt carries out besides its own, as far as they wait for nothing else. One that was
 * announced before has a history of its own.
 */
export function followersOf(draft: Draft, index: number): readonly number[] {
  if (draft.task(index).epoch !== 1) return [];
  const followers: number[] = [];
  let next = draft.graphTask(index).follower;
  while (next !== undefined && waitsForOneOnly(draft, next)) {
    followers.push(next);
    next = draft.graphTask(next).follower;
  }
  return followers;
}

function waitsForOneOnly(draft: Draft, index: number): boolean {
  const { status, epoch, waitingFor, failedUpstream, skippedUpstream } = draft.task(index);
  const hasGoodUpstream = failedUpstream === 0 && skippedUpstream === 0;
  return status === 'pending' && epoch === 0 && waitingFor === 1 && hasGoodUpstream;
}

/** How long an attempt may take that carries out these tasks besides its own. */
export function attemptTimeoutMs(draft: Draft, tasks: readonly number[]): number {
  return tasks.reduce((sum, index) => sum + draft.graphTask(index).policy.timeoutMs, 0);
}

/** O3: what ended an attempt of several tasks from outside, so that nobody knows which of them is at fault. */
export function sharedFault(draft: Draft, index: number, outcome: Outcome): Failure | undefined {
  const { followers = [] } = draft.task(index);
  if (followers.length === 0) return undefined;
  if (outcome.kind === 'timed_out') return outcome.failure;
  const isMemory = outcome.kind === 'failed' && outcome.failure.code === 'MEMORY_EXCEEDED';
  return isMemory ? outcome.failure : undefined;
}
