import type { Draft } from '../draft.ts';

/** Offers a new attempt to executors: a higher epoch, and a deadline for being taken. P2: not while the run is paused. */
export function announce(draft: Draft, index: number): void {
  const { epoch } = draft.task(index);
  draft.setTask(index, {
    status: 'ready',
    epoch: epoch + 1,
    readyAt: draft.world.now,
    nextAttemptAt: undefined,
    deadlineAt: undefined,
  });
  if (draft.run.status !== 'paused') dispatch(draft, index);
}

/** Starts the queue timer and tells executors. */
export function dispatch(draft: Draft, index: number): void {
  const { epoch, attempts } = draft.task(index);
  const { policy } = draft.graphTask(index);
  draft.command({ type: 'dispatch', task: index, epoch, number: attempts + 1 });
  draft.setTask(index, { deadlineAt: draft.world.now + policy.queueTimeoutMs });
}

/** A1, K1: what needs no executor begins at once, unless the run is paused: then it waits as ready. */
export function beginInside(draft: Draft, index: number): void {
  const { now } = draft.world;
  const { epoch, attempts, startedAt, readyAt } = draft.task(index);
  if (draft.run.status === 'paused') {
    draft.setTask(index, { status: 'ready', readyAt: now, nextAttemptAt: undefined });
    return;
  }
  const { work, policy } = draft.graphTask(index);
  const deadlineAt = now + policy.timeoutMs;
  markRunning(draft);
  draft.setTask(index, {
    status: 'running',
    epoch: epoch + 1,
    attempts: attempts + 1,
    readyAt: readyAt ?? now,
    startedAt: startedAt ?? now,
    nextAttemptAt: undefined,
    deadlineAt,
  });
  const attempt = { task: index, epoch: epoch + 1 };
  if (work.kind === 'approval') draft.command({ type: 'ask_approval', ...attempt, deadlineAt });
  else draft.command({ type: 'start_child', ...attempt });
}

/** A run is running from the first attempt on. */
export function markRunning(draft: Draft): void {
  if (draft.run.status === 'queued') {
    draft.setRun({ status: 'running', startedAt: draft.run.startedAt ?? draft.world.now });
  }
}
