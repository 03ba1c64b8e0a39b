import type { Draft } from '../draft.ts';
import type { Refusal } from '../input.ts';
import { withdrawOffer } from '../items/item-results.ts';
import { liveEpochs } from '../items/stop-items.ts';
import { CANCEL_GRACE_MS_MAX } from '../limits.ts';
import type { CancelCause } from '../state.ts';
import { isTaskEnded } from '../status.ts';
import { closeChild, endStopped, giveUpTask } from './stop-task.ts';

type Why = {
  readonly reason: string;
  readonly cause?: CancelCause;
  readonly graceMs?: number;
};

/**
 * X1–X5: what nobody works on ends at once. What runs is told to stop and has until the cancel deadline, or, where a
 * grace is given, may first go on for that long.
 */
export function cancelRun(draft: Draft, why: Why): Refusal | undefined {
  const { cause = 'request', reason } = why;
  const graceMs = Math.min(why.graceMs ?? 0, CANCEL_GRACE_MS_MAX);
  if (draft.run.status === 'cancelling') {
    if (graceMs > 0 || draft.run.cancel?.softUntil === undefined) return 'cancelling';
    stopRunning(draft); // X5
    return undefined;
  }
  const { now } = draft.world;
  const soft = graceMs > 0 ? { softUntil: now + graceMs } : {};
  draft.setRun({ status: 'cancelling', cancel: { at: now, cause, reason, ...soft } });
  for (let index = 0; index < draft.taskCount; index += 1) endWaiting(draft, index);
  if (graceMs === 0) stopRunning(draft);
  return undefined;
}

/** X2: tells everything that runs to stop, now. */
export function stopRunning(draft: Draft): void {
  const { cancel } = draft.run;
  if (cancel?.softUntil !== undefined) {
    const { softUntil: _, ...hard } = cancel;
    draft.setRun({ cancel: { ...hard, stoppedAt: draft.world.now } });
  }
  for (let index = 0; index < draft.taskCount; index += 1) {
    const { status, voiding } = draft.task(index);
    if (status === 'running' && voiding === undefined) stopTask(draft, index);
  }
}

/** X1 */
function endWaiting(draft: Draft, index: number): void {
  const { status, epoch, items, voiding } = draft.task(index);
  if (isTaskEnded(status) || voiding !== undefined) return; // V3
  const { work } = draft.graphTask(index);
  const isOffered = work.kind === 'items' ? items?.offer !== undefined : status === 'ready';
  const isAnnounced = isOffered && (work.kind === 'items' || work.kind === 'attempts');
  if (isAnnounced) draft.endAttempt({ task: index, epoch }, 'cancelled');
  if (items !== undefined) {
    draft.setTask(index, { items: withdrawOffer(items), deadlineAt: undefined });
  }
  const isIdle = items === undefined ? status !== 'running' : items.live.length === 0;
  if (isIdle || work.kind === 'approval') endStopped(draft, index);
}

function stopTask(draft: Draft, index: number): void {
  const { work } = draft.graphTask(index);
  if (work.kind === 'workflow') {
    const reason = draft.run.cancel?.reason ?? '';
    if (!closeChild(draft, index, reason)) endStopped(draft, index);
    return;
  }
  for (const epoch of liveEpochs(draft.task(index))) {
    draft.command({ type: 'stop_attempt', task: index, epoch });
  }
}

/** X3: nobody is waited for any longer. */
export function giveUpRunning(draft: Draft, index: number): void {
  const end = draft.run.cancel?.cause === 'timeout' ? 'timed_out' : 'cancelled';
  giveUpTask(draft, index, { end });
}
