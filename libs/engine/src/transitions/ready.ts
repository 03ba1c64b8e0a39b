import type { Draft } from '../draft.ts';

/** Announces a new attempt: a higher epoch, and a deadline for being taken. */
export function makeReady(draft: Draft, index: number): void {
  const task = draft.task(index);
  const { now } = draft.world;
  const epoch = task.epoch + 1;
  draft.command({ type: 'dispatch', task: index, epoch, number: task.attempts + 1 });
  draft.setTask(index, {
    status: 'ready',
    epoch,
    readyAt: now,
    nextAttemptAt: undefined,
    deadlineAt: now + draft.graphTask(index).policy.queueTimeoutMs,
  });
}
